//! Tests of roles.

use super::*;

fn role(number: u128, name: &str) -> Role {
    Role {
        id: RoleId::new(uuid::Uuid::from_u128(number)),
        key: RoleKey::of_name(name),
        name: name.to_owned(),
        description: String::new(),
        permissions: Vec::new(),
        built_in: false,
        privileged: false,
        home_group: GroupId::new(uuid::Uuid::from_u128(number)),
        created: Timestamp::from_micros(0),
    }
}

#[test]
fn a_value_names_the_role_of_its_key_in_any_case() {
    let roles = [role(1, "Admin"), role(2, "Case Reviewer")];
    let values = ["ＡＤＭＩＮ", " admin ", "Case-Reviewer", "Case Reviewer", "{\"id\":1}", ""];
    let (known, unknown) = named(&roles, values.into_iter());
    let known: Vec<_> = known.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(known, ["admin", "case-reviewer"]);
    assert_eq!(unknown, ["Case Reviewer", "{\"id\":1}", ""]);
}

#[test]
fn only_its_own_home_group_is_home_on_the_way_to_a_role() {
    let role = role(1, "Admin");
    assert!(role.reached(Via::Group(role.home_group)).home);
    assert!(!role.reached(Via::Group(GroupId::new(uuid::Uuid::from_u128(9)))).home);
    assert!(!role.reached(Via::Assignment).home);
}

#[test]
fn permissions_are_handed_through_each_once_and_in_their_order() {
    let given = [" cases:read ", "Fälle lesen", "cases:read", "https://x/y?z=1"];
    let given = given.map(str::to_owned);
    assert_eq!(
        Role::permissions(&given),
        Ok(vec!["cases:read".to_owned(), "Fälle lesen".to_owned(), "https://x/y?z=1".to_owned(),])
    );
}

#[test]
fn permissions_and_descriptions_have_limits_and_say_them() {
    let refused = |given: &[String]| Role::permissions(given).unwrap_err().detail;
    assert!(refused(&["x".repeat(LONGEST_PERMISSION + 1)]).contains("200 characters"));
    assert!(refused(&["read\u{200b}".to_owned()]).contains("U+200B"));
    for empty in ["", " \t"] {
        assert!(refused(&["read".to_owned(), empty.to_owned()]).contains("not be empty"));
    }
    let many: Vec<_> = (0..=MOST_PERMISSIONS).map(|it| format!("p{it}")).collect();
    assert!(refused(&many).contains("500 permissions"));
    assert!(Role::permissions(&many[1..]).is_ok());
    assert_eq!(Role::description(" Two\nlines "), Ok("Two\nlines".to_owned()));
    assert!(Role::description(&"x".repeat(LONGEST_DESCRIPTION + 1)).is_err());
    assert!(Role::description("a\u{1b}[31m").is_err());
}
