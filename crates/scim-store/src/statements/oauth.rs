//! The public keys of clients, and the assertions that they have used up.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

const PUBLIC_KEYS: &[&str] = &["organization_id", "api_key_id", "jwks", "updated_us"];
const ASSERTION: &[&str] = &["organization_id", "api_key_id", "digest", "until_us"];

/// organization, key → the JWK Set.
pub(crate) static PUBLIC_KEYS_OF: Kept = Kept::new("api_key_public_keys.find", |dialect| {
    dialect.text(
        Query::select()
            .column("jwks")
            .from("api_key_public_keys")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("api_key_id").eq(place())),
    )
});

/// A row of organization, key, JWK Set, moment, in place of the one that is there.
pub(crate) static SET_PUBLIC_KEYS: Kept = Kept::new("api_key_public_keys.upsert", |dialect| {
    let known = OnConflict::columns(["organization_id", "api_key_id"])
        .update_columns(["jwks", "updated_us"])
        .to_owned();
    dialect.text(insert("api_key_public_keys", PUBLIC_KEYS, 1).on_conflict(known))
});

/// organization, key: its public keys go.
pub(crate) static DELETE_PUBLIC_KEYS: Kept = Kept::new("api_key_public_keys.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("api_key_public_keys")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("api_key_id").eq(place())),
    )
});

/// A row of organization, key, digest, moment; changes nothing if it is there.
pub(crate) static USE_ASSERTION: Kept = Kept::new("used_assertions.insert_if_absent", |dialect| {
    let known =
        OnConflict::columns(["organization_id", "api_key_id", "digest"]).do_nothing().to_owned();
    dialect.text(insert("used_assertions", ASSERTION, 1).on_conflict(known))
});

/// organization, key, moment: what mattered until before it goes.
pub(crate) static FORGET_ASSERTIONS: Kept = Kept::new("used_assertions.forget", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("used_assertions")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("api_key_id").eq(place()))
            .and_where(Expr::col("until_us").lt(place())),
    )
});

pub(super) const ALL: &[&Kept] =
    &[&PUBLIC_KEYS_OF, &SET_PUBLIC_KEYS, &DELETE_PUBLIC_KEYS, &USE_ASSERTION, &FORGET_ASSERTIONS];
