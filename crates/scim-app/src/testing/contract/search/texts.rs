//! Texts that trip up stores: characters that mean something to SQL, and more than ASCII.

use std::sync::Arc;

use scim_domain::{FoldedText, user::User};
use serde_json::json;

use super::people::{ALL, users};
use crate::{
    ports::{Store, StoreError, UniqueKey},
    testing::contract::stage::Stage,
};

const FIELDS: [&str; 4] = ["userName", "externalId", "nickName", "emails.value"];

/// A user who has the text in every kind of attribute: unique, exact, without and with an index.
fn named(stage: &Stage, text: &str) -> User {
    stage.new_user_of(&json!({
        "userName": text,
        "externalId": text,
        "nickName": text,
        "emails": [{ "value": text }],
    }))
}

pub async fn no_character_means_anything_but_itself(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let special = ["a%b", "a_b", "a'b", "a\\b", "a\"b", "a*b", "a?b", "a[b", "a;b", "a--b", "a🚀b"];
    let decoys = ["ab", "axb", "axxb", "a''b", "a\\\\b"];
    for text in special.iter().chain(&decoys) {
        stage.insert_users(acme, &[named(&stage, text)]).await;
    }
    for text in special {
        let middle = text.strip_prefix('a').unwrap().strip_suffix('b').unwrap();
        let parts = [
            ("eq", text.to_owned()),
            ("co", format!("a{middle}b")),
            ("sw", format!("a{middle}b")),
            ("ew", format!("a{middle}b")),
        ];
        for (field, (operator, part)) in
            FIELDS.iter().flat_map(|it| parts.iter().map(move |part| (it, part)))
        {
            let filter = format!("{field} {operator} {}", json!(part));
            let page = users(&stage, acme, Some(&filter), None, ALL).await;
            assert_eq!(page.total, 1, "{filter}");
            let user =
                User::from_stored(&scim_domain::schema::Catalog::standard().user, &page.items[0]);
            assert_eq!(user.unwrap().user_name(), text, "{filter}");
        }
        for field in FIELDS {
            let filter = format!("{field} sw {}", json!(middle));
            let page = users(&stage, acme, Some(&filter), None, ALL).await;
            assert_eq!(page.total, 0, "{filter}");
        }
    }
}

pub async fn an_empty_part_is_in_every_text(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.insert_users(acme, &[named(&stage, "anna"), stage.new_user("bert")]).await;
    for operator in ["co", "sw", "ew"] {
        for (field, total) in [("userName", 2), ("nickName", 1), ("emails.value", 1)] {
            let filter = format!("{field} {operator} \"\"");
            let page = users(&stage, acme, Some(&filter), None, ALL).await;
            assert_eq!(page.total, total, "{filter}");
        }
    }
}

/// Two texts, and whether they are one name.
const TWINS: [(&str, &str, bool); 14] = [
    ("\u{212a}elvin", "kelvin", true),
    ("\u{212b}ngstrom", "\u{e5}ngstrom", true),
    ("ｆｕｌｌ", "FULL", true),
    ("jos\u{e9}", "JOSE\u{301}", true),
    ("straße", "STRASSE", true),
    ("ﬁne", "fine", true),
    ("ΣΊΣΥΦΟΣ", "σίσυφος", true),
    ("①", "1", true),
    (" blank ", "blank", true),
    ("dınç", "dinç", false),
    ("İzmir", "izmir", false),
    ("jose", "josé", false),
    ("а-cyrillic", "a-cyrillic", false),
    ("o'neil", "o’neil", false),
];

// N3
pub async fn one_rule_decides_what_is_one_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    for (number, (one, other, same)) in TWINS.into_iter().enumerate() {
        let tenant = stage.organization(&format!("Organization {number}")).await;
        stage.insert_users(tenant, &[named(&stage, one)]).await;
        let found =
            stage.read().await.users().find_by_name(tenant, &FoldedText::of(other)).await.unwrap();
        assert_eq!(found.is_some(), same, "{one} {other}");
        for field in ["userName", "nickName", "emails.value"] {
            for operator in ["eq", "co", "sw", "ew", "ge", "le"] {
                let filter = format!("{field} {operator} {}", json!(other));
                let page = users(&stage, tenant, Some(&filter), None, ALL).await;
                // Of two different texts one is less.
                if same || !["ge", "le"].contains(&operator) {
                    assert_eq!(page.total, u64::from(same), "{one}: {filter}");
                }
            }
        }
        let outcome = stage.try_insert_user(tenant, &stage.new_user(other)).await;
        if same {
            let taken = matches!(outcome, Err(StoreError::Taken(UniqueKey::UserName)));
            assert!(taken, "{one} {other} {outcome:?}");
        } else {
            outcome.unwrap();
        }
    }
}

// N3
pub async fn one_rule_decides_for_groups_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    for (number, (one, other, same)) in TWINS.into_iter().enumerate() {
        let tenant = stage.organization(&format!("Organization {number}")).await;
        stage.group(tenant, one).await;
        let filter = format!("displayName eq {}", json!(other));
        let (total, _) = super::people::groups(&stage, tenant, Some(&filter), None, ALL).await;
        assert_eq!(total, u64::from(same), "{one}: {filter}");
        let outcome = stage.try_insert_group(tenant, &stage.new_group(other)).await;
        assert_eq!(outcome.is_err(), same, "{one} {other} {outcome:?}");
    }
}
