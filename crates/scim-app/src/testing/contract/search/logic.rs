//! `and`, `or`, `not` and parentheses, over attributes with and without an index.

use std::sync::Arc;

use serde_json::json;

use super::people::People;
use crate::{ports::Store, testing::contract::builders::changed_user};

pub async fn and_or_and_not_combine(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 11] = [
        ("userName eq \"anna\" and active eq true", &["anna"]),
        ("userName eq \"anna\" and active eq false", &[]),
        ("userName eq \"bert\" or userName eq \"dora\"", &["bert", "dora"]),
        // `and` binds closer than `or`.
        ("userName eq \"anna\" or userName eq \"bert\" and active eq true", &["anna"]),
        ("(userName eq \"anna\" or userName eq \"bert\") and active eq true", &["anna"]),
        ("not (userName sw \"a\") and active eq true", &["carl", "dora"]),
        ("not (userName sw \"a\" or title pr)", &["carl"]),
        ("not (not (userName eq \"carl\"))", &["carl"]),
        // An index answers one side and none the other.
        ("userName sw \"a\" or title eq \"cto\"", &["anna", "bert"]),
        ("emails.value co \"acme\" and title eq \"ceo\"", &["anna", "dora"]),
        ("not (emails.value pr and title pr)", &["carl"]),
    ];
    people.expect(&cases).await;
}

pub async fn many_terms_are_no_trouble(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let mut terms: Vec<_> = (0..60).map(|it| format!("userName eq \"nobody-{it}\"")).collect();
    terms.push("emails.value eq \"dora@acme.example\"".to_owned());
    people.expect(&[(&terms.join(" or "), &["dora"])]).await;
    let deep = format!("{}userName eq \"dora\"{}", "(".repeat(10), ")".repeat(10));
    people.expect(&[(&deep, &["dora"])]).await;
}

pub async fn a_search_follows_updates_and_deletes(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (anna, bert) = (&people.users[0], &people.users[1]);
    let body = json!({ "userName": "anna", "emails": [{ "value": "new@acme.example" }] });
    let after = changed_user(anna, &body, people.stage.now());
    people.stage.update_user(people.acme, &after, 1).await.unwrap();
    people.stage.delete_user(people.acme, bert.id, 1).await.unwrap();
    let cases: [(&str, &[&str]); 7] = [
        ("emails.value eq \"zoe@home.example\"", &[]),
        ("emails.value eq \"new@acme.example\"", &["anna"]),
        ("emails.value co \"acme\"", &["anna", "dora"]),
        ("emails.value sw \"bert\"", &[]),
        ("externalId pr", &[]),
        ("active eq false", &[]),
        ("userName pr", &["anna", "carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn a_unit_searches_what_it_wrote(store: Arc<dyn Store>) {
    use crate::ports::{Part, Search, Window};
    use scim_domain::{resource::filter::Filter, schema::Catalog};

    let people = People::on(store).await;
    let filter = Filter::parse("emails.value eq \"x@y\"", &Catalog::standard().user, &[]).unwrap();
    let window = Window { offset: 0, limit: 10 };
    let search = Search {
        catalog: &Catalog::standard(),
        filter: Some(&filter),
        sort: None,
        part: Part::Window(window),
    };
    let body = json!({ "userName": "new", "emails": [{ "value": "X@Y" }] });
    let new = people.stage.new_user_of(&body);
    let mut unit = people.stage.begin().await;
    assert_eq!(unit.read().users().search(people.acme, search).await.unwrap().total, 0);
    unit.users().insert(people.acme, &Catalog::standard(), &new).await.unwrap();
    assert_eq!(unit.read().users().search(people.acme, search).await.unwrap().total, 1);
    drop(unit);
    people.expect(&[("emails.value eq \"x@y\"", &[])]).await;
}
