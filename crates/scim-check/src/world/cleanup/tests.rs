use super::{located, resource_path};

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
