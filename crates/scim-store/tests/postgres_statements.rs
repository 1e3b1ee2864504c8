//! The statements of a request on PostgreSQL, where each is a way there and back.
#![cfg(test)]

#[path = "common/postgres.rs"]
mod postgres;

use std::sync::Arc;

use postgres::FreshPostgres;
use scim_app::{
    Actor,
    administration::Administration,
    authentication::Authentication,
    ports::{Ahead, Part, Search, Snapshot, Store, Window},
    provisioning::{ExistingUser, ListQuery, Origin, Provisioning, Session, Shown},
    testing::{CountingIds, FastSecrets, StoppedClock, contract::Stage},
    token::Token,
};
use scim_domain::{
    FoldedText, OrganizationId,
    api_key::{NewApiKey, Permission},
    organization::Plan,
    resource::filter::Filter,
    schema::Catalog,
};
use scim_migrations::LATEST;
use scim_store::{KeptStatement, PostgresOptions, SqlStore};

const NAME: &str = "anna@acme.example";

async fn find_by_name(snapshot: &mut dyn Snapshot, organization: OrganizationId) {
    let catalog = Catalog::standard();
    let filter = Filter::parse(&format!("userName eq \"{NAME}\""), &catalog.user, &[]).unwrap();
    let part = Part::Window(Window { offset: 0, limit: 100 });
    let search = Search { catalog: &catalog, filter: Some(&filter), sort: None, part };
    let found = snapshot.users().search(organization, search).await.unwrap().items;
    let groups = snapshot.users().groups_of(organization, &[found[0].id]).await.unwrap();
    assert_eq!(groups.len(), 1);
}

// V6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_a_user_and_its_groups_are_one_statement() {
    let fresh = FreshPostgres::new().await;
    let store = fresh.open();
    let stage = Stage::new(Arc::clone(&store) as Arc<dyn Store>);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, NAME).await.id;
    let group = stage.group(acme, "Admins").await.id;
    stage.join(acme, group, &[anna]).await;
    let key = stage.key(acme, "Okta").await.id;
    for ahead in [Ahead::User(anna), Ahead::UserNamed(FoldedText::of(NAME))] {
        let before = store.statements();
        let mut snapshot = stage.read().await;
        snapshot.ahead(&ahead);
        snapshot.api_keys().authenticate(key).await.unwrap().unwrap();
        match ahead {
            Ahead::User(id) => {
                snapshot.users().find(acme, id).await.unwrap().unwrap();
                assert_eq!(snapshot.users().groups_of(acme, &[id]).await.unwrap().len(), 1);
            }
            Ahead::UserNamed(_) | Ahead::Group(_) | Ahead::Nothing => {
                find_by_name(&mut *snapshot, acme).await;
            }
        }
        assert_eq!(store.statements() - before, 1, "{ahead:?}");
    }
}

