//! Databases of a PostgreSQL server, looked at from beside the running service.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row};

/// A connection that says one thing at a time.
pub struct Sql {
    runtime: Runtime,
    client: Client,
}

impl Sql {
    pub fn connect(url: &str) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        Self { runtime, client }
    }

    /// Statements without values.
    pub fn run(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).unwrap();
    }

    pub fn rows(&self, query: &str, values: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
        self.runtime.block_on(self.client.query(query, values)).unwrap()
    }

    /// The rows of a query with one column of text.
    pub fn texts(&self, query: &str) -> Vec<String> {
        self.rows(query, &[]).iter().map(|row| row.get(0)).collect()
    }

    pub fn count(&self, query: &str) -> i64 {
        self.rows(query, &[])[0].get(0)
    }
}

/// An empty database that lives as long as this.
pub struct Fresh {
    server: String,
    name: String,
}

impl Fresh {
    /// On the server that is there for all tests.
    pub fn new() -> Self {
        let server = std::env::var("SCIMD_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "this test needs PostgreSQL. `cargo xtask test` starts a server for all tests; for \
                 one, set SCIMD_TEST_POSTGRES to the address of a database that may do anything on \
                 a server that is thrown away afterwards"
            )
        });
        Self::on(&server, "")
    }

    /// On this server, and perhaps as a copy of another database of it.
    pub fn on(server: &str, options: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("scimd_{}_{number}", std::process::id());
        let admin = Sql::connect(server);
        admin.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        admin.run(&format!("CREATE DATABASE {name} {options}"));
        Self { server: server.to_owned(), name }
    }

    /// The same database once more, under another name.
    pub fn copy(&self) -> Self {
        Self::on(&self.server, &format!("TEMPLATE {}", self.name))
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }

    pub fn open(&self) -> Sql {
        Sql::connect(&self.url())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // The server is thrown away in the end, whatever is left on it, and may be gone already.
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            Sql::connect(&server).run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        });
        let _ = dropped.join();
    }
}
