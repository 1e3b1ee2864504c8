use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    postgres::Pool,
    sqlite::{Readers, Writer},
};

/// What runs the statements.
#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite { readers: Arc<Readers>, writer: Arc<Writer> },
    Postgres { pool: Arc<Pool>, committed: Arc<Notify> },
}
