//! What identity providers really send, and what they must get back.
//!
//! Every `*.json` below `identity_providers/` is one story: who is there at first, the requests in
//! the client's own words, and what each is answered, up to reading back what it has left behind.
//! `identity_providers/runner.rs` says how a story is written. The lists in the modules here name
//! every story once; a file in no list fails.

use std::{collections::BTreeSet, path::Path};

mod runner;

/// Makes one test of each story of a folder.
macro_rules! stories {
    ($folder:literal: $($(#[$about:meta])* $test:ident: $file:literal,)+) => {
        $($(#[$about])* #[actix_web::test]
        async fn $test() {
            let path = concat!($folder, "/", $file, ".json");
            let story = include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/tests/identity_providers/", $folder, "/", $file, ".json"
            ));
            super::runner::play(path, story).await;
        })+

        pub(super) const STORIES: &[&str] = &[$(concat!($folder, "/", $file, ".json"),)+];
    };
}

mod entra;
mod field;
mod field_at_scale;
mod okta;
mod others;

#[test]
fn every_story_is_told_once() {
    let lists = [entra::STORIES, field::STORIES, okta::STORIES, others::STORIES].concat();
    let told: BTreeSet<String> = lists.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), lists.len(), "a story is in two lists");
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/identity_providers");
    let mut written = BTreeSet::new();
    for folder in ["entra", "field", "okta", "others"] {
        for file in home.join(folder).read_dir().unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            written.insert(format!("{folder}/{name}"));
        }
    }
    let stray: Vec<_> = written.difference(&told).collect();
    assert!(stray.is_empty(), "in no list: {stray:?}");
}
