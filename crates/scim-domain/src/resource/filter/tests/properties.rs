use proptest::prelude::*;

use super::*;
use crate::{
    resource::representation::{self, Computed, GroupRef, Meta},
    schema::{Found, Nature, ResourceKind, ResourceType},
    testing::{
        filters::{self, Literals},
        resources,
        schemas::{self, Drawn},
    },
};

fn path(name: &str) -> AttributePath {
    match catalog().user.find(name) {
        Found::Attribute(found) => found.path(),
        other => panic!("{name} is {other:?}"),
    }
}

const TEXTS: &[&str] = &[
    "userName",
    "externalId",
    "name.familyName",
    "emails.value",
    "emails.type",
    "groups.$ref",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
];
const PARTS: &[&str] = &["emails.value", "emails.type", "emails.display"];

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(Comparison::ALL.to_vec())
}

fn equality() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![Comparison::Eq, Comparison::Ne])
}

fn compare_text(paths: &'static [&'static str]) -> impl Strategy<Value = Filter> {
    let words = prop::sample::select(vec!["work", "B@work.example", "jensen", "J", ""]);
    let text = prop_oneof!["[^\0]{0,8}", words.prop_map(str::to_owned)];
    (prop::sample::select(paths), comparison(), text).prop_map(|(name, comparison, text)| {
        Filter::Compare(path(name), comparison, Literal::Text(text))
    })
}

fn presence(paths: &'static [&'static str]) -> impl Strategy<Value = Filter> {
    let present = prop::sample::select(paths).prop_map(|it| Filter::Present(path(it)));
    let null = (prop::sample::select(paths), equality())
        .prop_map(|(name, it)| Filter::Compare(path(name), it, Literal::Null));
    prop_oneof![present, null]
}

