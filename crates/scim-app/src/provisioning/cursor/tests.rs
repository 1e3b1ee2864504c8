//! Tests of sealed cursors.

use proptest::prelude::*;
use scim_domain::{
    Timestamp,
    resource::{
        document::Strictness,
        sort::{Sort, SortKey},
    },
    schema::Catalog,
};

use super::*;
use crate::provisioning::ListQuery;

fn key(number: u8) -> CursorKey {
    CursorKey::new(&SharedSecret::new([number; 32]))
}

fn organization(number: u128) -> OrganizationId {
    OrganizationId::new(Uuid::from_u128(number))
}

fn binding(organization_id: u128, query: &ListQuery) -> Binding {
    let user = &Catalog::standard().user;
    Binding::new(
        organization(organization_id),
        &[(user, &query.read(user, Strictness::Tolerant).unwrap())],
    )
}

fn plain() -> Binding {
    binding(1, &ListQuery::default())
}

/// The key of a user by an attribute, as a list has it.
fn sort_key(by: &str, body: &str) -> SortKey {
    let catalog = Catalog::standard();
    let body = scim_domain::Json::parse(body.as_bytes()).unwrap();
    let strictness = Strictness::Tolerant;
    let document =
        scim_domain::resource::Document::from_request(&catalog.user, &body, strictness).unwrap();
    let text = document.document.to_json(&catalog.user);
    let meta = scim_domain::resource::representation::Meta {
        created: Timestamp::from_micros(1),
        last_modified: Timestamp::from_micros(2),
        version: 1,
    };
    let id = scim_domain::UserId::new(Uuid::from_u128(7));
    let computed = scim_domain::resource::representation::Computed::User(id, None);
    let resource =
        scim_domain::resource::representation::resource(&catalog.user, &text, computed, &meta, "");
    Sort::parse(&catalog.user, by, None).unwrap().key(&catalog.user, &resource.unwrap())
}

fn cursor_at(key: SortKey) -> Cursor {
    Cursor {
        place: Place { key, id: Uuid::from_u128(0xfeed) },
        backwards: true,
        limit: 17,
        issued: Timestamp::from_micros(1_767_225_600_000_000),
    }
}

