use scim_domain::{
    resource::filter::Filter,
    schema::{Catalog, ResourceKind},
};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{Narrowed, compare::after_prefix, narrow};
use crate::{dialect::Dialect, search::order::Order};

#[test]
fn a_prefix_ends_where_its_last_character_is_counted_up() {
    assert_eq!(after_prefix("ann").as_deref(), Some("ano"));
    assert_eq!(after_prefix("a\u{D7FF}").as_deref(), Some("a\u{E000}"));
    assert_eq!(after_prefix("a\u{10FFFF}").as_deref(), Some("b"));
    assert_eq!(after_prefix("\u{10FFFF}"), None);
    assert_eq!(after_prefix(""), None);
}

/// How SQLite finds what satisfies a narrowed filter.
async fn plan(kind: ResourceKind, filter: &str) -> (Narrowed, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scimd.db");
    scim_migrations::up(&format!("sqlite://{}", path.display())).await.unwrap();
    let catalog = Catalog::standard();
    let filter = Filter::parse(filter, catalog.of(kind), &[]).unwrap();
    let narrowed = narrow(Dialect::Sqlite, catalog.of(kind), Uuid::nil(), Some(&filter), false);
    let table = match kind {
        ResourceKind::User => "users",
        ResourceKind::Group => "groups",
    };
    let mut select = Query::select()
        .column("document")
        .from(table)
        .and_where(Expr::col("organization_id").eq(Uuid::nil()))
        .and_where_option(narrowed.condition.clone())
        .take();
    Order::Id { descending: false }.apply(&mut select, false);
    let (text, values) = Dialect::Sqlite.build(&select);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    for place in 1..=values.len() {
        explain.raw_bind_parameter(place, rusqlite::types::Null).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    (narrowed, steps.join("; "))
}

#[tokio::test]
async fn filters_that_have_an_index_use_it() {
    let id = Uuid::nil();
    let user = ResourceKind::User;
    let cases = [
        (user, "externalId eq \"x\"".to_owned(), "users_external_id"),
        (user, "userName sw \"x\"".to_owned(), "users_user_name_key"),
        (user, "userName eq \"x\" and active eq true".to_owned(), "users_user_name_key"),
        (user, "emails.value eq \"x\"".to_owned(), "user_terms_term"),
        (user, "emails[value eq \"x\"]".to_owned(), "user_terms_term"),
        (user, "emails eq \"x\" or externalId eq \"x\"".to_owned(), "user_terms_term"),
        (user, format!("groups.value eq \"{id}\""), "group_members USING PRIMARY KEY"),
        (ResourceKind::Group, format!("members eq \"{id}\""), "group_members_user"),
        (ResourceKind::Group, "externalId eq \"x\"".to_owned(), "groups_external_id"),
    ];
    for (kind, filter, index) in cases {
        let (narrowed, plan) = plan(kind, &filter).await;
        assert!(narrowed.exact && narrowed.indexed, "{filter}");
        assert!(plan.contains(index), "{filter}: {plan}");
        assert!(!plan.contains("SCAN"), "{filter}: {plan}");
    }
}

#[tokio::test]
async fn the_indexed_part_of_a_filter_narrows_what_the_domain_looks_at() {
    let filters =
        ["emails[type eq \"work\" and value eq \"x\"]", "title co \"x\" and externalId eq \"x\""];
    for filter in filters {
        let (narrowed, plan) = plan(ResourceKind::User, filter).await;
        assert!(!narrowed.exact && narrowed.indexed, "{filter}");
        assert!(!plan.contains("SCAN"), "{filter}: {plan}");
    }
}

#[test]
fn what_is_not_exact_is_neither_turned_around_nor_an_alternative() {
    let resource_type = &Catalog::standard().user;
    for text in ["not (title co \"x\")", "userName eq \"x\" or title pr", "not (emails[type pr])"] {
        let filter = Filter::parse(text, resource_type, &[]).unwrap();
        let narrowed = narrow(Dialect::Sqlite, resource_type, Uuid::nil(), Some(&filter), false);
        assert!(!narrowed.exact && narrowed.condition.is_none(), "{text}");
    }
}

#[tokio::test]
async fn the_type_of_a_resource_is_known_without_looking_at_one() {
    for filter in [r#"meta.resourceType eq "User""#, r#"meta.resourceType ne "Group""#] {
        for kind in [ResourceKind::User, ResourceKind::Group] {
            assert!(plan(kind, filter).await.0.exact, "{filter}");
        }
    }
}
