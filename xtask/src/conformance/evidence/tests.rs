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

const TOLD_TWICE: &str = "
on_both!(a_story, another_story);

fn a_story(house: &House) {}

fn another_story(house: &House) {}

fn helper(house: &House) {}
";

fn evidence() -> Evidence {
    let mut evidence = Evidence::default();
    let promises = promises(MACRO);
    for (file, source) in [
        ("crates/scim-http/tests/users.rs", SOURCE),
        ("crates/scim-http/src/scim/body/tests.rs", "#[test]\nfn a_plain_one() {}\n"),
        ("crates/scim-check/src/checks/users.rs", TABLE),
        ("crates/scimd/tests/instances/races.rs", TOLD_TWICE),
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
        "scim-http::body::a_plain_one",
        "scim-app::contract::users::a_promise",
        "scimd::races::a_story",
        "scimd::instances::races::another_story",
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
        ("scimd::races::helper", "no test"),
        ("a_plain_one", "no test"),
        ("", "no test"),
        ("check::users", "no test"),
        ("scim-http::a_plain_one", "more than one"),
        ("scim-http::users::a_sleeping_one", "ignored"),
    ] {
        assert!(evidence.find(name).unwrap_err().contains(why), "{name}");
    }
}

#[test]
fn a_story_is_named_by_its_folder_and_file() {
    for (file, expected) in [
        ("okta/create-a-user.json", Some("okta/create-a-user")),
        ("field/10-bare-members.json", Some("field/10-bare-members")),
        ("suites.json", None),
        ("okta/notes.md", None),
        ("okta/old/create-a-user.json", None),
        ("runner/given.json", None),
    ] {
        assert_eq!(story(&format!("{STORIES}{file}")).as_deref(), expected, "{file}");
    }
    assert_eq!(story("crates/scim-http/tests/other/field/10-bare-members.json"), None);
}

#[test]
fn the_stories_that_are_there_are_evidence_and_no_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let evidence = Evidence::gather(&root).unwrap();
    let found = evidence.find("story::field/10-bare-members").unwrap();
    assert!(found.is_story() && root.join(&found.file).is_file());
    assert_eq!(found.name(), "field/10-bare-members");
    for name in ["story::field/10", "story::10-bare-members", "story::suites", "story::field"] {
        assert!(evidence.find(name).unwrap_err().contains("no test"), "{name}");
    }
}
