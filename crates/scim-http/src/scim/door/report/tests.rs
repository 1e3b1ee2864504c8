use super::*;

#[test]
fn a_path_is_told_without_what_may_be_personal() {
    let id = "01980000-0000-7000-8000-000000000001";
    assert_eq!(path("/scim/v2/Users"), "/Users");
    assert_eq!(path(&format!("/scim/v2/Users/{id}")), format!("/Users/{id}"));
    assert_eq!(path("/scim/v2/Users/jane@example.com"), "/Users/…");
    assert_eq!(path("/scim/v2/Users/jane"), "/Users/…");
    assert_eq!(path("/scim/v2/users"), "/users");
    assert_eq!(path("/scim/v2/scimd_00_aa_bb/Users"), "/…/Users");
    assert_eq!(path("/scim/v2/Users/.search"), "/Users/.search");
    let schema = "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User";
    assert_eq!(path(&format!("/scim/v2{schema}")), schema);
    assert!(path(&"/Users".repeat(100)).len() <= PATH_CHARACTERS);
}