/// What a request that asks for a user begins with.
async fn open(scim: &Provisioning, token: &Token, ahead: &Ahead) -> Session {
    let origin = Origin { request_id: "request".to_owned(), address: None };
    scim.open_ahead(Some(token), origin, None, || ahead.clone()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_changes_while_it_is_read_is_read_anew() {
    let fresh = FreshPostgres::new().await;
    let stage = Stage::new(fresh.open() as Arc<dyn Store>);
    let (store, clock) = (Arc::clone(&stage.store), Arc::new(StoppedClock::new()));
    let (ids, secrets) = (Arc::new(CountingIds::series(7)), Arc::new(FastSecrets::new()));
    let administration = Administration::new(
        Arc::clone(&store),
        clock.clone(),
        ids.clone(),
        secrets.clone(),
        Actor::Cli("test".to_owned()),
    );
    let acme = administration.create_organization("Acme", Plan::Growth).await.unwrap().id;
    administration.set_nested_groups(acme, true).await.unwrap();
    let permissions = [Permission::Scim].into();
    let key = NewApiKey { name: "Okta".to_owned(), permissions, ..NewApiKey::default() };
    let token = administration.create_api_key(acme, key).await.unwrap().token;
    let authentication = Authentication::new(secrets, clock.clone()).unwrap();
    // With one connection: whoever reads anew has let go of the first view before.
    let options = PostgresOptions { connections: 1, ..PostgresOptions::new(LATEST) };
    let store = Arc::new(SqlStore::open_postgres(&fresh.url(), options).unwrap());
    let scim = Provisioning::new(store, clock, ids, authentication, ExistingUser::Adopt);
    let anna = stage.user(acme, NAME).await.id;
    let (one, group) = (stage.group(acme, "One").await.id, stage.group(acme, "Admins").await.id);
    stage.join(acme, one, &[anna]).await;
    drop(open(&scim, &token, &Ahead::Nothing).await);

    let filter = Some(format!("userName eq \"{NAME}\""));
    let query = ListQuery { filter, ..ListQuery::default() };
    for (ahead, groups) in [(Ahead::User(anna), 2), (Ahead::UserNamed(FoldedText::of(NAME)), 1)] {
        let session = open(&scim, &token, &ahead).await;
        if groups == 2 {
            stage.join(acme, group, &[anna]).await;
        } else {
            stage.leave(acme, group, &[anna]).await;
        }
        // What is above the groups is asked when these have changed already.
        let found = match ahead {
            Ahead::User(id) => scim.get_user(session, &id.to_string(), Shown(true)).await.unwrap(),
            Ahead::UserNamed(_) | Ahead::Group(_) | Ahead::Nothing => {
                let page = scim.search_users(session, &query, Shown(true)).await.unwrap();
                page.items.into_iter().next().unwrap()
            }
        };
        assert_eq!(found.groups.unwrap().len(), groups);
    }
}

/// A store with one connection, and an organization.
async fn with_one_connection(fresh: &FreshPostgres) -> (Stage, OrganizationId) {
    let options = PostgresOptions { connections: 1, ..PostgresOptions::new(LATEST) };
    let store = Arc::new(SqlStore::open_postgres(&fresh.url(), options).unwrap());
    let stage = Stage::new(store as Arc<dyn Store>);
    let acme = stage.organization("Acme").await;
    (stage, acme)
}

#[tokio::test]
async fn a_unit_that_failed_is_not_committed_and_its_connection_serves_the_next() {
    let fresh = FreshPostgres::new().await;
    let (stage, acme) = with_one_connection(&fresh).await;
    let anna = stage.user(acme, "anna").await.id;
    let (first, twin) = (stage.new_user("first"), stage.new_user("ANNA"));
    let mut unit = stage.begin().await;
    unit.users().insert(acme, &Catalog::standard(), &first).await.unwrap();
    assert!(unit.users().insert(acme, &Catalog::standard(), &twin).await.is_err());
    assert!(unit.commit().await.is_err());
    let key = stage.key(acme, "Okta").await.id;
    let mut snapshot = stage.read().await;
    snapshot.ahead(&Ahead::User(anna));
    snapshot.api_keys().authenticate(key).await.unwrap().unwrap();
    snapshot.users().find(acme, anna).await.unwrap().unwrap();
    drop(snapshot);
    assert_eq!(stage.find_user(acme, first.id).await, None);
}

#[tokio::test]
async fn a_unit_that_was_left_in_a_statement_is_not_carried_on() {
    let fresh = FreshPostgres::new().await;
    let (stage, acme) = with_one_connection(&fresh).await;
    let mut unit = stage.begin().await;
    {
        // Left before its first statement is prepared, so that nothing was begun.
        let mut asked = std::pin::pin!(unit.organizations().find_for_update(acme));
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        assert!(asked.as_mut().poll(&mut context).is_pending());
    }
    let anna = stage.new_user("anna");
    assert!(unit.users().insert(acme, &Catalog::standard(), &anna).await.is_err());
    assert!(unit.commit().await.is_err());
    assert_eq!(stage.find_user(acme, anna.id).await, None);
}

/// A connection beside the store's.
async fn beside(fresh: &FreshPostgres) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(&fresh.url(), tokio_postgres::NoTls).await;
    let (client, connection) = connected.unwrap();
    tokio::spawn(connection);
    client
}

/// How PostgreSQL would carry a statement out.
async fn plan(client: &tokio_postgres::Client, text: &str) -> String {
    let rows = client.query(&format!("EXPLAIN {text}"), &[]).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|it| it.get(0)).collect();
    lines.join("\n")
}

