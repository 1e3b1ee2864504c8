//! `scimd activity …`

use clap::Subcommand;
use scim_app::ports::ActivityRecord;
use scim_domain::OrganizationId;
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::{Answer, table};

/// The commands for request activity.
#[derive(Debug, Subcommand)]
pub enum Activity {
    /// List what was skipped and refused, newest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u64,
    },
}

impl Activity {
    /// Does it.
    ///
    /// # Errors
    /// No such organization.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let Self::List { organization, limit } = self;
        let records = tools.administration.list_activity(organization, limit).await?;
        let row = |it: &ActivityRecord| {
            let request = format!("{} {}", it.method, it.path);
            [it.at.to_string(), request, it.status.to_string(), it.detail.clone()]
        };
        let rows: Vec<_> = records.iter().map(row).collect();
        let head = ["when", "request", "status", "what became of it"];
        let empty = "No identity provider has changed anything or was refused yet.";
        let text = table(empty, head, &rows);
        Ok(Answer { json: records.iter().map(object).collect(), text })
    }
}

fn object(it: &ActivityRecord) -> Value {
    json!({
        "requestId": it.request_id,
        "at": it.at.to_string(),
        "apiKey": it.api_key.to_string(),
        "method": it.method,
        "path": it.path,
        "status": it.status,
        "detail": it.detail,
    })
}
