//! What rows mean: one reader for each kind of record, and the names that stand in columns.

mod api_keys;
mod mapping_rules;
mod organizations;

use std::sync::Arc;

pub(crate) use api_keys::{
    denied_roles, permission_names, read_api_key, read_authenticated, read_key_use, read_quirk,
    read_used_key,
};
use scim_app::ports::{
    ActivityPlace, ActivityRecord, AuditRecord, EventRecord, FeedPosition, MemberState,
    NumberedEvent, Seal, Sealed, SharedSecret, StoreError, UnsealedEntry,
};
use scim_domain::{
    ApiKeyId, AuditEntryId, Event, EventId, EventKind, GroupId, MappingRuleId, OrganizationId,
    RoleId, SchemaId, Subject, Timestamp, UserId,
    access::{Holding, Via},
    group::StoredGroup,
    resource::representation::{GroupRef, Meta},
    role::{MappedRole, Role, RoleKey},
    schema::{ResourceKind, Schema, custom::CustomSchema},
    user::{Source, StoredUser},
};
use uuid::Uuid;

pub(crate) use mapping_rules::read_mapping_rule;
use organizations::organization_at;
pub(crate) use organizations::read_organization;

use crate::{
    error::{failed, inconsistent},
    session::Row,
};

pub(crate) mod access;

type Result<T> = std::result::Result<T, StoreError>;

/// A count as the database keeps it.
pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn natural(row: &dyn Row, column: usize, table: &'static str) -> Result<u64> {
    u64::try_from(row.int(column)?).map_err(|_| inconsistent(table, "a number is negative"))
}

fn moment(row: &dyn Row, column: usize) -> Result<Timestamp> {
    row.int(column).map(Timestamp::from_micros)
}

fn optional_moment(row: &dyn Row, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.optional_int(column)?.map(Timestamp::from_micros))
}

pub(crate) fn read_id(row: &dyn Row) -> Result<Uuid> {
    row.id(0)
}

pub(crate) fn read_organization_id(row: &dyn Row) -> Result<OrganizationId> {
    row.id(0).map(OrganizationId::new)
}

pub(crate) fn read_user_id(row: &dyn Row) -> Result<UserId> {
    row.id(0).map(UserId::new)
}

pub(crate) fn read_count(row: &dyn Row) -> Result<u64> {
    natural(row, 0, "count")
}

/// How many resources there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing {
    /// In spans.
    pub(crate) spanned: u64,
    /// In blocks after the last span.
    pub(crate) loose: u64,
    /// How many such blocks there are.
    pub(crate) loose_blocks: u64,
    /// After the last block, as far as that was counted.
    pub(crate) tail: u64,
    /// Where the last span ends, if there is one.
    pub(crate) last_span: Option<Uuid>,
    /// Where the last block ends, if there is one.
    pub(crate) last: Option<Uuid>,
}

pub(crate) fn read_standing(row: &dyn Row) -> Result<Standing> {
    let sum = |at| match row.optional_int(at)? {
        None => Ok(0),
        Some(_) => natural(row, at, BLOCKS),
    };
    Ok(Standing {
        spanned: sum(0)?,
        loose: sum(1)?,
        loose_blocks: natural(row, 2, BLOCKS)?,
        tail: natural(row, 3, BLOCKS)?,
        last_span: row.optional_id(4)?,
        last: row.optional_id(5)?,
    })
}

/// Where something ends, and how many resources it has, or how many there are up to there.
pub(crate) type End = (Uuid, u64);

/// A block, and the span before the one that it is in: none if that is the first one.
pub(crate) fn read_way(row: &dyn Row) -> Result<(End, Option<End>)> {
    let span = row.optional_id(2)?;
    let span = span.map(|until| Ok((until, natural(row, 3, BLOCKS)?))).transpose()?;
    Ok((read_block(row)?, span))
}

pub(crate) fn read_block(row: &dyn Row) -> Result<End> {
    Ok((row.id(0)?, natural(row, 1, BLOCKS)?))
}

const BLOCKS: &str = "resource_blocks";

pub(crate) fn read_text(row: &dyn Row) -> Result<String> {
    row.text(0)
}

/// A request without whose it is and what it is called, which whoever reads it knows.
pub(crate) fn read_answered(row: &dyn Row) -> Result<([u8; 32], Vec<u8>, Timestamp)> {
    let fingerprint = row.bytes(0)?.try_into();
    let fingerprint = fingerprint
        .map_err(|_| inconsistent("idempotency_keys", "a fingerprint is not 256 bits long"))?;
    Ok((fingerprint, row.bytes(1)?, moment(row, 2)?))
}

pub(crate) fn read_secret(row: &dyn Row) -> Result<SharedSecret> {
    let bits = row.bytes(0)?.try_into();
    bits.map(SharedSecret::new)
        .map_err(|_| inconsistent("keyring", "a secret is not 256 bits long"))
}

