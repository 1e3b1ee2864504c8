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
