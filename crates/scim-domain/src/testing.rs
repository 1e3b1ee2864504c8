//! What property tests of every crate draw from: resources, filters and PATCH operations over
//! whatever schema they are given.
//!
//! Behind the feature `testing`, so that the tests of other crates can use it and no program does.
//! Everything is drawn from a [`ResourceType`](crate::schema::ResourceType), so that a custom
//! schema is covered as the standard ones are, and nothing here calls the engine it is there to
//! test: what comes out is JSON and text, as a client writes them.

#![expect(clippy::unwrap_used, reason = "a generator that is wrong fails its test")]
#![expect(clippy::missing_panics_doc, reason = "a generator that is wrong panics")]

pub mod filters;
pub mod operations;
pub mod resources;
pub mod runs;
pub mod schemas;
pub mod texts;
