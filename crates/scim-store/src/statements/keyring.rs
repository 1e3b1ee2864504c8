//! The secrets of the service itself.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

/// name → secret.
pub(crate) static FIND: Kept = Kept::new("keyring.find", |dialect| {
    dialect.text(
        Query::select().column("secret").from("keyring").and_where(Expr::col("name").eq(place())),
    )
});

/// name, secret, moment; changes nothing if the name has a secret.
pub(crate) static INSERT_IF_ABSENT: Kept = Kept::new("keyring.insert_if_absent", |dialect| {
    let known = OnConflict::column("name").do_nothing().to_owned();
    dialect.text(insert("keyring", &["name", "secret", "created_us"], 1).on_conflict(known))
});

pub(super) const ALL: &[&Kept] = &[&FIND, &INSERT_IF_ABSENT];
