//! `scimd import …`

mod reading;
mod report;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use scim_app::administration::{
    Administration, GroupImport, IMPORT_BATCH, ImportLine, ImportRun, UserImport,
};
use scim_domain::OrganizationId;
use scim_domain::resource::limits::{GROUP_BODY_BYTES, USER_BODY_BYTES};

use self::reading::Batches;
use self::report::Report;
use super::{Tools, parse};
use crate::output::Answer;
use crate::stop::StopSignals;
use crate::transfer::{Format, Kind, Line, Lines};

/// Which file, and to whom.
#[derive(Debug, Args)]
pub struct Import {
    /// The file; - reads standard input
    file: PathBuf,
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    organization: OrganizationId,
    /// How the file is written; without it, its ending says so
    #[arg(long)]
    format: Option<Format>,
    /// What the file holds
    #[arg(long, default_value = "users")]
    kind: Kind,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
    /// Write what was refused, and why, to this file: one JSON object a line. It replaces an earlier
    /// report
    #[arg(long, value_name = "FILE", value_parser = parse::report)]
    report: Option<PathBuf>,
}

/// What an import remembers from batch to batch.
enum Memory {
    Users(UserImport),
    Groups(GroupImport),
}

impl Import {
    /// Does it. The code is 1 if anything was refused.
    ///
    /// # Errors
    /// No such organization, a file that cannot be read, a database that cannot be written, or a
    /// signal; what was taken in before that stays, and the report tells of it.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<(Answer, ExitCode)> {
        let bar = bar(&self.file);
        let lines = self.open(tools, &bar).await?;
        // Not before: a file that is not there must not cost the report of an earlier time.
        let mut report = Report::begin(self.kind, self.dry_run, self.report.as_deref())?;
        let ended = self.take_in(tools, lines, &mut report, &bar).await;
        bar.finish_and_clear();
        match ended {
            Ok(()) => report.end(),
            Err(error) => {
                let error = error.context(report.interrupted());
                // What broke it off matters more than a report that cannot be kept either.
                let _ = report.end();
                Err(error)
            }
        }
    }

    async fn open(&self, tools: &Tools, bar: &ProgressBar) -> anyhow::Result<Lines> {
        let format = self.format.or_else(|| Format::of(&self.file));
        let format = format.context("say how the file is written: --format jsonl, or csv")?;
        let catalog = tools.administration.schemas_of(self.organization).await?;
        let (resource_type, longest) = match (self.kind, format) {
            (Kind::Users, Format::Jsonl | Format::Csv) => (&catalog.user, USER_BODY_BYTES),
            (Kind::Groups, Format::Jsonl) => (&catalog.group, GROUP_BODY_BYTES),
            (Kind::Groups, Format::Csv) => bail!("groups are imported from jsonl alone"),
        };
        let input = Box::new(bar.wrap_read(open(&self.file)?));
        Lines::open(input, format, resource_type, longest)
    }

    /// Takes in batch by batch, each of them whole, until the file ends or a signal comes.
    async fn take_in(
        &self,
        tools: &Tools,
        lines: Lines,
        report: &mut Report,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        let run = if self.dry_run { ImportRun::Dry } else { ImportRun::Real };
        let (mut memory, size) = match self.kind {
            Kind::Users => (Memory::Users(UserImport::new(run)), IMPORT_BATCH),
            Kind::Groups => (Memory::Groups(GroupImport::new(run)), 1),
        };
        let mut signals = StopSignals::take()?;
        let mut batches = Batches::read(lines, size)?;
        loop {
            let batch = tokio::select! {
                biased;
                signal = signals.first() => bail!("stopped by {signal}"),
                batch = batches.next() => batch?,
            };
            let Some(batch) = batch else { return Ok(()) };
            match &mut memory {
                Memory::Users(import) => self.users(tools, batch, import, report).await?,
                Memory::Groups(import) => self.groups(tools, batch, import, report).await?,
            }
            bar.set_message(report.so_far());
        }
    }

    async fn users(
        &self,
        tools: &Tools,
        batch: Vec<Line>,
        import: &mut UserImport,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let last = batch.last().map(|it| it.number);
        let (lines, unreadable) = parted(batch);
        let take_in =
            async |it: &Administration| it.import_users(self.organization, &lines, import).await;
        let done = tools.administration.carry_out(take_in).await?;
        report.reached(last);
        for (number, reason) in unreadable {
            report.unreadable(number, reason)?;
        }
        for (line, outcome) in lines.iter().zip(done) {
            report.user(line, outcome)?;
        }
        Ok(())
    }

    async fn groups(
        &self,
        tools: &Tools,
        batch: Vec<Line>,
        import: &mut GroupImport,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let (lines, unreadable) = parted(batch);
        for (number, reason) in unreadable {
            report.reached(Some(number));
            report.unreadable(number, reason)?;
        }
        for line in lines {
            let take_in =
                async |it: &Administration| it.import_group(self.organization, &line, import).await;
            let done = tools.administration.carry_out(take_in).await?;
            report.reached(Some(line.number));
            report.group(&line, done)?;
        }
        Ok(())
    }
}

/// The lines that hold a resource, and the numbers of those that hold none, with the reason.
fn parted(batch: Vec<Line>) -> (Vec<ImportLine>, Vec<(u64, String)>) {
    let (mut lines, mut unreadable) = (Vec::with_capacity(batch.len()), Vec::new());
    for Line { number, read } in batch {
        match read {
            Ok(resource) => lines.push(ImportLine { number, resource }),
            Err(reason) => unreadable.push((number, reason)),
        }
    }
    (lines, unreadable)
}

fn open(path: &Path) -> anyhow::Result<Box<dyn Read + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(file))
}

/// A bar over the bytes of the file, drawn on standard error and only where that is a terminal.
fn bar(path: &Path) -> ProgressBar {
    let length = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|it| it.len());
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let bar = bar.with_finish(ProgressFinish::AndClear);
    let template = match length {
        Some(_) => "{bar:30} {percent:>3} %  {elapsed}, {eta} left  {msg}",
        None => "{spinner} {elapsed}  {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