pub(crate) fn read_schema(row: &dyn Row) -> Result<CustomSchema> {
    const TABLE: &str = "organization_schemas";
    let extends = ResourceKind::parse(&row.text(1)?)
        .ok_or_else(|| inconsistent(TABLE, "the resource type has an unknown name"))?;
    let schema = Schema::read(&row.text(2)?).map_err(|it| inconsistent(TABLE, it.to_string()))?;
    let building: Vec<String> = serde_json::from_str(&row.text(3)?)
        .map_err(|_| inconsistent(TABLE, "what is being indexed is no list of names"))?;
    let last = row.id(4)?;
    let schema = CustomSchema {
        id: SchemaId::new(row.id(0)?),
        extends,
        schema: Arc::new(schema),
        created: moment(row, 5)?,
        updated: moment(row, 6)?,
        indexed_up_to: (!last.is_nil()).then(|| UserId::new(last)),
    };
    Ok(schema.with_building(&building))
}

fn meta(row: &dyn Row, table: &'static str) -> Result<Meta> {
    Ok(Meta {
        created: moment(row, 1)?,
        last_modified: moment(row, 2)?,
        version: natural(row, 3, table)?,
    })
}

pub(crate) fn read_user(row: &dyn Row) -> Result<StoredUser> {
    let source = Source::parse(&row.text(4)?)
        .ok_or_else(|| inconsistent("users", "the source has an unknown name"))?;
    Ok(StoredUser {
        id: UserId::new(row.id(0)?),
        meta: meta(row, "users")?,
        source,
        protected: row.flag(5)?,
        active: row.optional_flag(6)?.unwrap_or(false),
        document: row.text(7)?,
    })
}

pub(crate) fn read_member_state(row: &dyn Row) -> Result<MemberState> {
    Ok(MemberState {
        id: UserId::new(row.id(0)?),
        active: row.optional_flag(1)?.unwrap_or(false),
        protected: row.flag(2)?,
    })
}

pub(crate) fn read_group(row: &dyn Row) -> Result<StoredGroup> {
    Ok(StoredGroup {
        id: GroupId::new(row.id(0)?),
        meta: meta(row, "groups")?,
        written_over_scim: row.flag(4)?,
        document: row.text(5)?,
    })
}

pub(crate) fn read_group_of(row: &dyn Row) -> Result<(UserId, GroupRef)> {
    group_of(row, true)
}

/// The same of a group above one of the user's own.
pub(crate) fn read_group_above(row: &dyn Row) -> Result<(UserId, GroupRef)> {
    group_of(row, false)
}

fn group_of(row: &dyn Row, direct: bool) -> Result<(UserId, GroupRef)> {
    let group = GroupRef { id: GroupId::new(row.id(1)?), display_name: row.text(2)?, direct };
    Ok((UserId::new(row.id(0)?), group))
}

/// Id and name of a group.
pub(crate) fn read_group_name(row: &dyn Row) -> Result<(GroupId, String)> {
    Ok((GroupId::new(row.id(0)?), row.text(1)?))
}

pub(crate) fn read_member_of(row: &dyn Row) -> Result<(GroupId, UserId)> {
    Ok((GroupId::new(row.id(0)?), UserId::new(row.id(1)?)))
}

/// Path, element, term.
pub(crate) fn read_term(row: &dyn Row) -> Result<(String, i64, String)> {
    Ok((row.text(0)?, row.int(1)?, row.text(2)?))
}

pub(crate) fn read_role(row: &dyn Row) -> Result<Role> {
    let permissions = serde_json::from_str(&row.text(4)?)
        .map_err(|_| inconsistent("roles", "the permissions are no list of names"))?;
    Ok(Role {
        id: RoleId::new(row.id(0)?),
        key: RoleKey::read(row.text(1)?),
        name: row.text(2)?,
        description: row.text(3)?,
        permissions,
        built_in: row.flag(5)?,
        privileged: row.flag(6)?,
        home_group: GroupId::new(row.id(7)?),
        created: moment(row, 8)?,
    })
}

/// Id of a group and a number.
pub(crate) fn read_group_count(row: &dyn Row) -> Result<(GroupId, u64)> {
    Ok((GroupId::new(row.id(0)?), natural(row, 1, "group_members")?))
}

pub(crate) fn read_mapped(row: &dyn Row) -> Result<(GroupId, MappedRole)> {
    let group = row.id(0)?;
    let role = MappedRole {
        id: RoleId::new(row.id(1)?),
        key: RoleKey::read(row.text(2)?),
        name: row.text(3)?,
        privileged: row.flag(4)?,
        home: row.id(5)? == group,
    };
    Ok((GroupId::new(group), role))
}

pub(crate) fn read_holding(row: &dyn Row) -> Result<Holding> {
    let (group, role) = read_mapped(row)?;
    Ok(Holding { user: UserId::new(row.id(6)?), role, via: Via::Group(group) })
}

pub(crate) fn read_assigned(row: &dyn Row) -> Result<Holding> {
    let role = MappedRole {
        id: RoleId::new(row.id(0)?),
        key: RoleKey::read(row.text(1)?),
        name: row.text(2)?,
        privileged: row.flag(3)?,
        home: false,
    };
    Ok(Holding { user: UserId::new(row.id(4)?), role, via: Via::Assignment })
}

