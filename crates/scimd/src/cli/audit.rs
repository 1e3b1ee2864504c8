//! `scimd audit …`

use anyhow::bail;
use clap::Subcommand;
use scim_app::ports::{AuditFilter, AuditPage, Sealed};
use scim_domain::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Tools, parse};
use crate::output::{Answer, table};

/// The commands for the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// List who changed what, newest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// At most so many entries, and 1,000
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u64,
        /// Only entries with smaller numbers: the page after the one that ended there
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
        /// Only entries about the user, group, role, key or organization of this id
        #[arg(long, value_name = "ID")]
        subject: Option<Uuid>,
        /// Only entries of this kind, such as user.updated
        #[arg(long, value_name = "NAME")]
        action: Option<String>,
    },
    /// Check that no entry was changed, removed or slipped in
    ///
    /// Names the first entry that does not fit, and how many are not sealed yet.
    Verify {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
}

impl Audit {
    /// Does it.
    ///
    /// # Errors
    /// No such organization; `verify`: a chain that does not hold, with the first bad entry.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        match self {
            Self::List { organization, limit, before, subject, action } => {
                let filter = AuditFilter { subject, action };
                let administration = &tools.administration;
                let page = administration.page_of_audit(organization, &filter, before, limit);
                Ok(list(&page.await?))
            }
            Self::Verify { organization } => verify(tools, organization).await,
        }
    }
}

fn list(page: &AuditPage) -> Answer {
    let entries = &page.entries;
    let row = |it: &Sealed| {
        let place = it.seal.as_ref().map(|seal| seal.sequence.to_string());
        let subject = format!("{} {}", it.entry.subject.kind(), it.entry.subject.uuid());
        let (at, actor) = (it.entry.at.to_string(), it.entry.actor.clone());
        let detail = it.entry.detail.to_string();
        [place.unwrap_or_default(), at, actor, it.entry.action.clone(), subject, detail]
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    let head = ["number", "when", "who", "what", "of", "detail"];
    let text = table("Nothing has happened yet.", head, &rows);
    let older = |rest| format!("\n\nThere are older entries; --before {rest} shows them.");
    let text = text + &page.rest.map(older).unwrap_or_default();
    Answer { json: entries.iter().map(object).collect(), text }
}

fn object(it: &Sealed) -> Value {
    let entry = &it.entry;
    json!({
        "id": entry.id.to_string(),
        "at": entry.at.to_string(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": { "type": entry.subject.kind(), "id": entry.subject.uuid().to_string() },
        "requestId": entry.request_id,
        "detail": entry.detail,
        "sequence": it.seal.as_ref().map(|seal| seal.sequence),
        "hash": it.seal.as_ref().map(|seal| hex(&seal.hash)),
    })
}

fn hex(hash: &[u8; 32]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect()
}

async fn verify(tools: &Tools, organization: OrganizationId) -> anyhow::Result<Answer> {
    let found = tools.administration.verify_audit(organization).await?;
    if let Some(bad) = found.first_bad {
        bail!(
            "the audit log does not hold: entry {bad} is not what was sealed, or is missing; the \
             {} entries before it are right, and {} are not sealed yet",
            found.verified,
            found.unsealed
        );
    }
    let text = format!(
        "The audit log holds. Entries that are as they were sealed: {}. Not sealed yet: {}.",
        found.verified, found.unsealed
    );
    let json = json!({ "valid": true, "verified": found.verified, "unsealed": found.unsealed });
    Ok(Answer { json, text })
}
