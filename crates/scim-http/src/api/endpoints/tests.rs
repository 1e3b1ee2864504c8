use super::*;
use crate::api::parts;

fn table() -> Table {
    assemble(parts(), "https://scim.example.com/api/v1").unwrap().1
}

#[test]
fn a_path_is_taken_as_it_was_sent() {
    let table = table();
    let found = |path: &str| table.find(&Method::GET, path).ok().map(|(it, _)| it.path.clone());
    assert_eq!(found("/api/v1/organizations").as_deref(), Some("/organizations"));
    let one = found("/api/v1/organizations/01980000-0000-7000-8000-000000000001");
    assert_eq!(one.as_deref(), Some("/organizations/{organization}"));
    for path in ["/api/v1/organizations/", "/api/v1/organizations/a%20b", "/organizations", ""] {
        assert_eq!(found(path), None, "{path}");
    }
}

#[test]
fn the_names_in_a_path_stand_for_what_was_sent() {
    let segments = matched("/a/{one}/b/{two}", "/a/x-1/b/urn:y").unwrap();
    let expected = [("one", "x-1"), ("two", "urn:y")];
    assert_eq!(segments, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for path in ["/a//b/y", "/a/x/b", "/a/x/b/y/z", "/a/x/c/y", "/a/.x/b/y"] {
        assert_eq!(matched("/a/{one}/b/{two}", path), None, "{path}");
    }
}

#[test]
fn no_path_is_described_twice_in_other_words() {
    let table = table();
    let shape = |it: &Endpoint| {
        let blank =
            |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
        let path: Vec<_> = it.path.split('/').map(blank).collect();
        format!("{} {}", it.method, path.join("/"))
    };
    let shapes: std::collections::BTreeSet<_> = table.0.iter().map(shape).collect();
    assert_eq!(shapes.len(), table.0.len());
}
