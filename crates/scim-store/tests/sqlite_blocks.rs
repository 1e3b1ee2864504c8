//! Lists counted in blocks, on SQLite.
#![cfg(test)]

#[path = "common/blocks.rs"]
mod blocks;
#[path = "common/fresh.rs"]
mod fresh;
#[path = "common/people.rs"]
mod people;

use std::sync::Arc;

use blocks::Behind;
use fresh::Fresh;
use rusqlite::Connection;
use scim_store::{Lengths, SqlStore, SqliteOptions};

impl Behind for Fresh {
    fn open(&self) -> Arc<SqlStore> {
        Self::open(self)
    }

    fn open_in_blocks(&self, blocks: Lengths) -> Arc<SqlStore> {
        let options = SqliteOptions { blocks, ..SqliteOptions::new(scim_migrations::LATEST) };
        Arc::new(SqlStore::open_sqlite(&self.path, options).unwrap())
    }

    async fn number(&self, text: &str) -> i64 {
        Connection::open(&self.path).unwrap().query_row(text, [], |it| it.get(0)).unwrap()
    }
}

// V3
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_agrees_with_a_plain_model() {
    for (block, span) in [(1, 2), (1, 8), (4, 3), (16, 1)] {
        let lengths = Lengths { block, span };
        blocks::whatever_happens_agrees_with_a_plain_model(&Fresh::new().await, lengths).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_right_while_many_come_and_go() {
    blocks::blocks_are_right_while_many_come_and_go(&Fresh::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_sealed_by_itself() {
    blocks::a_long_list_is_sealed_by_itself(&Fresh::new().await).await;
}

#[tokio::test]
async fn a_page_among_empty_blocks_is_found() {
    blocks::a_page_among_empty_blocks_is_found(&Fresh::new().await).await;
}

// V6
#[tokio::test]
async fn a_page_is_a_handful_of_statements() {
    blocks::a_page_is_a_handful_of_statements(&Fresh::new().await).await;
}
