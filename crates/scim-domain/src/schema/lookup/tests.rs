use super::*;
use crate::schema::{Catalog, ENTERPRISE_USER, USER, Uniqueness};

fn path(name: &str) -> Option<String> {
    match Catalog::standard().user.find(name) {
        Found::Attribute(it) => Some(it.path().to_string()),
        Found::Core | Found::Extension(_) | Found::Foreign | Found::Unknown { nearest: _ } => None,
    }
}

fn nearest(name: &str) -> Option<String> {
    match Catalog::standard().user.find(name) {
        Found::Unknown { nearest } => nearest,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn an_attribute_is_found_as_clients_write_it() {
    let enterprise = |rest: &str| format!("{ENTERPRISE_USER}:{rest}");
    for (written, spelled) in [
        ("userName", "userName".to_owned()),
        ("USERNAME", "userName".to_owned()),
        ("name.FamilyName", "name.familyName".to_owned()),
        ("emails.Value", "emails.value".to_owned()),
        ("groups.$ref", "groups.$ref".to_owned()),
        ("externalid", "externalId".to_owned()),
        ("meta.lastmodified", "meta.lastModified".to_owned()),
        ("ID", "id".to_owned()),
        (&format!("{USER}:emails.value"), "emails.value".to_owned()),
        (&format!("{}:username", USER.to_uppercase()), "userName".to_owned()),
        (&format!("{USER}:id"), "id".to_owned()),
        (&enterprise("department"), enterprise("department")),
        (&enterprise("Manager.Value"), enterprise("manager.value")),
        (&enterprise("manager.$ref"), enterprise("manager.$ref")),
        (&enterprise("manager").to_uppercase(), enterprise("manager")),
    ] {
        assert_eq!(path(written), Some(spelled), "{written}");
    }
}

#[test]
fn a_schema_is_found_by_its_urn() {
    let catalog = Catalog::standard();
    assert!(matches!(catalog.user.find(&USER.to_lowercase()), Found::Core));
    let found = catalog.user.find(&ENTERPRISE_USER.to_uppercase());
    assert!(matches!(found, Found::Extension(it) if &*it.id == ENTERPRISE_USER));
}

#[test]
fn a_foreign_urn_is_no_unknown_attribute() {
    let catalog = Catalog::standard();
    for urn in [
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department",
        "urn:acme:2.0:User:badge.number",
        "urn:ietf:params:scim:schemas:core:2.0:Group:displayName",
        "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
    ] {
        assert!(matches!(catalog.user.find(urn), Found::Foreign), "{urn}");
    }
    assert!(matches!(catalog.group.find(ENTERPRISE_USER), Found::Foreign));
}

#[test]
fn the_longest_known_urn_counts() {
    let mut user = Catalog::standard().user.clone();
    for urn in ["urn:acme:scim", "urn:acme:scim:more"] {
        let attributes = vec![crate::schema::build::text("badge", "")];
        let schema = crate::schema::build::schema(urn, "", "", attributes);
        user.extensions.push(crate::schema::Extension {
            schema: schema.into(),
            required: false,
            declared: false,
        });
    }
    let Found::Attribute(it) = user.find("urn:acme:scim:more:badge") else { panic!() };
    assert_eq!(it.path().to_string(), "urn:acme:scim:more:badge");
    let Found::Attribute(it) = user.find("urn:acme:scim:badge") else { panic!() };
    assert_eq!(it.path().to_string(), "urn:acme:scim:badge");
}

#[test]
fn an_unknown_name_brings_the_nearest_known_one() {
    assert_eq!(nearest("usrName").as_deref(), Some("userName"));
    assert_eq!(nearest("email").as_deref(), Some("emails"));
    assert_eq!(nearest("name.famlyName").as_deref(), Some("name.familyName"));
    assert_eq!(nearest("emails.vlaue").as_deref(), Some("emails.value"));
    // An attribute of an extension needs its URN.
    assert_eq!(nearest("department"), Some(format!("{ENTERPRISE_USER}:department")));
    assert_eq!(
        nearest(&format!("{ENTERPRISE_USER}:departmnt")),
        Some(format!("{ENTERPRISE_USER}:department"))
    );
    assert_eq!(nearest("shoeSizeInMillimetres"), None);
    assert_eq!(nearest(""), None);
    assert_eq!(nearest(&"x".repeat(100_000)), None);
}

#[test]
fn odd_names_are_unknown_and_never_a_panic() {
    for name in [".", "name.", ".name", "name..x", "name.givenName.x", "é", "userName ", "$ref"] {
        assert!(path(name).is_none(), "{name}");
    }
    for name in [":", "urn:", &format!("{USER}é"), &format!("{}é", &USER[..USER.len() - 1])] {
        assert!(matches!(Catalog::standard().user.find(name), Found::Foreign), "{name}");
    }
    let found = Catalog::standard();
    assert!(matches!(found.user.find(&format!("{USER}:")), Found::Unknown { nearest: _ }));
}

#[test]
fn a_path_resolves_to_the_attribute_it_came_from() {
    let catalog = Catalog::standard();
    for name in
        ["userName", "name.givenName", "meta.version", &format!("{ENTERPRISE_USER}:manager.value")]
    {
        let Found::Attribute(found) = catalog.user.find(name) else { panic!("{name}") };
        let resolved = catalog.user.resolve(&found.path()).unwrap();
        assert_eq!(resolved.path(), found.path());
        assert_eq!(resolved.target(), found.target());
    }
    let Found::Attribute(members) = catalog.group.find("members.value") else { panic!() };
    assert!(catalog.user.resolve(&members.path()).is_none());
}

#[test]
fn characteristics_are_those_of_the_rfc() {
    let catalog = Catalog::standard();
    let user = |name: &str| match catalog.user.find(name) {
        Found::Attribute(it) => it.target().clone(),
        other => panic!("{name} is {other:?}"),
    };
    assert!(user("userName").required && !user("userName").case_exact);
    assert_eq!(user("userName").uniqueness, Uniqueness::Server);
    assert!(user("externalId").case_exact && user("id").case_exact);
    assert!(user("meta.version").case_exact && user("profileUrl").case_exact);
    assert!(!user("emails.value").case_exact && user("emails").indexed);
    assert_eq!(user("groups.value").mutability, crate::schema::Mutability::ReadOnly);
    assert_eq!(user("password").mutability, crate::schema::Mutability::WriteOnly);
    assert!(catalog.group.schema.attributes.iter().any(|it| it.in_rows && &*it.name == "members"));
}

proptest::proptest! {
    // I6
    #[test]
    fn no_name_makes_it_panic(head in "(urn:ietf:params:scim:schemas:core:2.0:User[:.]?)?", rest in "\\PC{0,40}") {
        let _ = Catalog::standard().user.find(&format!("{head}{rest}"));
    }
}
