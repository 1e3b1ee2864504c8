//! Lists counted in blocks, on PostgreSQL.
#![cfg(test)]

#[path = "common/blocks.rs"]
mod blocks;
#[path = "common/people.rs"]
mod people;
#[path = "common/postgres.rs"]
mod postgres;

use std::sync::Arc;

use blocks::Behind;
use postgres::FreshPostgres;
use scim_store::{Lengths, PostgresOptions, SqlStore};
use tokio_postgres::NoTls;

impl Behind for FreshPostgres {
    fn open(&self) -> Arc<SqlStore> {
        Self::open(self)
    }

    fn open_in_blocks(&self, blocks: Lengths) -> Arc<SqlStore> {
        let options = PostgresOptions { blocks, ..PostgresOptions::new(scim_migrations::LATEST) };
        Arc::new(SqlStore::open_postgres(&self.url(), options).unwrap())
    }

    async fn number(&self, text: &str) -> i64 {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.query_one(text, &[]).await.unwrap().get(0)
    }
}

// V3
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_agrees_with_a_plain_model() {
    for (block, span) in [(1, 2), (1, 8), (4, 3), (16, 1)] {
        let lengths = Lengths { block, span };
        let fresh = FreshPostgres::new().await;
        blocks::whatever_happens_agrees_with_a_plain_model(&fresh, lengths).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_right_while_many_come_and_go() {
    blocks::blocks_are_right_while_many_come_and_go(&FreshPostgres::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_sealed_by_itself() {
    blocks::a_long_list_is_sealed_by_itself(&FreshPostgres::new().await).await;
}

#[tokio::test]
async fn a_page_among_empty_blocks_is_found() {
    blocks::a_page_among_empty_blocks_is_found(&FreshPostgres::new().await).await;
}

// V6
#[tokio::test]
async fn a_page_is_a_handful_of_statements() {
    blocks::a_page_is_a_handful_of_statements(&FreshPostgres::new().await).await;
}
