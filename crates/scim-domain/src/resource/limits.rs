//! What a request may carry. Published where the RFCs have a place for it, enforced everywhere.

/// Bytes of a body for Users.
pub const USER_BODY_BYTES: usize = 1024 * 1024;
/// Bytes of a body for Groups and Bulk.
pub const GROUP_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Operations of one Bulk request.
pub const BULK_OPERATIONS: usize = 1_000;
/// Members in one request.
pub const MEMBERS: usize = 150_000;
/// Operations of one PATCH.
pub const PATCH_OPERATIONS: usize = 1_000;
/// Values of one multi-valued attribute (members have their own limit).
pub const VALUES: usize = 100;
/// Bytes of a string.
pub const STRING_BYTES: usize = 4 * 1024;
/// Bytes of a filter.
pub const FILTER_BYTES: usize = 4 * 1024;
/// Nesting of a filter: parentheses, `not` and value paths.
pub const FILTER_DEPTH: usize = 16;
/// Comparisons and presence tests of a filter.
pub const FILTER_TERMS: usize = 64;
/// Nesting of JSON objects and arrays.
pub const JSON_DEPTH: usize = 32;
/// Resources of one page, when nobody says otherwise.
pub const DEFAULT_PAGE: u64 = 100;
/// Resources of one page, at most.
pub const LARGEST_PAGE: u64 = 1_000;
/// Bytes of the declaration of a schema.
pub const SCHEMA_BYTES: usize = 256 * 1024;
/// Schemas that an organization can declare.
pub const SCHEMAS: usize = 20;
/// Attributes of a declared schema.
pub const SCHEMA_ATTRIBUTES: usize = 100;
/// Sub-attributes of a declared attribute.
pub const SUB_ATTRIBUTES: usize = 30;
/// Indexed attributes of a declared schema: each costs a row for every value.
pub const INDEXED_ATTRIBUTES: usize = 10;
/// Canonical values of a declared attribute.
pub const CANONICAL_VALUES: usize = 100;
/// Letters of a declared attribute's name.
pub const ATTRIBUTE_NAME: usize = 64;
/// Bytes of the URN of a declared schema.
pub const URN_BYTES: usize = 200;
