//! A database that ends a view of which nothing is asked for long: PostgreSQL, in every run, since the
//! other stores have nothing like it.

use std::{cell::RefCell, collections::BTreeSet};

use scim_domain::organization::Plan;
use tokio_postgres::NoTls;

use super::*;
use crate::{
    common::{store::impatient, until},
    logs::listen,
};

/// So long a transaction may be idle.
const IDLE: Duration = Duration::from_secs(1);

#[actix_web::test]
async fn a_view_that_the_database_ends_breaks_the_answer_off_and_the_log_tells_who_was_waited_for()
{
    let (store, database) = impatient(IDLE).await;
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let kept: Box<dyn std::any::Any> = Box::new(database);
    let mut world = World::over((store, Some(kept)), Plan::Enterprise, MINUTE).await;
    let members = users(&world, MANY).await;
    let path = format!("/Groups/{}", large(&world, "Large", &members).await);
    world.hold_members(500, MINUTE);
    // A transaction of any request is idle for a moment between two statements: what tells the view that
    // waited for its client is that its session ended.
    let sessions = async |of: &str| {
        let sql =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE $1";
        let rows = client.query(sql, &[&of]).await.unwrap();
        rows.iter().map(|it| it.get::<_, i32>(0)).collect::<BTreeSet<_>>()
    };
    let seen = RefCell::new(BTreeSet::new());
    let (log, _guard) = listen();
    let mut slow = open(&world, &path).await;
    until("the end of the view", async || {
        let waits = sessions("idle in transaction%").await;
        seen.borrow_mut().extend(waits);
        let live = sessions("%").await;
        !seen.borrow().is_subset(&live)
    })
    .await;
    let (some, complete) = slow.rest().await;
    assert!(!complete && !some.is_empty());
    let told = |what: &str| {
        let lines = log.lines();
        let line = lines.iter().find(|it| it["fields"]["message"] == what).cloned();
        line.unwrap_or_else(|| panic!("{what}: {lines:?}"))
    };
    let line = told("the answer was broken off: the rest of it could not be read");
    assert_eq!(line["level"], "WARN");
    assert!(u128::from(line["fields"]["client_ms"].as_u64().unwrap()) >= IDLE.as_millis() / 2);
    assert_eq!(told("the store did not serve the request")["level"], "WARN");
    assert!(open(&world, &path).await.rest().await.1, "the next one has a place, and a view");
    connection.abort();
}