pub(crate) fn read_role_count(row: &dyn Row) -> Result<(RoleId, u64)> {
    Ok((RoleId::new(row.id(0)?), natural(row, 1, "role_assignments")?))
}

fn subject(kind: &str, id: Uuid, table: &'static str) -> Result<Subject> {
    match kind {
        "organization" => Ok(Subject::Organization(OrganizationId::new(id))),
        "user" => Ok(Subject::User(UserId::new(id))),
        "group" => Ok(Subject::Group(GroupId::new(id))),
        "role" => Ok(Subject::Role(RoleId::new(id))),
        "mapping_rule" => Ok(Subject::MappingRule(MappingRuleId::new(id))),
        "api_key" => Ok(Subject::ApiKey(ApiKeyId::new(id))),
        "schema" => Ok(Subject::Schema(SchemaId::new(id))),
        _ => Err(inconsistent(table, "the subject is of an unknown kind")),
    }
}

fn json(text: &str, table: &'static str) -> Result<serde_json::Value> {
    serde_json::from_str(text).map_err(|_| inconsistent(table, "a detail is no JSON"))
}

pub(crate) fn read_entry(row: &dyn Row) -> Result<AuditRecord> {
    const TABLE: &str = "audit_entries";
    Ok(AuditRecord {
        id: AuditEntryId::new(row.id(0)?),
        at: moment(row, 1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        subject: subject(&row.text(4)?, row.id(5)?, TABLE)?,
        request_id: row.optional_text(6)?,
        detail: json(&row.text(7)?, TABLE)?,
    })
}

pub(crate) fn read_unsealed(row: &dyn Row) -> Result<UnsealedEntry<AuditRecord>> {
    Ok(UnsealedEntry { organization: OrganizationId::new(row.id(8)?), entry: read_entry(row)? })
}

fn seal_at(row: &dyn Row, at: usize) -> Result<Seal> {
    const TABLE: &str = "audit_seals";
    let hash = row.bytes(at + 1)?.try_into();
    let hash = hash.map_err(|_| inconsistent(TABLE, "a hash has not 32 bytes"))?;
    Ok(Seal { sequence: natural(row, at, TABLE)?, hash })
}

pub(crate) fn read_seal(row: &dyn Row) -> Result<Seal> {
    seal_at(row, 0)
}

pub(crate) fn read_sealed(row: &dyn Row) -> Result<Sealed> {
    Ok(Sealed { entry: read_entry(row)?, seal: Some(seal_at(row, 8)?) })
}

pub(crate) fn read_event(row: &dyn Row) -> Result<EventRecord> {
    const TABLE: &str = "events";
    let name = row.text(2)?;
    let kind = EventKind::ALL.iter().copied().find(|it| it.name() == name);
    let kind = kind.ok_or_else(|| inconsistent(TABLE, "the kind has an unknown name"))?;
    let subject = subject(&row.text(3)?, row.id(4)?, TABLE)?;
    Ok(EventRecord {
        id: EventId::new(row.id(0)?),
        at: moment(row, 1)?,
        event: Event::new(kind, subject, json(&row.text(5)?, TABLE)?),
        request_id: row.optional_text(6)?,
    })
}

/// An event, then its number.
pub(crate) fn read_numbered(row: &dyn Row) -> Result<NumberedEvent> {
    Ok(NumberedEvent { sequence: natural(row, 7, "feed")?, record: read_event(row)? })
}

pub(crate) fn read_position(row: &dyn Row) -> Result<FeedPosition> {
    Ok(FeedPosition { latest: natural(row, 0, "feeds")?, forgotten: natural(row, 1, "feeds")? })
}

pub(crate) fn read_latest(row: &dyn Row) -> Result<(OrganizationId, u64)> {
    Ok((read_organization_id(row)?, natural(row, 1, "feeds")?))
}

/// An event, when it happened, and its number.
pub(crate) fn read_age(row: &dyn Row) -> Result<(Uuid, Timestamp, u64)> {
    Ok((row.id(0)?, moment(row, 1)?, natural(row, 2, "feed")?))
}

/// Two ids: organization and event that waits for its number, or group and group.
pub(crate) fn read_pair(row: &dyn Row) -> Result<(Uuid, Uuid)> {
    Ok((row.id(0)?, row.id(1)?))
}

fn read_activity(row: &dyn Row) -> Result<ActivityRecord> {
    let status =
        u16::try_from(row.int(5)?).map_err(|_| inconsistent("activity", "the status is none"))?;
    Ok(ActivityRecord {
        request_id: row.text(0)?,
        at: moment(row, 1)?,
        api_key: ApiKeyId::new(row.id(2)?),
        method: row.text(3)?,
        path: row.text(4)?,
        status,
        detail: row.text(6)?,
    })
}

/// A request, then what tells it from others of the same moment.
pub(crate) fn read_placed_activity(row: &dyn Row) -> Result<(ActivityPlace, ActivityRecord)> {
    let record = read_activity(row)?;
    let place = ActivityPlace { at: record.at, position: natural(row, 7, "activity")? };
    Ok((place, record))
}

/// A list of names as one column.
pub(crate) fn names(names: &[String]) -> Result<String> {
    serde_json::to_string(names).map_err(failed)
}
