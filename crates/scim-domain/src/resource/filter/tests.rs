//! Examples first, properties last. Shared here: the schemas, and a user and a group to filter.

mod errors;
mod matching;
mod parsing;
mod properties;
mod values;

use std::sync::Arc;

use super::*;
use crate::{
    GroupId, Timestamp, UserId,
    group::Member,
    resource::representation::{self, Computed, GroupRef, Meta},
    schema::Catalog,
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn catalog() -> Arc<Catalog> {
    Catalog::standard()
}

/// A filter over users.
fn parse(text: &str) -> Filter {
    Filter::parse(text, &catalog().user, &[]).unwrap_or_else(|it| panic!("{text}: {it}"))
}

/// Why a filter over users is refused.
fn refusal(text: &str) -> String {
    match Filter::parse(text, &catalog().user, &[]) {
        Ok(filter) => panic!("{text} is {filter:?}"),
        Err(invalid) => {
            assert_eq!(invalid.reason, crate::Reason::InvalidFilter);
            invalid.detail
        }
    }
}

fn meta() -> Meta {
    Meta {
        created: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        last_modified: Timestamp::parse("2026-06-01T12:00:00Z").unwrap(),
        version: 3,
    }
}

fn uuid(last: u8) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + u128::from(last))
}

/// A user from the JSON of its attributes, in one group named `Analysts`.
fn user(attributes: &str) -> Object {
    let schema = "urn:ietf:params:scim:schemas:core:2.0:User";
    let separator = if attributes.is_empty() { "" } else { "," };
    let document = format!("{{\"schemas\":[\"{schema}\"]{separator}{attributes}}}");
    let groups =
        [GroupRef { id: GroupId::new(uuid(9)), display_name: "Analysts".to_owned(), direct: true }];
    let computed = Computed::User(UserId::new(uuid(1)), Some(&groups));
    representation::resource(&catalog().user, &document, computed, &meta(), "https://x/scim/v2")
        .unwrap()
}

/// A group with one member.
fn group() -> Object {
    let document =
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Analysts"}"#;
    let members = [Member::User(UserId::new(uuid(1)))];
    let computed = Computed::Group(GroupId::new(uuid(9)), Some(&members));
    representation::resource(&catalog().group, document, computed, &meta(), "https://x/scim/v2")
        .unwrap()
}

fn jensen() -> Object {
    user(&format!(
        r#""externalId":"Ext-1","userName":"BJensen@example.com","name":{{"familyName":"Jensen","givenName":"Barbara"}},
        "title":"Tour Guide","active":true,
        "emails":[{{"value":"b@work.example","type":"work","primary":true}},{{"value":"b@home.example","type":"home"}}],
        "{ENTERPRISE}":{{"department":"Tours","manager":{{"value":"26118915"}}}}"#
    ))
}

fn matches(text: &str, resource: &Object) -> bool {
    parse(text).matches(&catalog().user, resource)
}

fn assert_matches(resource: &Object, filters: &[&str]) {
    for text in filters {
        assert!(matches(text, resource), "{text} does not match");
    }
}

fn assert_misses(resource: &Object, filters: &[&str]) {
    for text in filters {
        assert!(!matches(text, resource), "{text} matches");
    }
}
