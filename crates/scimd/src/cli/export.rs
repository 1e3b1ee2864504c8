//! `scimd export …`

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use scim_app::administration::Exported;
use scim_domain::{OrganizationId, UserId};
use serde_json::{Value, json};

use super::{Tools, parse};
use crate::output::Answer;
use crate::partial::Taken;
use crate::stop;
use crate::transfer::{self, Columns, Destination, Format, Kind};

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
    /// Does it. A file has its name once it is whole, and is not there otherwise.
    ///
    /// # Errors
    /// No such organization, a file that is there already or cannot be written, or a signal.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let file = self.output.as_deref().filter(|it| *it != Path::new("-"));
        ensure!(
            file.is_some() || !tools.as_json,
            "--json tells about a file: give --output as well"
        );
        let guessed = self.output.as_deref().and_then(Format::of);
        let format = self.format.or(guessed).unwrap_or(Format::Jsonl);
        ensure!(
            (self.kind, format) != (Kind::Groups, Format::Csv),
            "groups are exported as jsonl alone"
        );
        // Before a file is made.
        tools.administration.schemas_of(self.organization).await?;
        let Some(file) = file else {
            // A signal ends it at once, even while nobody reads.
            let written = self.write(tools, format, Destination::stdout()).await;
            return match written {
                // Whoever reads has seen enough.
                Err(error) if is_broken_pipe(&error) => Ok(nothing_more()),
                written => written.map(|_| nothing_more()),
            };
        };
        let write = async {
            let out = Destination::file(file, Taken::Stays)?;
            self.write(tools, format, out).await
        };
        let number = stop::unless_stopped(write).await?;
        let (name, are) = match self.kind {
            Kind::Users => ("users", "users are"),
            Kind::Groups => ("groups", "groups are"),
        };
        let shown = file.display().to_string();
        let text = format!("{number} {are} in {shown}.");
        Ok(Answer { json: json!({ "kind": name, "exported": number, "file": shown }), text })
    }

    async fn write(
        &self,
        tools: &Tools,
        format: Format,
        mut out: Destination,
    ) -> anyhow::Result<u64> {
        let number = match (self.kind, format) {
            (Kind::Users, Format::Jsonl) => self.users(tools, &mut out).await?,
            (Kind::Users, Format::Csv) => self.users_as_csv(tools, &mut out).await?,
            (Kind::Groups, Format::Jsonl | Format::Csv) => self.groups(tools, &mut out).await?,
        };
        out.finish()?;
        Ok(number)
    }

    async fn users(&self, tools: &Tools, out: &mut Destination) -> anyhow::Result<u64> {
        let write =
            |user: &Exported<UserId>| writeln!(out, "{}", user.document).map_err(Into::into);
        self.each_user(tools, "writing", write).await
    }

    /// Looks at everybody twice: first for the columns, so that no attribute is lost.
    async fn users_as_csv(&self, tools: &Tools, out: &mut Destination) -> anyhow::Result<u64> {
        let mut columns = Columns::new();
        let look = |user: &Exported<UserId>| {
            transfer::gather(&mut columns, &parsed(&user.document)?);
            Ok(())
        };
        self.each_user(tools, "looking for columns", look).await?;
        let header = transfer::header(columns);
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(&header)?;
        let write = |user: &Exported<UserId>| {
            let row = transfer::csv_row(&header, &parsed(&user.document)?)?;
            Ok(rows.write_record(&row)?)
        };
        let number = self.each_user(tools, "writing", write).await?;
        rows.flush()?;
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
            let Some(last) = page.last() else { return Ok(number) };
            after = Some(last.id);
            for user in &page {
                visit(user)?;
                number += 1;
            }
            bar.set_position(number);
        }
    }
}

/// What was to be told is in standard output.
fn nothing_more() -> Answer {
    Answer { json: Value::Null, text: String::new() }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = match error.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(error)) => Some(error),
        Some(_) | None => error.downcast_ref::<io::Error>(),
    };
    io.is_some_and(|it| it.kind() == ErrorKind::BrokenPipe)
}

fn parsed(document: &str) -> anyhow::Result<Value> {
    serde_json::from_str(document).context("a stored user is no JSON")
}

/// Something that moves on standard error where that is a terminal, and is gone with this.
fn bar(doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let bar = bar.with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {pos}") {
        bar.set_style(style);
    }
    bar.set_message(doing);
    bar
}