/// Fills the queues and the log behind them, as an import does, without the statistics that
/// PostgreSQL gathers later; then takes most of it away again.
const BACKLOG: &str = "
    INSERT INTO audit_entries SELECT o.id, gen_random_uuid(), 0, 'a', 'b', 'user', o.id, NULL, '{}'
        FROM organizations o, generate_series(1, 20000);
    INSERT INTO audit_pending (organization_id, entry_id)
        SELECT organization_id, id FROM audit_entries;
    INSERT INTO events_pending (organization_id, event_id)
        SELECT organization_id, id FROM audit_entries;";

// V2, on PostgreSQL.
#[tokio::test]
async fn what_waits_is_taken_from_its_queue_without_reading_all_of_it() {
    let fresh = FreshPostgres::new().await;
    with_one_connection(&fresh).await;
    let client = beside(&fresh).await;
    client.batch_execute(BACKLOG).await.unwrap();
    let texts = SqlStore::kept_statements();
    let text = |name| texts.iter().find(|it| it.name == name).unwrap().postgres;
    for left in [20_000, 100] {
        for queue in ["audit_pending", "events_pending"] {
            let thin_out = format!(
                "DELETE FROM {queue} WHERE position NOT IN
                 (SELECT position FROM {queue} ORDER BY position DESC LIMIT {left})"
            );
            client.batch_execute(&thin_out).await.unwrap();
        }
        for name in ["audit_pending.unsealed", "events_pending.unnumbered"] {
            let prepare = format!("DEALLOCATE ALL; PREPARE it AS {}", text(name));
            client.batch_execute(&prepare).await.unwrap();
            let plan = plan(&client, "EXECUTE it(500)").await;
            assert!(!plan.contains("Seq Scan") && !plan.contains("Sort"), "{left}: {name}\n{plan}");
        }
    }
}

const EMPTY: &str = "DELETE FROM audit_pending; DELETE FROM events_pending";
const LOOK: &str = "ANALYZE audit_pending; ANALYZE events_pending";

// V2, on PostgreSQL.
#[tokio::test]
async fn what_was_taken_goes_out_of_its_queue_without_reading_all_of_it() {
    let fresh = FreshPostgres::new().await;
    with_one_connection(&fresh).await;
    let client = beside(&fresh).await;
    let organization = "(SELECT id FROM organizations LIMIT 1)";
    // As PostgreSQL knows a queue that was empty when it looked, as in an import, and a long one.
    for steps in [[EMPTY, LOOK, BACKLOG], [EMPTY, BACKLOG, LOOK]] {
        for step in steps {
            client.batch_execute(step).await.unwrap();
        }
        for name in ["audit_pending.delete", "events_pending.delete"] {
            // The text for lists of one hundred.
            let of_hundred = |it: &&KeptStatement| it.name == name && it.postgres.contains("$103");
            let texts = SqlStore::kept_statements();
            let mut text = texts.iter().find(of_hundred).unwrap().postgres.replace("$103", "100");
            for place in (3..103).rev() {
                text = text.replace(&format!("${place}"), "gen_random_uuid()");
            }
            let text = text.replace("$1", organization).replace("$2", organization);
            let plan = plan(&client, &text).await;
            assert!(plan.contains("\"position\" = ANY ($"), "{name}\n{plan}");
            for dear in ["Join", "Nested", "Sort", "Seq Scan on audit", "Seq Scan on events"] {
                assert!(!plan.contains(dear), "{name}\n{plan}");
            }
        }
    }
}

