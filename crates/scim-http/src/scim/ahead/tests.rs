use super::*;

const ID: &str = "01a22bc0-58c9-72b5-b9bf-7cf291e6bdb2";

fn asked(method: &Method, address: &str) -> Ahead {
    of(method, &address.parse().unwrap())
}

#[test]
fn a_user_is_known_by_its_id() {
    let user = Ahead::User(UserId::parse(ID).unwrap());
    assert_eq!(asked(&Method::GET, &format!("/scim/v2/Users/{ID}")), user);
    assert_eq!(asked(&Method::HEAD, &format!("/scim/v2/Users/{ID}?")), user);
}

#[test]
fn a_group_without_its_members_is_known_by_its_id() {
    let group = Ahead::Group(GroupId::parse(ID).unwrap());
    let address = format!("/scim/v2/Groups/{ID}?excludedAttributes=members");
    assert_eq!(asked(&Method::GET, &address), group);
    for query in ["", "?attributes=id", "?excludedAttributes=displayName"] {
        let address = format!("/scim/v2/Groups/{ID}{query}");
        assert_eq!(asked(&Method::GET, &address), Ahead::Nothing, "{query}");
    }
}

#[test]
fn a_user_is_known_by_its_name_as_it_is_stored() {
    let named = |name| Ahead::UserNamed(FoldedText::of(name));
    let okta = "/scim/v2/Users?filter=userName%20eq%20%22Ada@Example.com%22&startIndex=1&count=100";
    assert_eq!(asked(&Method::GET, okta), named("ada@example.com"));
    let entra = "/scim/v2/Users?filter=username+Eq+%22%C3%89va%20Fontaine%22";
    assert_eq!(asked(&Method::GET, entra), named("Éva Fontaine"));
}

// I3
#[test]
fn a_filter_longer_than_any_may_be_is_not_looked_at() {
    let filtered = |length: usize| {
        let name = "x".repeat(length - "userName eq \"\"".len());
        asked(&Method::GET, &format!("/scim/v2/Users?filter=userName%20eq%20%22{name}%22"))
    };
    assert!(matches!(filtered(FILTER_BYTES), Ahead::UserNamed(_)));
    assert_eq!(filtered(FILTER_BYTES + 1), Ahead::Nothing);
}

#[test]
fn of_everything_else_nothing_is_guessed() {
    for address in [
        "/scim/v2/Users",
        "/scim/v2/Users/",
        "/scim/v2/Users/somebody",
        "/scim/v2/Users?filter=userName%20eq%20ada",
        "/scim/v2/Users?filter=userName%20eq%20%22a%5C%22b%22",
        "/scim/v2/Users?filter=userName%20sw%20%22ada%22",
        "/scim/v2/Users?filter=userName%20eq%20%22ada%22%20and%20active%20eq%20true",
        "/scim/v2/Users?filter=userName%20eq%20%22ada%22&attributes=id",
        "/scim/v2/Users?filter=userName%20eq%20%22a%22&filter=userName%20eq%20%22b%22",
        "/scim/v2/Users?filter=%",
        "/scim/v2/Groups?filter=displayName%20eq%20%22ada%22",
        "/elsewhere/Users/01a22bc0-58c9-72b5-b9bf-7cf291e6bdb2",
    ] {
        assert_eq!(asked(&Method::GET, address), Ahead::Nothing, "{address}");
    }
    let user = format!("/scim/v2/Users/{ID}");
    assert_eq!(asked(&Method::DELETE, &user), Ahead::Nothing);
    assert_eq!(asked(&Method::PATCH, &user), Ahead::Nothing);
    assert_eq!(asked(&Method::GET, &format!("{user}?attributes=id")), Ahead::Nothing);
}
