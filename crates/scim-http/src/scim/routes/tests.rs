use super::*;

fn path(method: &str, path: &str) -> Result<(&'static str, String), Refusal> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    find(&method, path, true).map(|(route, id)| (route.path, id.to_owned()))
}

#[test]
fn one_slash_too_many_at_either_end_is_forgiven() {
    for sent in ["/scim/v2/Users", "/scim/v2//Users", "/scim/v2/Users/", "/scim/v2//Users/"] {
        assert_eq!(path("GET", sent).unwrap(), ("/Users", String::new()), "{sent}");
    }
    let with_id = path("GET", "/scim/v2//Users/4d/").unwrap();
    assert_eq!(with_id, ("/Users/{id}", "4d".to_owned()));
}

// A1
#[test]
fn every_other_twisted_path_leads_nowhere() {
    for sent in [
        "",
        "/scim/v2",
        "/scim/v2/",
        "/scim/v2//",
        "/scim/v2///Users",
        "/scim/v2/Users//",
        "/scim/v2/Users//4d",
        "/scim/v2/%55sers",
        "/scim/v2/users",
        "/scim/v2/USERS",
        "/scim/v2/Users;a=b",
        "/scim/v2/Users/4d;a=b",
        "/scim/v2/Users/4d%2F",
        "/scim/v2/Users%2F4d",
        "/scim/v2/Users/..",
        "/scim/v2/Users/../Users",
        "/scim/v2/./Users",
        "/scim/v2/Users/4d/groups",
        "/scim/v%32/Users",
        "/SCIM/v2/Users",
        "/scim/v2Users",
        "/scim/v2/healthz",
    ] {
        assert!(matches!(path("GET", sent), Err(Refusal::UnknownPath)), "{sent}");
    }
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let Err(Refusal::NotAllowed { allow }) = path("POST", "/scim/v2/Users/4d") else {
        panic!("must be refused")
    };
    assert_eq!(allow, "GET, HEAD, PUT, PATCH, DELETE");
    let Err(Refusal::NotAllowed { allow }) = path("GET", "/scim/v2/Users/.search") else {
        panic!("must be refused")
    };
    assert_eq!(allow, "POST");
}

#[test]
fn head_goes_where_get_goes() {
    assert_eq!(path("HEAD", "/scim/v2/Schemas/urn:a").unwrap().0, "/Schemas/{id}");
    assert!(matches!(path("HEAD", "/scim/v2/Bulk"), Err(Refusal::NotAllowed { .. })));
}
