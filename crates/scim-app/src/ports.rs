//! What the use cases need from the world.
//!
//! The store is one port in two halves. A [`Snapshot`] reads: one consistent view for the whole
//! request, which never waits for a writer. A [`UnitOfWork`] is one transaction: what it reads it
//! may rely on, and dropping it abandons it. Every method that touches tenant data takes the
//! organization.

mod access;
mod clock;
mod error;
mod feed;
mod idempotency;
mod ids;
mod keyring;
mod mapping_rules;
mod organizations;
mod queries;
mod records;
mod search;
mod secrets;
mod unit_of_work;

pub use access::{AccessQueries, Departed, Departures, Mark};
pub use clock::Clock;
pub use error::{StoreError, UniqueKey};
pub use feed::{FeedPosition, FeedQueries, NumberedEvent};
pub use idempotency::{AnsweredRequest, Idempotency, IdempotencyQueries};
pub use ids::Ids;
pub use keyring::{Keyring, KeyringQueries, SharedSecret};
pub use mapping_rules::{MappingRuleQueries, MappingRules};
pub use organizations::Organizations;
pub use queries::{
    Ahead, ApiKeyQueries, AuditQueries, GroupQueries, HolderQueries, NestingQueries,
    OrganizationQueries, RoleQueries, SchemaQueries, Snapshot, UserQueries,
};
pub use records::{
    ActivityPage, ActivityPlace, ActivityRecord, AuditFilter, AuditPage, AuditRecord, EventRecord,
    KeyUse, MemberState, QuirkCount, Seal, Sealed, UnsealedEntry,
};
pub use search::{Keyset, Page, Part, Place, Search, Window};
pub use secrets::{Secrets, Verdict};
pub use unit_of_work::{
    Activities, ApiKeys, AuditLog, Groups, Nestings, Outbox, Roles, Schemas, Store, UnitOfWork,
    Users,
};
