//! What was measured, for people and for machines.

use serde_json::{Value, json};

use super::measure::{Spread, Subject, Target};
use super::site::Site;
use super::target::HANDLER;
use super::{Database, Options};
use crate::process::{Memory, mebibytes};
use crate::ui::{Tone, Ui, wrap};

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What was measured.
    pub subject: Subject,
    /// Answers a second.
    pub rate: Spread,
    /// The limit it stands beside, and the part of it.
    pub limit: Option<(&'static str, Spread)>,
    /// How much more it costs than at the smallest size.
    pub growth: Option<Spread>,
    median: Option<Spread>,
    late: Option<Spread>,
    bytes: u64,
}

/// What a service needed.
#[derive(Debug)]
struct Needs {
    database: Database,
    users: u32,
    fill_rate: f64,
    ready: f64,
    idle: Memory,
    loaded: Memory,
}

/// Everything a run found out.
#[derive(Debug)]
pub struct Report {
    setting: String,
    /// Every target.
    pub rows: Vec<Row>,
    needs: Vec<Needs>,
    cores: usize,
}

impl Report {
    /// Of all targets, while the services still run.
    pub fn new(options: &Options, targets: &[Target<'_>], sites: &[Site]) -> Self {
        let setting = format!(
            "{} connections, median of {} rounds of {} s, {} build",
            options.connections,
            options.rounds,
            options.seconds,
            options.profile.name()
        );
        let needs = sites.iter().map(|site| Needs {
            database: site.database,
            users: site.users,
            fill_rate: site.fill_rate,
            ready: site.ready.as_secs_f64() * 1_000.0,
            idle: site.idle,
            loaded: site.memory(),
        });
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let rows = targets.iter().map(|target| row(target, targets)).collect();
        Self { setting, rows, needs: needs.collect(), cores }
    }

    /// Of these rows alone.
    #[cfg(test)]
    pub fn of(rows: Vec<Row>) -> Self {
        Self { setting: String::new(), rows, needs: Vec::new(), cores: 1 }
    }

    /// Tables for people.
    pub fn print(&self, ui: Ui) {
        ui.heading(&self.setting);
        let title = format!(
            "{:<22} {:<10} {:>9} {:>7} {:>13} {:>6} {:>11} {:<12} {:>6} {:>11} {:>6} {:>13} {:>6} \
             {:>13} {:>9}",
            "",
            "database",
            "size",
            "per s",
            "",
            "part",
            "",
            "of",
            "× cost",
            "",
            "p50 ms",
            "",
            "p99 ms",
            "",
            "bytes"
        );
        ui.line(&ui.paint(Tone::Faint, &title));
        for row in &self.rows {
            ui.line(&row.line());
        }
        ui.heading("what the services needed");
        for needs in &self.needs {
            ui.line(&needs.line());
        }
        let note = format!(
            "Each number is the median of all rounds, with the lowest and the highest after it; those \
             of ratios are of what was measured in the same round. The load generator shares the \
             machine's {} cores with what it measures, the limits included: compare the ratios, not \
             the rates. The limits are an actix handler with a fixed answer, a look-up of one row \
             through a pool, and a durable commit of one row; what does much more or much less than \
             that stands beside none. × cost is against the smallest size. Times are of requests at \
             half of that rate, from when they should have been sent. A number behind a name: over so \
             many connections alone. Users are created last, since there are more of them afterwards. \
             The databases lie in the folder for temporary files (TMPDIR); in a memory file system a \
             durable commit would cost nothing.",
            self.cores
        );
        ui.line("");
        for line in wrap(&note, 100) {
            ui.line(&ui.paint(Tone::Faint, &line));
        }
    }

    /// The same as one JSON value: rates per second, times in milliseconds, sizes in bytes.
    pub fn json(&self) -> Value {
        json!({
            "setting": self.setting,
            "cores": self.cores,
            "loadGeneratorSharesCores": true,
            "targets": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "services": self.needs.iter().map(Needs::json).collect::<Vec<_>>(),
        })
    }
}

/// A target among all others.
pub fn row(target: &Target<'_>, all: &[Target<'_>]) -> Row {
    let (subject, rate) = (target.subject, target.rate());
    let part = |name| {
        let same = |it: &&Target<'_>| {
            it.subject.name == name && (name == HANDLER || it.subject.database == subject.database)
        };
        Some((name, target.part_of(all.iter().find(same)?)))
    };
    let alike = |it: &&Target<'_>| {
        it.subject.name == subject.name && it.subject.database == subject.database
    };
    let smallest = all.iter().filter(alike).min_by_key(|it| it.subject.size());
    Row {
        subject,
        rate,
        limit: subject.limit.and_then(part),
        growth: subject.size().and(smallest).map(|it| it.part_of(target)),
        median: target.time(500),
        late: target.time(990),
        bytes: target.bytes(),
    }
}

impl Row {
    fn line(&self) -> String {
        let Subject { name, database, connections, .. } = self.subject;
        let name = connections.map_or_else(|| name.to_owned(), |it| format!("{name} ({it})"));
        let database = database.map_or("", Database::name);
        let size = self.subject.size().map_or(String::new(), |size| size.to_string());
        let (rate, rates) = shown(Some(self.rate));
        let (part, parts) = shown(self.limit.map(|(_, part)| part));
        let limit = self.limit.map_or("", |(name, _)| name);
        let (growth, growths) = shown(self.growth);
        let ((p50, p50s), (p99, p99s)) = (shown(self.median), shown(self.late));
        format!(
            "{name:<22} {database:<10} {size:>9} {rate:>7} {rates:>13} {part:>6} {parts:>11} \
             {limit:<12} {growth:>6} {growths:>11} {p50:>6} {p50s:>13} {p99:>6} {p99s:>13} {:>9}",
            self.bytes
        )
    }

    fn json(&self) -> Value {
        let spread = |spread: Spread| json!({ "median": spread.median, "lowest": spread.low, "highest": spread.high });
        json!({
            "name": self.subject.name,
            "database": self.subject.database.map(Database::name),
            "users": self.subject.users,
            "members": self.subject.members,
            "connections": self.subject.connections,
            "rate": spread(self.rate),
            "limit": self.limit.map(|(name, _)| name),
            "ofLimit": self.limit.map(|(_, part)| spread(part)),
            "timesTheSmallest": self.growth.map(spread),
            "p50": self.median.map(spread),
            "p99": self.late.map(spread),
            "answerBytes": self.bytes,
        })
    }
}

/// The median, and from where to where all rounds went.
fn shown(spread: Option<Spread>) -> (String, String) {
    let Some(Spread { low, median, high }) = spread else { return Default::default() };
    (figure(median), format!("{}–{}", figure(low), figure(high)))
}

/// As many digits as say something.
fn figure(number: f64) -> String {
    let digits = match number {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{number:.digits$}")
}

impl Needs {
    fn line(&self) -> String {
        let shown = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".to_owned(), mebibytes);
        format!(
            "{:<10} {:>9} users: ready in {:.0} ms; resident {} idle, {} after the load, {} at most; \
             filled with {:.0} users a second",
            self.database.name(),
            self.users,
            self.ready,
            shown(self.idle.now),
            shown(self.loaded.now),
            shown(self.loaded.peak),
            self.fill_rate
        )
    }

    fn json(&self) -> Value {
        json!({
            "database": self.database.name(),
            "users": self.users,
            "readyMilliseconds": self.ready,
            "idleBytes": self.idle.now,
            "loadedBytes": self.loaded.now,
            "peakBytes": self.loaded.peak,
            "fillRate": self.fill_rate,
        })
    }
}

#[cfg(test)]
mod tests;
