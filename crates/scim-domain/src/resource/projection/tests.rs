use std::sync::Arc;

use super::*;
use crate::{
    resource::Value,
    schema::{Catalog, ENTERPRISE_USER, Schema, USER},
};

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn object<const N: usize>(parts: [(&str, Value); N]) -> Object {
    parts.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

fn complex<const N: usize>(parts: [(&str, Value); N]) -> Value {
    Value::Complex(object(parts))
}

fn user() -> Object {
    let email = complex([("value", text("a@x")), ("type", text("work"))]);
    let manager = complex([("value", text("1")), ("$ref", Value::Reference("../1".to_owned()))]);
    object([
        ("schemas", Value::List(vec![text(USER)])),
        ("id", text("1")),
        ("userName", text("a")),
        ("name", complex([("familyName", text("F")), ("givenName", text("G"))])),
        ("emails", Value::List(vec![email])),
        (ENTERPRISE_USER, complex([("department", text("D")), ("manager", manager)])),
        ("groups", Value::List(Vec::new())),
        ("meta", complex([("resourceType", text("User")), ("version", text("1"))])),
    ])
}

/// The attributes and sub-attributes that are left, in order.
fn shown(projection: &Projection) -> String {
    let left = projection.apply(&Catalog::standard().user, user());
    let names = left.iter().map(|(name, value)| {
        let name = if **name == *ENTERPRISE_USER { "ext" } else { &**name };
        let parts = value.elements().first().and_then(Value::as_object);
        match parts {
            None => name.to_owned(),
            Some(parts) => {
                let parts: Vec<_> = parts.iter().map(|(name, _)| &**name).collect();
                format!("{name}({})", parts.join(" "))
            }
        }
    });
    names.collect::<Vec<_>>().join(" ")
}

fn only(names: &str) -> Projection {
    Projection::parse(&Catalog::standard().user, Some(names), None)
}

fn except(names: &str) -> Projection {
    Projection::parse(&Catalog::standard().user, None, Some(names))
}

const ALL: &str = "schemas id userName name(familyName givenName) emails(value type) \
                   ext(department manager) groups meta(resourceType version)";

#[test]
fn without_parameters_everything_is_shown() {
    for projection in [
        Projection::default(),
        Projection::parse(&Catalog::standard().user, None, None),
        Projection::parse(&Catalog::standard().user, Some(" , "), Some("")),
    ] {
        assert!(projection.is_everything() && projection.shows("groups"));
        assert_eq!(shown(&projection), ALL);
    }
}

#[test]
fn attributes_shows_what_it_names_and_what_is_always_returned() {
    assert_eq!(shown(&only("userName")), "schemas id userName");
    assert_eq!(shown(&only(" USERNAME , emails.VALUE ")), "schemas id userName emails(value)");
    assert_eq!(shown(&only("name.familyName")), "schemas id name(familyName)");
    assert_eq!(shown(&only("name,name.familyName")), "schemas id name(familyName givenName)");
    assert_eq!(shown(&only("meta.version,groups")), "schemas id groups meta(version)");
    assert_eq!(shown(&only("password,unknown,urn:example:x")), "schemas id");
}

#[test]
fn a_urn_names_an_attribute_or_a_whole_schema() {
    let department = format!("{}:DEPARTMENT", ENTERPRISE_USER.to_ascii_uppercase());
    assert_eq!(shown(&only(&department)), "schemas id ext(department)");
    assert_eq!(shown(&only(&format!("{USER}:userName"))), "schemas id userName");
    assert_eq!(shown(&only(ENTERPRISE_USER)), "schemas id ext(department manager)");
    let core = "schemas id userName name(familyName givenName) emails(value type) groups";
    assert_eq!(shown(&only(USER)), core);
    assert_eq!(shown(&except(ENTERPRISE_USER)), ALL.replace(" ext(department manager)", ""));
    assert_eq!(
        shown(&except(USER)),
        "schemas id ext(department manager) meta(resourceType version)"
    );
}

#[test]
fn a_sub_attribute_of_an_extension_is_shown_alone() {
    let projection = only(&format!("{ENTERPRISE_USER}:manager.value"));
    let left = projection.apply(&Catalog::standard().user, user());
    let extension = left.get(ENTERPRISE_USER).and_then(Value::as_object);
    let manager = extension.and_then(|it| it.get("manager")).and_then(Value::as_object).unwrap();
    assert!(manager.get("value").is_some() && manager.get("$ref").is_none());
}

#[test]
fn excluded_attributes_leaves_out_what_it_names() {
    assert_eq!(shown(&except("groups")), ALL.replace(" groups", ""));
    assert_eq!(shown(&except("EMAILS.type")), ALL.replace("(value type)", "(value)"));
    assert_eq!(shown(&except("emails.type,emails.value")), ALL.replace(" emails(value type)", ""));
    assert_eq!(shown(&except("name.givenName")), ALL.replace(" givenName", ""));
    let department = format!("{ENTERPRISE_USER}:department");
    assert_eq!(shown(&except(&department)), ALL.replace("department ", ""));
}

#[test]
fn what_is_always_returned_cannot_be_excluded() {
    assert_eq!(shown(&except("id,schemas,groups")), ALL.replace(" groups", ""));
    assert!(except("id,schemas,unknown").is_everything());
}

#[test]
fn attributes_counts_when_both_are_given() {
    let both = Projection::parse(&Catalog::standard().user, Some("userName"), Some("userName"));
    assert_eq!(shown(&both), "schemas id userName");
}

#[test]
fn it_says_what_need_not_be_read() {
    assert!(!only("userName").shows("groups") && !only("userName").shows("meta"));
    assert!(only("groups.value").shows("GROUPS") && only(USER).shows("groups"));
    assert!(only("userName").shows("id") && only("userName").shows("schemas"));
    assert!(!except("groups").shows("groups") && except("groups.value").shows("groups"));
    assert!(!except(USER).shows("groups"));
    let group = &Catalog::standard().group;
    assert!(!Projection::parse(group, None, Some("Members")).shows("members"));
    assert!(!Projection::parse(group, Some("displayName"), None).shows("members"));
}

#[test]
fn only_computed_attributes_may_be_missing_from_a_spliced_answer() {
    let user = &Catalog::standard().user;
    for names in ["groups", "meta", "groups,meta"] {
        assert!(
            except(names).shows_whole_document(user) && !except(names).is_everything(),
            "{names}"
        );
    }
    for names in ["userName", "groups,title", "groups.display", "meta.version", USER, "emails.type"]
    {
        assert!(!except(names).shows_whole_document(user), "{names}");
    }
    assert!(!only("userName").shows_whole_document(user));
}

#[test]
fn what_is_returned_on_request_is_shown_only_when_it_is_named() {
    let mut user_type = Catalog::standard().user.clone();
    let mut schema = Schema::clone(&user_type.schema);
    for attribute in &mut schema.attributes {
        match &*attribute.name {
            "userName" => attribute.returned = Returned::Request,
            "name" => attribute.sub_attributes[1].returned = Returned::Request,
            "emails" => attribute.returned = Returned::Never,
            _ => {}
        }
    }
    user_type.schema = Arc::new(schema);
    let apply = |names| Projection::parse(&user_type, names, None).apply(&user_type, user());
    let whole = apply(None);
    assert!(whole.get("userName").is_none() && whole.get("emails").is_none());
    let name = whole.get("name").and_then(Value::as_object).unwrap();
    assert!(name.get("familyName").is_none() && name.get("givenName").is_some());
    let asked = apply(Some("userName,name.familyName,emails"));
    assert!(asked.get("userName").is_some() && asked.get("emails").is_none());
    assert!(asked.get("name").and_then(Value::as_object).unwrap().get("familyName").is_some());
    assert!(apply(Some(USER)).get("userName").is_none());
    assert!(!Projection::default().shows_whole_document(&user_type));
}