/// A big organization whose users and groups are counted in blocks, as far as PostgreSQL cares.
const BIG: &str = "
    INSERT INTO users SELECT o.id, lpad(to_hex(n), 32, '0')::uuid, 'user' || n, NULL, NULL, true, 'scim',
        false, 0, 0, 1, '{}' FROM organizations o, generate_series(1, 60000) n;
    INSERT INTO groups SELECT o.id, lpad(to_hex(n), 32, '0')::uuid, 'Group ' || n, 'group ' || n, NULL,
        true, 0, 0, 1, '{}' FROM organizations o, generate_series(1, 5000) n;
    INSERT INTO resource_blocks SELECT o.id, 'users', 0, lpad(to_hex(n * 125), 32, '0')::uuid, 125
        FROM organizations o, generate_series(1, 478) n;
    INSERT INTO resource_blocks SELECT o.id, 'users', 1, lpad(to_hex(n * 16000), 32, '0')::uuid, 16000
        FROM organizations o, generate_series(1, 3) n;
    INSERT INTO audit_entries SELECT o.id, gen_random_uuid(), 0, 'a', 'b', 'user', o.id, NULL, '{}'
        FROM organizations o, generate_series(1, 20000);
    INSERT INTO audit_seals SELECT o.id, row_number() OVER (), e.id, sha256(''), o.id, 'a'
        FROM organizations o, audit_entries e;
    ANALYZE";

// V3, on PostgreSQL: as long as a statement seems dearer for any values than for these, it is planned
// for these each time.
#[tokio::test]
async fn what_is_asked_for_all_the_time_is_planned_once() {
    let fresh = FreshPostgres::new().await;
    with_one_connection(&fresh).await;
    let client = beside(&fresh).await;
    client.batch_execute(BIG).await.unwrap();
    let organization = "(SELECT id FROM organizations LIMIT 1)";
    let id: String =
        client.query_one(&format!("SELECT {organization}::text"), &[]).await.unwrap().get(0);
    let nobody = uuid::Uuid::nil();
    let asked = [
        ("resource_blocks.standing_users", format!("'{id}', '{nobody}', 4000")),
        ("resource_blocks.standing_groups", format!("'{id}', '{nobody}', 4000")),
        ("resource_blocks.way", format!("'{id}', 'users', 30000, '{nobody}', 125, 8")),
        ("users.near_page", format!("'{id}', '{nobody}', 100, 60")),
        ("groups.near_page", format!("'{id}', '{nobody}', 100, 60")),
        ("audit_seals.last", format!("'{id}'")),
    ];
    let texts = SqlStore::kept_statements();
    for (name, values) in asked {
        let text = texts.iter().find(|it| it.name == name).unwrap().postgres;
        client.batch_execute(&format!("DEALLOCATE ALL; PREPARE it AS {text}")).await.unwrap();
        for _ in 0..8 {
            client.batch_execute(&format!("EXECUTE it({values})")).await.unwrap();
        }
        let plans = "SELECT generic_plans, custom_plans FROM pg_prepared_statements \
                     WHERE name = 'it'";
        let plans = client.query_one(plans, &[]).await.unwrap();
        assert_eq!((plans.get::<_, i64>(0), plans.get::<_, i64>(1)), (3, 5), "{name}");
        let plan = plan(&client, &format!("EXECUTE it({values})")).await;
        // The index of blocks is small enough here to be read whole.
        for dear in ["users", "groups", "audit_seals"].map(|it| format!("Seq Scan on {it}")) {
            assert!(!plan.contains(&dear), "{name}\n{plan}");
        }
    }
}
