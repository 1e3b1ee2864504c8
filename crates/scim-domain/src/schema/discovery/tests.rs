use std::collections::BTreeSet;

use super::*;
use crate::schema::{Catalog, ENTERPRISE_USER, GROUP, USER};

/// The attributes of RFC 7643 §8.7.1, without those this service does not offer: `password` and
/// the manager's `displayName`.
const RFC: &[(&str, &str)] = &[
    (
        USER,
        "userName name name.formatted name.familyName name.givenName name.middleName \
         name.honorificPrefix name.honorificSuffix displayName nickName profileUrl title userType \
         preferredLanguage locale timezone active emails emails.value emails.display emails.type \
         emails.primary phoneNumbers phoneNumbers.value phoneNumbers.display phoneNumbers.type \
         phoneNumbers.primary ims ims.value ims.display ims.type ims.primary photos photos.value \
         photos.display photos.type photos.primary addresses addresses.formatted \
         addresses.streetAddress addresses.locality addresses.region addresses.postalCode \
         addresses.country addresses.type groups groups.value groups.$ref groups.display \
         groups.type entitlements entitlements.value entitlements.display entitlements.type \
         entitlements.primary roles roles.value roles.display roles.type roles.primary \
         x509Certificates x509Certificates.value x509Certificates.display x509Certificates.type \
         x509Certificates.primary",
    ),
    (GROUP, "displayName members members.value members.$ref members.type"),
    (
        ENTERPRISE_USER,
        "employeeNumber costCenter organization division department manager manager.value \
         manager.$ref",
    ),
];

/// What is listed beyond: the default part of RFC 7643 §2.4 that §8.7.1 left out and its own
/// example in §8.2 uses.
const MORE: &str = "addresses.primary";

fn schemas() -> Vec<Value> {
    let catalog = Catalog::standard();
    catalog.user.schemas().chain(catalog.group.schemas()).map(Schema::to_discovery).collect()
}

fn listed(attributes: &Value, prefix: &str, out: &mut Vec<(String, Value)>) {
    for it in attributes.as_array().into_iter().flatten() {
        let name = format!("{prefix}{}", it["name"].as_str().unwrap());
        listed(&it["subAttributes"], &format!("{name}."), out);
        out.push((name, it.clone()));
    }
}

fn attributes(urn: &str) -> Vec<(String, Value)> {
    let schema = schemas().into_iter().find(|it| it["id"] == urn).unwrap();
    let mut all = Vec::new();
    listed(&schema["attributes"], "", &mut all);
    all
}

fn one(urn: &str, name: &str) -> Value {
    attributes(urn).into_iter().find(|(it, _)| it == name).unwrap().1
}

#[test]
fn discovery_lists_every_attribute_of_the_rfc() {
    for (urn, names) in RFC {
        let all: BTreeSet<String> = attributes(urn).into_iter().map(|(name, _)| name).collect();
        let expected = names.split_whitespace().map(str::to_owned);
        let more = (*urn == USER).then(|| MORE.to_owned());
        assert_eq!(all, expected.chain(more).collect(), "{urn}");
    }
}

#[test]
fn the_password_is_not_shown() {
    assert!(schemas().iter().all(|it| !it.to_string().contains("password")));
}

#[test]
fn every_attribute_has_all_characteristics_and_nothing_is_null_or_empty() {
    for (urn, _) in RFC {
        for (name, it) in attributes(urn) {
            for key in ["name", "type", "description", "mutability", "returned", "uniqueness"] {
                assert!(it[key].as_str().is_some_and(|it| !it.is_empty()), "{name} {key}");
            }
            for key in ["multiValued", "required", "caseExact"] {
                assert!(it[key].is_boolean(), "{name} {key}");
            }
            assert!(it.as_object().unwrap().values().all(|it| *it != json!([]) && !it.is_null()));
            assert_eq!(it["type"] == "reference", it.get("referenceTypes").is_some(), "{name}");
            assert_eq!(it["type"] == "complex", it.get("subAttributes").is_some(), "{name}");
        }
    }
}

#[test]
fn canonical_values_tell_what_a_type_can_be() {
    for (name, values) in [
        ("emails.type", json!(["work", "home", "other"])),
        ("phoneNumbers.type", json!(["work", "home", "mobile", "fax", "pager", "other"])),
        ("ims.type", json!(["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"])),
        ("photos.type", json!(["photo", "thumbnail"])),
        ("addresses.type", json!(["work", "home", "other"])),
        ("roles.type", Value::Null),
    ] {
        assert_eq!(one(USER, name)["canonicalValues"], values, "{name}");
    }
}

#[test]
fn what_is_unique_required_and_referenced_is_told() {
    for it in [one(USER, "userName"), one(GROUP, "displayName")] {
        assert_eq!(it["uniqueness"], "server");
        assert_eq!(it["required"], true);
        assert_eq!(it["caseExact"], false);
    }
    assert_eq!(one(GROUP, "members.$ref")["referenceTypes"], json!(["User"]));
    assert_eq!(one(GROUP, "members.value")["mutability"], "immutable");
    assert_eq!(one(GROUP, "members")["mutability"], "readWrite");
    assert_eq!(one(USER, "groups.value")["mutability"], "readOnly");
}

#[test]
fn a_schema_says_which_one_it_is() {
    let user = &schemas()[0];
    assert_eq!(user["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]));
    assert_eq!(user["id"], USER);
    assert_eq!(user["name"], "User");
}

#[test]
fn resource_types_name_endpoint_schema_and_extensions() {
    let catalog = Catalog::standard();
    assert_eq!(
        catalog.user.to_discovery(),
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "User", "name": "User", "endpoint": "/Users",
            "description": catalog.user.description,
            "schema": USER,
            "schemaExtensions": [{ "schema": ENTERPRISE_USER, "required": false }],
        })
    );
    let group = catalog.group.to_discovery();
    assert_eq!(group["endpoint"], "/Groups");
    assert_eq!(group.get("schemaExtensions"), None);
}
