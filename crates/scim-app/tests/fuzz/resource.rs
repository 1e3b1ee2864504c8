//! A resource is refused, or stored, read back and sent back as it is.

use proptest::prelude::*;
use scim_domain::{
    GroupId, Json, Timestamp, UserId,
    group::Group,
    resource::{Document, document::Strictness},
    schema::{Catalog, Nature, ResourceKind, ResourceType},
    testing::{resources, schemas},
    user::{Source, User},
};

use crate::{
    driver::{Target, fuzz},
    patch::{WORDS, confirmed},
    seeds::{Recorded, drawn, kind_of, words},
};

// I6, N9
#[test]
fn a_resource_is_refused_or_kept_as_it_is() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let types = [schemas::every_kind(), Catalog::standard().group.clone()];
    let bodies = proptest::sample::select(types.to_vec()).prop_flat_map(|it| resources::sent(&it));
    let draw = drawn(seed, bodies, |(_, sent)| sent.to_string());
    let seeds = Recorded::read().resources.iter().map(|it| it.to_string().into_bytes()).collect();
    let words = words(&types[0], &WORDS);
    let judge = Box::new(move |input: &[u8]| {
        let json = match Json::parse(input) {
            Ok(json) => json,
            Err(refusal) => return kind_of(&refusal.detail),
        };
        types.iter().map(|it| judge(it, &json)).collect::<Vec<_>>().join("; ")
    });
    Target { name: "resource", words, seeds, draw, judge }
}

fn judge(of: &ResourceType, json: &Json) -> String {
    let parsed = match Document::from_request(of, json, Strictness::Tolerant) {
        Ok(parsed) => parsed,
        Err(refusal) => return kind_of(&refusal.detail),
    };
    assert!(parsed.ignored.len() <= 50);
    confirmed(of, &parsed.document);
    let strict = Document::from_request(of, json, Strictness::Strict);
    assert_eq!(strict.is_ok(), parsed.ignored.is_empty());
    let (id, now) = (uuid::Uuid::from_u128(7), Timestamp::from_micros(0));
    let ignored = parsed.ignored.len().min(3);
    let names: String = parsed.document.attributes().iter().map(|(name, _)| &**name).collect();
    let Nature::Stored(kind) = of.kind else { unreachable!("what is stored is fuzzed") };
    let refusal = match kind {
        ResourceKind::User => User::create(UserId::new(id), parsed.document, Source::Scim, now)
            .map(|made| {
                let user = made.outcome();
                assert_eq!(&User::from_stored(of, &user.to_stored(of)).unwrap(), user);
            }),
        ResourceKind::Group => Group::create(GroupId::new(id), parsed.document, now).map(|made| {
            let group = made.outcome();
            assert_eq!(&Group::from_stored(of, &group.to_stored(of)).unwrap(), group);
        }),
    };
    match refusal {
        Ok(()) => format!("{ignored} {names}"),
        Err(refusal) => kind_of(&refusal.detail),
    }
}
