use super::*;

fn filter(sent: &str) -> String {
    Query::parse(sent).unwrap().list.filter.unwrap()
}

#[test]
fn a_query_is_decoded_exactly_once() {
    let expected = "userName eq \"jane+doe@example.com\"";
    assert_eq!(filter("filter=userName+eq+%22jane%2Bdoe%40example.com%22"), expected);
    assert_eq!(filter("filter=userName%20eq%20%22jane%2bdoe@example.com%22"), expected);
    assert_eq!(filter("filter=a%2520b"), "a%20b");
    assert_eq!(filter("a=b&filter=x+eq+%22a=b%22"), "x eq \"a=b\"");
    assert_eq!(filter("%66ilter=x"), "x");
}

#[test]
fn a_blank_parameter_counts_as_not_given() {
    let query = Query::parse("filter=&count=+&attributes&&excludedAttributes=").unwrap();
    assert_eq!(query, Query::default());
    assert!(!query.projects());
}

#[test]
fn unknown_parameters_are_ignored_even_twice() {
    assert_eq!(Query::parse("x=1&x=2&Filter=a&aadOptscim062020").unwrap(), Query::default());
}

#[test]
fn a_parameter_given_twice_is_refused_and_attributes_add_up() {
    let twice = Query::parse("filter=a+pr&filter=b+pr").unwrap_err();
    assert_eq!(twice.reason, Reason::InvalidFilter);
    assert_eq!(Query::parse("count=1&count=2").unwrap_err().reason, Reason::InvalidValue);
    let query = Query::parse("attributes=a&attributes=b,c").unwrap();
    assert_eq!(query.attributes.as_deref(), Some("a,b,c"));
}

#[test]
fn broken_encodings_are_refused() {
    for sent in ["filter=%", "filter=%2", "filter=%zz", "x=%+1", "filter=%ff", "x=%c0%80"] {
        let refused = Query::parse(sent).unwrap_err();
        assert_eq!(refused.reason, Reason::InvalidSyntax, "{sent}");
    }
}
