//! Resources as checked documents, and the pure functions over them.
//!
//! A [`Document`] holds values whose types a schema has confirmed, under the names as the schema
//! spells them. It is the truth about a resource; typed facts are parsed from it. What the service
//! computes (`id`, `meta`, `groups`, `members`) is never in it and joins on the way out, in
//! [`representation`].

pub mod document;
pub mod filter;
pub mod index;
pub mod limits;
pub mod patch;
pub mod path;
pub mod projection;
pub mod representation;
pub mod sort;
pub mod value;

pub use document::{Document, Parsed};
pub use value::{DateTime, Object, Value};
