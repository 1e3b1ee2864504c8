use super::*;

const SOURCE: &str = r#"
fn helper() {}

#[test]
fn a_plain_one() {}

// N4
#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_one() {}

#[test]
#[ignore = "slow"]
fn a_sleeping_one() {}

proptest::proptest! {
    // I6
    #[test]
    fn a_random_one(text in ".*") {}
}

#[test_only]
fn no_test() {}
"#;

const STORIES: &str = r#"
stories! { "field":
    /// 1, Entra ID.
    a_story: "01-a-story",
    another: "02-another",
}

#[actix_web::test]
async fn beside_them() { let x = json!({ more: "no" }); }
"#;

const TABLE: &str = r#"
table! { Users:
    "users.create" Must "RFC 7644 §3.3"
        "a create is 201" => create;
    "users.unknown" Should "RFC 7644 §3.3"
        "an unknown attribute stops nothing" => unknown;
}
"#;

const MACRO: &str = "
    ($fresh:expr) => {
        users;
        a_promise
        another_promise
    };
";

fn evidence() -> Evidence {
    let mut evidence = Evidence::default();
    let promises = promises(MACRO);
    for (file, source) in [
        ("crates/scim-http/tests/users.rs", SOURCE),
        ("crates/scim-http/tests/identity_providers/field.rs", STORIES),
        ("crates/scim-http/src/scim/body/tests.rs", "#[test]\nfn a_plain_one() {}\n"),
        ("crates/scim-check/src/checks/users.rs", TABLE),
        (&format!("{CONTRACT}users.rs"), "pub async fn a_promise() {}\nfn helper() {}\n"),
    ] {
        evidence.add(file, source, &promises);
    }
    evidence
}

#[test]
fn every_way_to_write_a_test_is_found() {
    let evidence = evidence();
    for name in [
        "scim-http::users::a_plain_one",
        "scim-http::a_waiting_one",
        "scim-http::users::a_random_one",
        "scim-http::identity_providers::field::a_story",
        "scim-http::field::another",
        "scim-http::field::beside_them",
        "scim-http::body::a_plain_one",
        "scim-app::contract::users::a_promise",
        "check::users.create",
        "check::users.unknown",
    ] {
        let found = evidence.find(name).unwrap();
        assert_eq!(Some(found.name()), name.split("::").last());
    }
    assert_eq!(
        evidence.find("check::users.create").unwrap().file,
        "crates/scim-check/src/checks/users.rs"
    );
}

#[test]
fn what_is_no_living_test_is_no_evidence() {
    let evidence = evidence();
    for (name, why) in [
        ("scim-http::users::helper", "no test"),
        ("scim-http::users::no_test", "no test"),
        ("scim-app::users::a_plain_one", "no test"),
        ("scim-app::contract::users::helper", "no test"),
        ("scim-http::field::more", "no test"),
        ("a_plain_one", "no test"),
        ("", "no test"),
        ("check::users", "no test"),
        ("scim-http::a_plain_one", "more than one"),
        ("scim-http::users::a_sleeping_one", "ignored"),
    ] {
        assert!(evidence.find(name).unwrap_err().contains(why), "{name}");
    }
}
