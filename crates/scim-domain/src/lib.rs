//! What scimd knows about identities, whatever stores them and whoever asks.
//!
//! Users, groups, roles and their mapping; the SCIM schema engine as values; filter, PATCH and
//! projection as pure functions over a checked document. Nothing here does I/O, reads a clock,
//! makes randomness, or knows HTTP or SQL.

pub mod access;
pub mod api_key;
pub mod decision;
pub mod event;
pub mod fold;
pub mod group;
pub mod id;
pub mod invalid;
pub mod json;
pub mod managed_by;
pub mod mapping_rule;
pub mod organization;
pub mod resource;
pub mod role;
pub mod schema;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod time;
pub mod user;

pub use decision::Decision;
pub use event::{Event, EventKind, Subject};
pub use fold::FoldedText;
pub use id::{
    ApiKeyId, AuditEntryId, EventId, GroupId, MappingRuleId, OrganizationId, RequestId, RoleId,
    SchemaId, UserId,
};
pub use invalid::{Invalid, Reason};
pub use json::Json;
pub use managed_by::ManagedBy;
pub use time::Timestamp;
