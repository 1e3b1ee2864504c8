//! Migrated databases of a PostgreSQL server that is there for tests: `cargo xtask test` starts one
//! and names it in `SCIMD_TEST_POSTGRES`.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use scim_store::{PostgresOptions, SqlStore};
use tokio_postgres::{Client, NoTls};

/// Any number that nobody else uses for an advisory lock on that server.
const LOCK: i64 = 5_318_008;

/// A database that lives as long as this.
pub struct FreshPostgres {
    server: String,
    name: String,
}

fn server() -> String {
    std::env::var("SCIMD_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "this test needs PostgreSQL. `cargo xtask test` starts a server for all tests; for one, \
             keep `cargo xtask postgres` running and set SCIMD_TEST_POSTGRES to the address that it \
             prints"
        )
    })
}

/// The address of another database of the server.
fn beside(server: &str, name: &str) -> String {
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The migrated database that all others are copied from, made by whichever test comes first.
async fn template(admin: &Client, server: &str) -> String {
    let name = format!("template_{}", scim_migrations::LATEST);
    let find = "SELECT 1 FROM pg_database WHERE datname = $1";
    if admin.query_opt(find, &[&name]).await.unwrap().is_some() {
        return name;
    }
    admin.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
    if admin.query_opt(find, &[&name]).await.unwrap().is_none() {
        let half = format!("{name}_half");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)")).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {half}")).await.unwrap();
        scim_migrations::up(&beside(server, &half)).await.unwrap();
        admin.batch_execute(&format!("ALTER DATABASE {half} RENAME TO {name}")).await.unwrap();
    }
    admin.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.unwrap();
    name
}

impl FreshPostgres {
    /// Copies the template.
    pub async fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        let server = server();
        let admin = connect(&server).await;
        let template = template(&admin, &server).await;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        admin.batch_execute(&copy).await.unwrap();
        Self { server, name }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        beside(&self.server, &self.name)
    }

    /// Opens it, as another process would.
    pub fn open(&self) -> Arc<SqlStore> {
        let options = PostgresOptions::new(scim_migrations::LATEST);
        Arc::new(SqlStore::open_postgres(&self.url(), options).unwrap())
    }
}

impl Drop for FreshPostgres {
    fn drop(&mut self) {
        let (server, drop) =
            (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // The server is thrown away in the end, whatever is left on it.
            let _ = runtime
                .unwrap()
                .block_on(async { connect(&server).await.batch_execute(&drop).await });
        };
        let _ = std::thread::spawn(work).join();
    }
}
