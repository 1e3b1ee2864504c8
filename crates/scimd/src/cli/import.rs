//! `scimd import …`

mod report;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_app::administration::{
    Administration, GroupImport, IMPORT_BATCH, ImportLine, ImportRun, UserImport,
};
use scim_domain::OrganizationId;
use scim_domain::resource::limits::{GROUP_BODY_BYTES, USER_BODY_BYTES};

use self::report::Report;
use super::{Tools, parse};
use crate::output::Answer;
use crate::transfer::{Format, Kind, Lines};

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
    /// Write what was refused, and why, to this new file: one JSON object a line
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Import {
    /// Does it. The code is 1 if anything was refused.
    ///
    /// # Errors
    /// No such organization, a file that cannot be read, or a database that cannot be written; what
    /// was taken in before that stays.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<(Answer, ExitCode)> {
        let format = self.format.or_else(|| Format::of(&self.file));
        let format = format.context("say how the file is written: --format jsonl, or csv")?;
        let catalog = tools.administration.schemas_of(self.organization).await?;
        let (resource_type, longest) = match (self.kind, format) {
            (Kind::Users, _) => (&catalog.user, USER_BODY_BYTES),
            (Kind::Groups, Format::Jsonl) => (&catalog.group, GROUP_BODY_BYTES),
            (Kind::Groups, Format::Csv) => bail!("groups are imported from jsonl alone"),
        };
        let mut report = Report::begin(self.kind, self.dry_run, self.report.as_deref())?;
        let bar = bar(&self.file);
        let input = Box::new(bar.wrap_read(open(&self.file)?));
        let lines = Lines::open(input, format, resource_type, longest)?;
        let ended = match self.kind {
            Kind::Users => self.users(tools, lines, &mut report, &bar).await,
            Kind::Groups => self.groups(tools, lines, &mut report, &bar).await,
        };
        bar.finish_and_clear();
        ended.with_context(|| report.interrupted())?;
        report.end()
    }

    fn run_as(&self) -> ImportRun {
        if self.dry_run { ImportRun::Dry } else { ImportRun::Real }
    }

    async fn users(
        &self,
        tools: &Tools,
        mut lines: Lines,
        report: &mut Report,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        let mut import = UserImport::new(self.run_as());
        let mut batch = Vec::with_capacity(IMPORT_BATCH);
        loop {
            let line = next(&mut lines, report)?;
            let ended = line.is_none();
            batch.extend(line);
            if batch.len() == IMPORT_BATCH || (ended && !batch.is_empty()) {
                let (administration, to) = (&tools.administration, self.organization);
                let take_in =
                    async |it: &Administration| it.import_users(to, &batch, &mut import).await;
                let done = administration.carry_out(take_in).await?;
                for (line, outcome) in batch.drain(..).zip(done) {
                    report.user(&line, outcome)?;
                }
                bar.set_message(report.so_far());
            }
            if ended {
                return Ok(());
            }
        }
    }

    async fn groups(
        &self,
        tools: &Tools,
        mut lines: Lines,
        report: &mut Report,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        let (administration, to) = (&tools.administration, self.organization);
        let mut import = GroupImport::new(self.run_as());
        while let Some(line) = next(&mut lines, report)? {
            let take_in = async |it: &Administration| it.import_group(to, &line, &mut import).await;
            let done = administration.carry_out(take_in).await?;
            report.group(&line, done)?;
            bar.set_message(report.so_far());
        }
        Ok(())
    }
}

/// The next line that holds a resource; those before it that hold none are reported.
fn next(lines: &mut Lines, report: &mut Report) -> anyhow::Result<Option<ImportLine>> {
    while let Some(line) = lines.next()? {
        match line.read {
            Ok(resource) => return Ok(Some(ImportLine { number: line.number, resource })),
            Err(reason) => report.unreadable(line.number, reason)?,
        }
    }
    Ok(None)
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
    let template = match length {
        Some(_) => "{bar:30} {percent:>3} %  {elapsed}, {eta} left  {msg}",
        None => "{spinner} {elapsed}  {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