fn is_unreserved(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

fn any_key() -> impl Strategy<Value = SortKey> {
    let fixed = prop_oneof![
        Just(vec![0]),
        any::<bool>().prop_map(|it| vec![1, u8::from(it)]),
        (2_u8..=4, any::<[u8; 8]>()).prop_map(|(kind, value)| [&[kind], &value[..]].concat()),
        (5_u8..=6, ".{0,40}").prop_map(|(kind, text)| [&[kind], text.as_bytes()].concat()),
    ];
    fixed.prop_map(|bytes| SortKey::from_bytes(&bytes).unwrap())
}

fn any_cursor() -> impl Strategy<Value = Cursor> {
    (any_key(), any::<u128>(), any::<bool>(), any::<u64>(), any::<i64>()).prop_map(
        |(key, id, backwards, limit, issued)| Cursor {
            place: Place { key, id: Uuid::from_u128(id) },
            backwards,
            limit,
            issued: Timestamp::from_micros(issued),
        },
    )
}

proptest! {
    #[test]
    fn what_is_sealed_opens_as_it_was(cursor in any_cursor(), random: [u8; 32]) {
        let text = key(1).seal(&cursor, &plain(), random).unwrap();
        prop_assert!(is_unreserved(&text), "{text}");
        let opened = key(1).open(&text, &plain()).unwrap();
        prop_assert_eq!(opened.to_bytes(), cursor.to_bytes());
        // A NaN of one kind compares with itself as a place, though not as a number.
        prop_assert!(opened.place.compare(&cursor.place, false).is_eq());
    }

    // I6
    #[test]
    fn nothing_that_was_not_sealed_opens(text in "[A-Za-z0-9_.~-]{0,300}|.{0,60}") {
        prop_assert_eq!(key(1).open(&text, &plain()), None);
        // With the right version, whatever follows.
        prop_assert_eq!(key(1).open(&format!("AQ{text}"), &plain()), None);
    }

    #[test]
    fn nothing_that_was_altered_opens(
        cursor in any_cursor(),
        random: [u8; 32],
        at: prop::sample::Index,
        other in "[A-Za-z0-9_-]",
    ) {
        let text = key(1).seal(&cursor, &plain(), random).unwrap();
        let at = at.index(text.len());
        let mut altered = text.clone();
        altered.replace_range(at..=at, &other);
        prop_assume!(altered != text);
        prop_assert_eq!(key(1).open(&altered, &plain()), None);
        prop_assert_eq!(key(1).open(&text[..at], &plain()), None);
        prop_assert_eq!(key(1).open(&(text + &other), &plain()), None);
    }

    #[test]
    fn no_bytes_make_a_cursor_panic(bytes: Vec<u8>) {
        if let Some(cursor) = Cursor::from_bytes(&bytes) {
            let again = Cursor::from_bytes(&cursor.to_bytes()).unwrap();
            prop_assert_eq!(again.to_bytes(), cursor.to_bytes());
        }
    }
}

#[test]
fn a_cursor_is_good_for_one_question_alone() {
    let query = |filter: Option<&str>, by: Option<&str>, order: Option<&str>| ListQuery {
        filter: filter.map(str::to_owned),
        sort_by: by.map(str::to_owned),
        sort_order: order.map(str::to_owned),
        ..ListQuery::default()
    };
    let own = query(Some(r#"userName sw "j""#), Some("title"), None);
    let cursor = cursor_at(SortKey::MISSING);
    let text = key(1).seal(&cursor, &binding(1, &own), [9; 32]).unwrap();
    let opens = |binding: &Binding| key(1).open(&text, binding).is_some();
    assert!(opens(&binding(1, &own)));
    // The RFC itself repeats `userName` as `username`.
    let same = query(Some(r#"username SW "j""#), Some("TITLE"), Some("ascending"));
    assert!(opens(&binding(1, &same)));
    assert!(!opens(&binding(2, &own)));
    for other in [
        query(None, Some("title"), None),
        query(Some(r#"userName sw "jo""#), Some("title"), None),
        query(Some(r#"userName sw "j""#), Some("title"), Some("descending")),
        query(Some(r#"userName sw "j""#), Some("nickName"), None),
        query(Some(r#"userName sw "j""#), None, None),
    ] {
        assert!(!opens(&binding(1, &other)), "{other:?}");
    }
    let catalog = Catalog::standard();
    let read = |kind| ListQuery::default().read(kind, Strictness::Tolerant).unwrap();
    let (users, groups) = (read(&catalog.user), read(&catalog.group));
    let (user, group) = ((&catalog.user, &users), (&catalog.group, &groups));
    let endpoints: [&[_]; 3] = [&[user], &[group], &[user, group]];
    for (at, one) in endpoints.iter().enumerate() {
        let one = Binding::new(organization(1), one);
        let text = key(1).seal(&cursor, &one, [9; 32]).unwrap();
        for (other_at, other) in endpoints.iter().enumerate() {
            let opened = key(1).open(&text, &Binding::new(organization(1), other));
            assert_eq!(opened.is_some(), at == other_at);
        }
    }
    assert_eq!(key(2).open(&text, &binding(1, &own)), None);
}

// A3
#[test]
fn a_cursor_does_not_show_whose_place_it_is() {
    let place = sort_key("userName", r#"{"userName":"jane.doe@example.com"}"#);
    let text = key(1).seal(&cursor_at(place), &plain(), [9; 32]).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
    let shows = |part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
    assert!(!shows(b"jane") && !shows(b"example") && !shows(&[0xfe, 0xed]));
    assert_eq!(format!("{:?}", SharedSecret::new([7; 32])), "SharedSecret(…)");
}

// I4
#[test]
fn the_longest_value_there_is_makes_a_cursor_that_opens() {
    // Folded, this one is eleven times as long.
    let ligatures = "\u{fdfa}".repeat(4096 / 3);
    for name in ["x".repeat(4096), "ä".repeat(2048), ligatures] {
        let body = format!(r#"{{"userName":"a","title":"{name}"}}"#);
        let cursor = cursor_at(sort_key("title", &body));
        let text = key(1).seal(&cursor, &plain(), [9; 32]).unwrap();
        assert!(text.len() <= LONGEST, "{}", text.len());
        assert_eq!(key(1).open(&text, &plain()), Some(cursor));
    }
}
