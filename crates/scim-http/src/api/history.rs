//! Looking back: who changed what, and what became of requests.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scim_app::{
    ports::{ActivityPlace, ActivityRecord, AuditFilter, Sealed},
    sealer::Verification,
};
use scim_domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answer::{moment, ok},
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    paging::{List, Paging},
    problem::Problem,
};

part![list_audit_entries, verify_audit, list_activity];

/// An entry of the audit log: one change, by whom, of what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its place in the chain, counted from 1; `null` in the moment before it has one.
    #[schema(required)]
    sequence: Option<u64>,
    /// SHA-256 over the hash before and this entry, in hexadecimal; `null` until it has a place.
    #[schema(required)]
    hash: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    time: String,
    /// By whom: `api_key:<id>`, `cli:<user>` or `system`.
    actor: String,
    /// What was done.
    #[schema(examples("user.updated"))]
    action: String,
    /// To what.
    subject: AuditSubject,
    /// The request it happened in, if it was one.
    #[schema(required)]
    request_id: Option<String>,
    /// What else matters.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// What an entry is about.
#[derive(Serialize, ToSchema)]
struct AuditSubject {
    /// What kind of thing it is.
    r#type: &'static str,
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
}

impl AuditEntry {
    fn of(it: &Sealed) -> Self {
        let entry = &it.entry;
        Self {
            id: entry.id.to_string(),
            sequence: it.seal.as_ref().map(|seal| seal.sequence),
            hash: it.seal.as_ref().map(|seal| hex(&seal.hash)),
            time: moment(entry.at),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: AuditSubject {
                r#type: entry.subject.kind(),
                id: entry.subject.uuid().as_hyphenated().to_string(),
            },
            request_id: entry.request_id.clone(),
            detail: entry.detail.clone(),
        }
    }
}

fn hex(hash: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect()
}

/// What checking the chain found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditVerification {
    /// Whether every entry is as it was sealed.
    valid: bool,
    /// Entries that were checked and are right.
    verified: u64,
    /// The number of the first entry that is not what was sealed, or is missing; `null` if none is.
    #[schema(required)]
    first_bad: Option<u64>,
    /// Entries that have no place in the chain yet.
    unsealed: u64,
}

impl From<Verification> for AuditVerification {
    fn from(it: Verification) -> Self {
        let Verification { verified, first_bad, unsealed } = it;
        Self { valid: first_bad.is_none(), verified, first_bad, unsealed }
    }
}

/// What became of a request of an identity provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ActivityEntry {
    /// The request, by the id that is in its answer.
    request_id: String,
    /// When it came in.
    #[schema(format = DateTime)]
    time: String,
    /// With which key.
    #[schema(format = Uuid)]
    api_key: String,
    /// The method.
    method: String,
    /// The path below the base URL, without the query.
    path: String,
    /// The status it was answered with.
    #[schema(minimum = 100, maximum = 599)]
    status: u16,
    /// What was done, left out or refused.
    detail: String,
}

impl ActivityEntry {
    fn of(it: &ActivityRecord) -> Self {
        Self {
            request_id: it.request_id.clone(),
            time: moment(it.at),
            api_key: it.api_key.to_string(),
            method: it.method.clone(),
            path: it.path.clone(),
            status: it.status,
            detail: it.detail.clone(),
        }
    }
}

/// Which entries are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Items of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u64>,
    /// `nextCursor` of the page before; without it, the first page.
    cursor: Option<String>,
    /// Only entries about the user, group, role, key, … of this id.
    #[param(format = Uuid)]
    subject: Option<String>,
    /// Only entries of this action, such as `user.updated`.
    action: Option<String>,
}

/// A page and, if others follow, the place where it ended.
fn page<T>(items: Vec<T>, rest: Option<Uuid>) -> List<T> {
    List { items, next_cursor: rest.map(|it| URL_SAFE_NO_PAD.encode(it.as_bytes())) }
}

/// List audit entries
///
/// Who changed what, newest first. What one request changed has its id.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/audit",
    tag = "Audit",
    security(("managementKey" = ["audit.read"])),
    params(InOrganization, Which),
    responses((status = 200, description = "A page", body = List<AuditEntry>))
)]
async fn list_audit_entries(call: Call) -> Handled {
    let Which { limit, cursor, subject, action } = call.query()?;
    let paging = Paging { limit, cursor };
    let before = paging.after()?.map(|it| it.as_u64_pair().1);
    let subject = subject.map(|it| it.parse::<Uuid>()).transpose();
    let subject = subject.map_err(|_| Problem::invalid("subject must be the id of something."))?;
    let filter = AuditFilter { subject, action };
    let (organization, limit) = (call.organization()?, paging.limit()?);
    let administration = call.administration()?;
    let found = administration.page_of_audit(organization, &filter, before, limit).await?;
    let items = found.entries.iter().map(AuditEntry::of).collect();
    ok(&page(items, found.rest.map(|it| Uuid::from_u64_pair(0, it))))
}

/// Verify the audit log
///
/// Recomputes the chain over all entries: what was changed, removed or slipped in shows.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/audit/verify",
    tag = "Audit",
    security(("managementKey" = ["audit.read"])),
    params(InOrganization),
    responses((status = 200, description = "What was found", body = AuditVerification))
)]
async fn verify_audit(call: Call) -> Handled {
    let found = call.administration()?.verify_audit(call.organization()?).await?;
    ok(&AuditVerification::from(found))
}

/// List activity
///
/// What became of the writes and the refused requests of identity providers, newest first.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/activity",
    tag = "Audit",
    security(("managementKey" = ["audit.read"])),
    params(InOrganization, Paging),
    responses((status = 200, description = "A page", body = List<ActivityEntry>))
)]
async fn list_activity(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let after = paging.after()?.map(place);
    let administration = call.administration()?;
    let found = administration.page_of_activity(call.organization()?, after, paging.limit()?);
    let found = found.await?;
    let items = found.requests.iter().map(ActivityEntry::of).collect();
    ok(&page(items, found.rest.map(cursor)))
}

/// A place in the activity in the form of cursors.
fn cursor(place: ActivityPlace) -> Uuid {
    Uuid::from_u64_pair(place.at.micros().cast_unsigned(), place.position)
}

fn place(cursor: Uuid) -> ActivityPlace {
    let (at, position) = cursor.as_u64_pair();
    ActivityPlace { at: Timestamp::from_micros(at.cast_signed()), position }
}
