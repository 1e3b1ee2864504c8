use super::*;
use crate::{resource::DateTime, schema::Catalog};

fn sort(sort_by: &str) -> Sort {
    Sort::parse(&Catalog::standard().user, sort_by, None).unwrap()
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn object<const N: usize>(parts: [(&str, Value); N]) -> Object {
    parts.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

fn email(value: &str, primary: bool) -> Value {
    Value::Complex(object([("value", text(value)), ("primary", Value::Boolean(primary))]))
}

fn compare(sort_by: &str, left: &Object, right: &Object) -> Ordering {
    let (sort, catalog) = (sort(sort_by), Catalog::standard());
    let (left, right) = (sort.key(&catalog.user, left), sort.key(&catalog.user, right));
    assert_eq!(right.compare(&left), left.compare(&right).reverse());
    left.compare(&right)
}

#[test]
fn the_parameters_come_in_any_case() {
    let user = &Catalog::standard().user;
    let sort = Sort::parse(user, " USERNAME ", Some("Descending")).unwrap();
    assert_eq!((sort.path.to_string().as_str(), sort.descending), ("userName", true));
    for order in [None, Some("ascending"), Some("upwards")] {
        assert!(!Sort::parse(user, "meta.created", order).unwrap().descending);
    }
}

#[test]
fn an_unknown_or_unreadable_attribute_is_an_invalid_value() {
    let user = &Catalog::standard().user;
    for name in
        ["usrName", "password", "", "urn:example:x", "urn:ietf:params:scim:schemas:core:2.0:User"]
    {
        let invalid = Sort::parse(user, name, None).unwrap_err();
        assert_eq!(invalid.reason, crate::Reason::InvalidValue, "{name}");
        assert!(invalid.detail.starts_with("sortBy names ") && invalid.detail.ends_with('.'));
    }
    assert!(Sort::parse(user, "usrName", None).unwrap_err().detail.contains("userName"));
}

#[test]
fn texts_sort_folded_unless_they_are_case_exact() {
    let name = |name: &str| object([("userName", text(name)), ("externalId", text(name))]);
    assert_eq!(compare("userName", &name("anna"), &name("Bert")), Ordering::Less);
    assert_eq!(compare("externalId", &name("anna"), &name("Bert")), Ordering::Greater);
    assert_eq!(compare("userName", &name("ANNA"), &name("anna")), Ordering::Equal);
}

#[test]
fn a_missing_or_empty_value_comes_last() {
    let named = object([("title", text("zzz"))]);
    for missing in [object([]), object([("title", text(""))])] {
        assert_eq!(compare("title", &named, &missing), Ordering::Less);
        assert_eq!(compare("title", &missing, &missing), Ordering::Equal);
    }
}

#[test]
fn dates_sort_as_moments_and_booleans_false_first() {
    let at = |text: &str| {
        let moment = Timestamp::parse(text).unwrap();
        let created = Value::DateTime(DateTime { text: text.to_owned(), moment });
        object([("meta", Value::Complex(object([("created", created)])))])
    };
    let earlier = at("2026-01-01T09:00:00+02:00");
    assert_eq!(compare("meta.created", &earlier, &at("2026-01-01T08:00:00Z")), Ordering::Less);
    let active = |it| object([("active", Value::Boolean(it))]);
    assert_eq!(compare("active", &active(false), &active(true)), Ordering::Less);
}

#[test]
fn numbers_sort_by_their_value() {
    let key = |key| SortKey { key };
    assert_eq!(key(Key::Integer(9)).compare(&key(Key::Integer(10))), Ordering::Less);
    assert_eq!(key(Key::Decimal(9.5)).compare(&key(Key::Decimal(10.0))), Ordering::Less);
    assert_eq!(key(Key::Integer(10)).compare(&key(Key::Missing)), Ordering::Less);
}

#[test]
fn a_list_sorts_by_its_primary_value_or_else_the_first() {
    let primary = object([("emails", Value::List(vec![email("z", false), email("b", true)]))]);
    let first = object([("emails", Value::List(vec![email("c", false), email("a", false)]))]);
    for sort_by in ["emails", "emails.value"] {
        assert_eq!(compare(sort_by, &primary, &first), Ordering::Less);
    }
    let empty = object([("emails", Value::List(Vec::new()))]);
    assert_eq!(compare("emails", &primary, &empty), Ordering::Less);
}

#[test]
fn a_complex_value_without_value_sorts_by_its_first_text() {
    let name = |family: &str, given: &str| {
        // The schema has familyName first, whatever the order of the document.
        let parts = object([("givenName", text(given)), ("familyName", text(family))]);
        object([("name", Value::Complex(parts))])
    };
    assert_eq!(compare("name", &name("Adams", "Zoe"), &name("Baker", "Ann")), Ordering::Less);
    assert_eq!(
        compare("name.givenName", &name("Adams", "Zoe"), &name("Baker", "Ann")),
        Ordering::Greater
    );
}
