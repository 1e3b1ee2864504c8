use super::{is_leftover, located, resource_path};

#[test]
fn what_is_deleted_is_one_resource_and_nothing_above_it() {
    assert_eq!(resource_path("/Users", "a/b").as_deref(), Some("/Users/a%2Fb"));
    assert_eq!(located("/Groups/7f3a").as_deref(), Some("/Groups/7f3a"));
    for id in ["", ".", ".."] {
        assert_eq!(resource_path("/Users", id), None);
    }
    for below in
        ["", "/", "/Users", "/Users/", "/Users/..", "/Users/a?b", "/Schemas/x", "/a/Users/b"]
    {
        assert_eq!(located(below), None, "{below}");
    }
}

#[test]
fn only_the_names_of_runs_are_leftovers() {
    for name in
        ["scimcheck-0123456789abcdef-user1@example.com", "ScimCheck-0123456789ABCDEF-Group2"]
    {
        assert!(is_leftover(name), "{name}");
    }
    for name in [
        "",
        "scimcheck-",
        "scimcheck-operator@example.com",
        "scimcheck-0123456789abcde-user1",
        "scimcheck-0123456789abcdeg-user1",
        "scimcheck-0123456789abcdef",
        "x-scimcheck-0123456789abcdef-user1",
    ] {
        assert!(!is_leftover(name), "{name}");
    }
}
