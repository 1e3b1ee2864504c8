//! Empty, migrated databases in directories of their own.

use std::{path::PathBuf, sync::Arc};

use scim_store::{SqlStore, SqliteOptions};
use tempfile::TempDir;

/// A database that lives as long as this.
pub struct Fresh {
    _directory: TempDir,
    pub path: PathBuf,
}

impl Fresh {
    /// Migrates a new file.
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("scimd.db");
        scim_migrations::up(&format!("sqlite://{}", path.display())).await.unwrap();
        Self { _directory: directory, path }
    }

    /// Opens the file, as another process would.
    pub fn open(&self) -> Arc<SqlStore> {
        let options = SqliteOptions::new(scim_migrations::LATEST);
        Arc::new(SqlStore::open_sqlite(&self.path, options).unwrap())
    }
}
