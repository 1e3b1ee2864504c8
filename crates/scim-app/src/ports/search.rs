use std::sync::Arc;

use scim_domain::{
    resource::{filter::Filter, sort::Sort},
    schema::Catalog,
};

/// Which part of the matches a caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many matches to skip.
    pub offset: u64,
    /// How many to return at most; 0 asks for the total alone.
    pub limit: u64,
}

/// A search among the users or the groups of an organization.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The schemas of the organization, by which documents are read.
    pub catalog: &'a Arc<Catalog>,
    /// What must match; everything without one.
    pub filter: Option<&'a Filter>,
    /// The order; without one, and among equals, creation (that is: id) ascending.
    pub sort: Option<&'a Sort>,
    /// Which matches.
    pub window: Window,
}

/// A part of the matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// All matches, exactly.
    pub total: u64,
    /// Those inside the window.
    pub items: Vec<T>,
}
