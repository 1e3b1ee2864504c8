//! What the checks found, as a table and as JSON.

use std::io::{IsTerminal as _, stdout};

use scim_check::{Finding, Leftovers, Outcome, Report};
use serde_json::{Value, json};

use crate::output::{Answer, cell};

#[cfg(test)]
mod tests;

/// Whether the table has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Colours,
    Plain,
}

impl Paint {
    /// Colours where a person looks at a terminal that has them, and did not set `NO_COLOR`.
    pub(super) fn for_stdout() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if stdout().is_terminal() && !set("NO_COLOR") && !dumb {
            Self::Colours
        } else {
            Self::Plain
        }
    }

    /// A text in a colour, by its ANSI code.
    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Colours => format!("\x1b[{code}m{text}\x1b[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "1;31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// An outcome's word, its colour and its reason.
fn words(outcome: &Outcome) -> (&'static str, &'static str, Option<&str>) {
    match outcome {
        Outcome::Passed => ("passed", GREEN, None),
        Outcome::Failed(why) => ("FAILED", RED, Some(why)),
        Outcome::Advised(why) => ("advice", YELLOW, Some(why)),
        Outcome::Skipped(why) => ("skipped", DIM, Some(why)),
    }
}

/// How many passed, failed, came to an advice and were skipped.
fn counts(report: &Report) -> [usize; 4] {
    let mut counts = [0; 4];
    let [passed, failed, advised, skipped] = &mut counts;
    for finding in &report.findings {
        match finding.outcome {
            Outcome::Passed => *passed += 1,
            Outcome::Failed(_) => *failed += 1,
            Outcome::Advised(_) => *advised += 1,
            Outcome::Skipped(_) => *skipped += 1,
        }
    }
    counts
}

/// What the checks found, in both forms.
pub(super) fn found(url: &str, report: &Report, paint: Paint) -> Answer {
    Answer { json: object(url, report), text: text(report, paint) }
}

/// A block for each group and a line for each check; below it, where it did not pass, the reason
/// and where the check comes from.
fn text(report: &Report, paint: Paint) -> String {
    let width = report.findings.iter().map(|it| it.check.id.len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    let mut group = None;
    for finding in &report.findings {
        let check = &finding.check;
        if group.replace(check.group) != Some(check.group) {
            let name = check.group.name().to_uppercase();
            lines.extend([String::new(), paint.paint(BOLD, &name)]);
        }
        let (word, colour, why) = words(&finding.outcome);
        let word = paint.paint(colour, &format!("{word:<7}"));
        lines.push(format!("  {word}  {:<width$}  {}", check.id, check.sentence));
        lines.extend(why.map(|why| reason(finding, why, paint)));
    }
    lines.push(String::new());
    lines.extend(conclusion(report, paint));
    lines.join("\n").trim_start().to_owned()
}

fn reason(finding: &Finding, why: &str, paint: Paint) -> String {
    let why = cell(why);
    match finding.outcome {
        Outcome::Skipped(_) => format!("           {}", paint.paint(DIM, &why)),
        Outcome::Passed | Outcome::Failed(_) | Outcome::Advised(_) => {
            format!("           {why} {}", paint.paint(DIM, &format!("[{}]", finding.check.source)))
        }
    }
}

fn conclusion(report: &Report, paint: Paint) -> Vec<String> {
    let [passed, failed, advised, skipped] = counts(report);
    let colour = if failed > 0 { RED } else { GREEN };
    let sum = format!("{passed} passed, {failed} failed, {advised} advised, {skipped} skipped.");
    let mut lines = vec![paint.paint(colour, &sum)];
    lines.extend(report.stopped.map(|why| format!("Stopped before the end: {why}.")));
    if !report.left.is_empty() {
        let tag = &report.tag;
        lines.push(format!("Not deleted, all named {tag}… (try again with --clean-up):"));
        lines.extend(report.left.iter().map(|path| format!("  {}", cell(path))));
    }
    lines
}

fn object(url: &str, report: &Report) -> Value {
    let finding = |it: &Finding| {
        let (outcome, _, why) = words(&it.outcome);
        json!({
            "id": it.check.id,
            "group": it.check.group.name(),
            "level": it.check.level.name(),
            "source": it.check.source,
            "sentence": it.check.sentence,
            "outcome": outcome.to_lowercase(),
            "detail": why,
        })
    };
    let [passed, failed, advised, skipped] = counts(report);
    json!({
        "url": url,
        "tag": report.tag,
        "checks": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "passed": passed,
        "failed": failed,
        "advised": advised,
        "skipped": skipped,
        "stopped": report.stopped,
        "notDeleted": report.left,
    })
}

/// What `--clean-up` did, in both forms.
pub(super) fn cleaned(url: &str, leftovers: &Leftovers) -> Answer {
    let (deleted, left) = (&leftovers.deleted, &leftovers.left);
    let mut lines = vec![format!("{} deleted, {} not deleted.", deleted.len(), left.len())];
    lines.extend(left.iter().map(|path| format!("  {}", cell(path))));
    let json = json!({ "url": url, "deleted": deleted, "notDeleted": left });
    Answer { json, text: lines.join("\n") }
}
