//! What became of it, for people.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Options;
use super::story::{Cost, PATIENCE, Story};
use super::verdict;
use super::watch::Cores;
use crate::bench::measure::Spread;
use crate::load::flood::Fate;
use crate::load::open::Times;
use crate::process::mebibytes;
use crate::ui::{Tone, Ui, wrap};

/// Tables for people.
pub fn print(ui: Ui, stories: &[Story], options: &Options) {
    for story in stories {
        let Options { factor, seconds, profile, .. } = options;
        let times = format!("{factor} times the peak for {seconds} s, {} build", profile.name());
        ui.heading(&format!("{}: {times}", story.database.name()));
        for (name, value) in lines(story) {
            ui.line(&format!("{name:<24} {value}"));
        }
        for broken in verdict::broken(story) {
            ui.line(&ui.paint(Tone::Bad, &broken));
        }
    }
    let cores = if stories.iter().all(|it| it.apart) {
        "The load generator is one thread and has a core of its own, which the service does not get. \
         Beside SQLite it never sleeps there, so that the service need not wake it."
    } else {
        "The load generator is one thread and shares the machine's cores with what it loads: what it \
         takes in the flood beyond what it takes at the peak, the service does not get."
    };
    let note = format!(
        "{cores} Nor does the service get what others take, the database's server among them. Times are \
         counted from when a request was due. Whoever has waited for {} s has hung up. Normal is half \
         the peak. The databases lie in the folder for temporary files (TMPDIR).",
        PATIENCE.as_secs()
    );
    ui.line("");
    for line in wrap(&note, 100) {
        ui.line(&ui.paint(Tone::Faint, &line));
    }
}

fn lines(story: &Story) -> Vec<(&'static str, String)> {
    let (peak, goodput) = (&story.peak, story.goodput());
    let (rates, part) = (peak.rates(), peak.part());
    let share = |it: Cores<f64>| {
        let (service, generator, others) = (it.service, it.generator, it.others());
        format!("{service:.2} the service, {generator:.2} the generator, {others:.2} all others")
    };
    let unknown = || "unknown".to_owned();
    vec![
        (
            "peak",
            format!(
                "{:.0} a second over {} connections, {:.0} to {:.0}",
                rates.median, peak.connections, rates.low, rates.high
            ),
        ),
        ("cores at the peak", share(peak.cores())),
        (
            "in short floods",
            format!(
                "{:.2} of the peak before and after, {:.2} to {:.2} in {} of them",
                part.median,
                part.low,
                part.high,
                peak.floods.len()
            ),
        ),
        ("offered", offered(story)),
        ("cores in the flood", story.cores().map_or_else(unknown, share)),
        ("goodput", format!("{goodput:.0} a second")),
        ("  granted", kinds(story)),
        ("  granted within", times(&story.times(true))),
        ("refused", refused(story)),
        ("  refused within", times(&story.times(false))),
        ("neither", neither(story)),
        ("cost to the service", cost(peak.cost())),
        (
            "memory",
            story.held().map_or_else(unknown, |it| {
                let [before, most, after] = [it.before, it.most, it.after].map(mebibytes);
                format!("{before} before, {most} at most, {after} after")
            }),
        ),
        ("normal p99", milliseconds(story.normal_p99())),
        ("recovery", recovery(story)),
    ]
}

fn offered(story: &Story) -> String {
    let flood = &story.flood;
    let unsent = flood.offered - flood.sent;
    format!(
        "{} requests over at most {} connections; {unsent} were never sent; the generator was {} late \
         at most",
        flood.offered,
        flood.connections,
        milliseconds(flood.behind)
    )
}

fn kinds(story: &Story) -> String {
    let kinds = story.granted_by_kind();
    let shown: Vec<String> =
        kinds.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    shown.join(", ")
}

/// How many answers there were of each status that is no success, and how many of those do not say
/// when to come again.
pub fn refusals(story: &Story) -> BTreeMap<u16, (usize, usize)> {
    let mut refusals = BTreeMap::new();
    for record in &story.flood.records {
        let (status, silent) = match record.fate {
            Fate::Refused { status, when } => (status, !when),
            Fate::Failed(status) => (status, false),
            Fate::Granted | Fate::Lost | Fate::GivenUp => continue,
        };
        let (all, of_them): &mut (usize, usize) = refusals.entry(status).or_default();
        *all += 1;
        *of_them += usize::from(silent);
    }
    refusals
}

fn refused(story: &Story) -> String {
    let refusals = refusals(story);
    if refusals.is_empty() {
        return "none".to_owned();
    }
    let shown = refusals.iter().map(|(status, (all, silent))| match silent {
        0 => format!("{all} with {status}"),
        _ => format!("{all} with {status}, {silent} of which do not say when to come again"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn neither(story: &Story) -> String {
    let (lost, given_up) = (story.met(|it| it == Fate::Lost), story.met(|it| it == Fate::GivenUp));
    let waiting = story.flood.sent - story.flood.records.len() as u64;
    let trouble = story.flood.trouble.as_ref().map_or(String::new(), |it| format!(" ({it})"));
    format!("{lost} lost{trouble}, {given_up} hung up, {waiting} waited until the end")
}

fn cost(cost: Cost) -> String {
    let shown = |of: Spread| {
        let [median, low, high] = [of.median, of.low, of.high].map(|it| it * 1_000_000.0);
        format!("{median:.0} µs of a core ({low:.0} to {high:.0})")
    };
    let (granted, refused) = (shown(cost.granted), shown(cost.refused));
    format!("{granted} for a request at the peak; for a refusal {refused}")
}

fn recovery(story: &Story) -> String {
    let first = story.after.first().map_or_else(String::new, |it| {
        format!("; p99 of the first second {}", milliseconds(it.p99))
    });
    match story.recovery() {
        None => format!("none{first}"),
        Some(time) => format!("within {} s{first}", time.as_secs()),
    }
}

fn times(times: &Times) -> String {
    let quantile = |of| times.quantile(of).map_or_else(|| "–".to_owned(), milliseconds);
    format!("p50 {}, p99 {}", quantile(500), quantile(990))
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
