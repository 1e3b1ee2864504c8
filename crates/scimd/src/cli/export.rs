//! `scimd export …`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_app::administration::Exported;
use scim_domain::{OrganizationId, UserId};
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::Answer;
use crate::transfer::{self, Columns, Format, Kind};

mod groups;

/// Users or groups that are read, and are in memory, at a time.
const PAGE: u64 = 1_000;

/// What, of whom, and where to.
#[derive(Debug, Args)]
pub struct Export {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    organization: OrganizationId,
    /// What to write
    #[arg(long, default_value = "users")]
    kind: Kind,
    /// How to write it; without it, the ending of the file says so
    #[arg(long)]
    format: Option<Format>,
    /// A new file; without it, standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    /// Does it.
    ///
    /// # Errors
    /// No such organization, or a file that is there already or cannot be written.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let to_file = self.output.as_deref().is_some_and(|it| it != Path::new("-"));
        ensure!(to_file || !tools.as_json, "--json tells about a file: give --output as well");
        let guessed = self.output.as_deref().and_then(Format::of);
        let format = self.format.or(guessed).unwrap_or(Format::Jsonl);
        // Before a file is made.
        tools.administration.schemas_of(self.organization).await?;
        let number = match (self.kind, format) {
            (Kind::Users, Format::Jsonl) => self.users(tools).await?,
            (Kind::Users, Format::Csv) => self.users_as_csv(tools).await?,
            (Kind::Groups, Format::Jsonl) => {
                let mut out = transfer::create(self.output.as_deref())?;
                let number = self.groups(tools, &mut out).await?;
                out.flush()?;
                number
            }
            (Kind::Groups, Format::Csv) => bail!("groups are exported as jsonl alone"),
        };
        let (name, users) = match self.kind {
            Kind::Users => ("users", "users are"),
            Kind::Groups => ("groups", "groups are"),
        };
        let shown = self.output.as_deref().filter(|_| to_file).map(|it| it.display().to_string());
        let text =
            shown.as_ref().map_or_else(String::new, |it| format!("{number} {users} in {it}."));
        Ok(Answer { json: json!({ "kind": name, "exported": number, "file": shown }), text })
    }

    async fn users(&self, tools: &Tools) -> anyhow::Result<u64> {
        let mut out = transfer::create(self.output.as_deref())?;
        let write =
            |user: &Exported<UserId>| writeln!(out, "{}", user.document).map_err(Into::into);
        let number = self.each_user(tools, "writing", write).await?;
        out.flush()?;
        Ok(number)
    }

    /// Looks at everybody twice: first for the columns, so that no attribute is lost.
    async fn users_as_csv(&self, tools: &Tools) -> anyhow::Result<u64> {
        let mut columns = Columns::new();
        let look = |user: &Exported<UserId>| {
            transfer::gather(&mut columns, &parsed(&user.document)?);
            Ok(())
        };
        self.each_user(tools, "looking for columns", look).await?;
        let header = transfer::header(columns);
        let mut out = csv::Writer::from_writer(transfer::create(self.output.as_deref())?);
        out.write_record(&header)?;
        let write = |user: &Exported<UserId>| {
            let row = transfer::csv_row(&header, &parsed(&user.document)?)?;
            Ok(out.write_record(&row)?)
        };
        let number = self.each_user(tools, "writing", write).await?;
        out.flush()?;
        Ok(number)
    }

    async fn each_user(
        &self,
        tools: &Tools,
        doing: &'static str,
        mut visit: impl FnMut(&Exported<UserId>) -> anyhow::Result<()>,
    ) -> anyhow::Result<u64> {
        let bar = bar(doing);
        let (mut after, mut number) = (None, 0);
        loop {
            let administration = &tools.administration;
            let page = administration.export_users(self.organization, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for user in &page {
                visit(user)?;
                number += 1;
            }
            bar.set_position(number);
        }
        bar.finish_and_clear();
        Ok(number)
    }
}

fn parsed(document: &str) -> anyhow::Result<Value> {
    serde_json::from_str(document).context("a stored user is no JSON")
}

/// Something that moves on standard error where that is a terminal.
fn bar(doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {pos}") {
        bar.set_style(style);
    }
    bar.set_message(doing);
    bar
}