/// Joins leaves up to a depth that the parser allows.
fn tree(leaf: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> {
    leaf.prop_recursive(4, 16, 3, |inner| {
        let some = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            some().prop_map(Filter::And),
            some().prop_map(Filter::Or),
            inner.clone().prop_map(|it| Filter::Not(Box::new(it))),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let flag = (equality(), any::<bool>())
        .prop_map(|(it, flag)| Filter::Compare(path("active"), it, Literal::Boolean(flag)));
    let date = comparison().prop_map(|it| {
        Filter::Compare(path("meta.created"), it, Literal::Text("2026-01-01T00:00:00Z".to_owned()))
    });
    let inside = prop_oneof![compare_text(PARTS), presence(PARTS)];
    let element = tree(inside).prop_map(|it| Filter::Element(path("emails"), Box::new(it)));
    tree(
        prop_oneof![4 => compare_text(TEXTS), 2 => presence(TEXTS), 1 => flag, 1 => date, 2 => element],
    )
}

/// A resource type, standard or not, and a filter that it allows.
fn any_filter() -> impl Strategy<Value = (Drawn, filters::Condition)> {
    schemas::any()
        .prop_flat_map(|it| (Just(it.clone()), filters::filter(&it, &Literals::default())))
}

/// A resource as a search looks at it.
fn whole(of: &ResourceType, document: &crate::resource::Document) -> Object {
    let now = Timestamp::from_micros(1_767_225_600_000_000);
    let meta = Meta { created: now, last_modified: now.plus_seconds(3), version: 1 };
    let id = |it| uuid::Uuid::from_u128(it);
    let groups =
        [GroupRef { id: GroupId::new(id(2)), display_name: "anna".to_owned(), direct: true }];
    let computed = match of.kind {
        Nature::Stored(ResourceKind::User) => Computed::User(UserId::new(id(1)), Some(&groups)),
        Nature::Stored(ResourceKind::Group) => Computed::Group(GroupId::new(id(1)), Some(&[])),
        Nature::Computed { .. } => unreachable!("filters are drawn for what is stored"),
    };
    representation::resource(of, &document.to_json(of), computed, &meta, "").unwrap()
}

proptest! {
    #![proptest_config(crate::testing::runs::config())]

    #[test]
    fn a_printed_filter_parses_back_to_the_same_tree(filter in filter()) {
        let text = filter.to_string();
        prop_assume!(text.len() <= crate::resource::limits::FILTER_BYTES);
        let parsed = Filter::parse(&text, &catalog().user, &[]);
        // A generated tree may have more terms than the parser takes; nothing else may fail.
        if let Err(invalid) = &parsed {
            prop_assert!(invalid.detail.contains("conditions"), "{text}: {invalid}");
        } else {
            prop_assert_eq!(parsed, Ok(filter));
        }
    }

    #[test]
    fn a_negation_matches_what_the_filter_does_not(filter in filter()) {
        let (plain, user) = (filter.clone(), jensen());
        let negated = Filter::Not(Box::new(filter));
        let user_type = &catalog().user;
        prop_assert_ne!(plain.matches(user_type, &user), negated.matches(user_type, &user));
    }

    #[test]
    fn whatever_a_schema_allows_parses_prints_and_parses_back((of, written) in any_filter()) {
        let text = written.to_string();
        match Filter::parse(&text, &of, &[]) {
            Ok(filter) => {
                let printed = filter.to_string();
                prop_assume!(printed.len() <= crate::resource::limits::FILTER_BYTES);
                prop_assert_eq!(Filter::parse(&printed, &of, &[]), Ok(filter), "{}", printed);
            }
            // A drawn tree may be beyond the limits of the parser; nothing else may fail.
            Err(invalid) => prop_assert!(
                ["conditions", "longer", "nested"].iter().any(|it| invalid.detail.contains(it)),
                "{text}: {invalid}"
            ),
        }
    }

    #[test]
    fn a_filter_of_any_schema_or_its_negation_matches(
        ((of, written), body) in any_filter().prop_flat_map(|it| (Just(it.clone()), resources::document(&it.0))),
    ) {
        let Ok(filter) = Filter::parse(&written.to_string(), &of, &[]) else { return Ok(()) };
        let user = whole(&of, &body);
        let outcome = filter.matches(&of, &user);
        let printed = Filter::parse(&filter.to_string(), &of, &[]);
        if let Ok(printed) = printed {
            prop_assert_eq!(printed.matches(&of, &user), outcome);
        }
        prop_assert_ne!(Filter::Not(Box::new(filter)).matches(&of, &user), outcome);
    }

    #[test]
    fn an_ill_typed_comparison_is_refused_or_means_something(
        (of, text) in schemas::any().prop_flat_map(|it| (Just(it.clone()), filters::ill_typed(&it))),
    ) {
        match Filter::parse(&text, &of, &[]) {
            Ok(filter) => prop_assert_eq!(Filter::parse(&filter.to_string(), &of, &[]), Ok(filter)),
            Err(invalid) => prop_assert_eq!(invalid.reason, crate::Reason::InvalidFilter),
        }
    }

    #[test]
    fn the_parser_never_panics(text in ".{0,200}") {
        // I6
        _ = Filter::parse(&text, &catalog().user, &[&catalog().group]);
    }

    #[test]
    fn the_parser_never_panics_on_what_looks_like_a_filter(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "(", ")", "[", "]", "not", "and", "or", "eq", "pr", "co", "gt", "emails", "title", ".value",
                "value", "type", "\"", "\"x\"", "\\", "null", "true", "-1", "1e999", " ", " ", " ", "é", "\u{2003}",
            ]),
            0..40,
        ),
    ) {
        // I6
        let text = words.concat();
        if let Ok(filter) = Filter::parse(&text, &catalog().user, &[]) {
            prop_assert_eq!(Filter::parse(&filter.to_string(), &catalog().user, &[]), Ok(filter.clone()));
            filter.matches(&catalog().user, &jensen());
        }
    }

    #[test]
    fn a_number_prints_as_it_parses(number in any::<f64>().prop_filter("finite", |it| it.is_finite())) {
        let number = serde_json::Number::from_f64(number).unwrap();
        let text = number.to_string();
        let read = literal::read(&mut cursor::Cursor::new(&text)).unwrap();
        prop_assert_eq!(read, Literal::Number(number));
    }
}
