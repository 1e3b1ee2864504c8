//! What became of it, for machines: rates a second, times in milliseconds, costs in microseconds of a
//! core, sizes in bytes.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Options;
use super::peak::Moment;
use super::report::refusals;
use super::story::{Cost, Held, Story, Window};
use super::verdict;
use super::watch::Cores;
use crate::bench::measure::Spread;
use crate::load::flood::Fate;
use crate::load::open::Times;

/// All of it.
pub fn of(story: &Story, options: &Options) -> Value {
    let peak = &story.peak;
    let Cost { granted, refused } = peak.cost();
    let rates = |moments: &[Moment]| moments.iter().map(|it| it.granted).collect::<Vec<_>>();
    json!({
        "database": story.database.name(),
        "profile": options.profile.name(),
        "factor": options.factor,
        "seconds": options.seconds,
        "generatorApart": story.apart,
        "peak": {
            "rate": peak.rate(),
            "rates": rates(&peak.moments),
            "connections": peak.connections,
            "cores": cores(peak.cores()),
        },
        "shortFloods": rates(&peak.floods),
        "ofPeak": spread(peak.part(), 1.0),
        "goodput": story.goodput(),
        "flood": flood(story),
        "cost": { "granted": spread(granted, 1e6), "refused": spread(refused, 1e6) },
        "memory": story.held().map(memory),
        "before": windows(&story.before),
        "after": windows(&story.after),
        "recoverySeconds": story.recovery().map(|it| it.as_secs()),
        "broken": verdict::broken(story),
    })
}

fn flood(story: &Story) -> Value {
    let flood = &story.flood;
    let kinds = story.granted_by_kind().into_iter();
    let refused = refusals(story).into_iter().map(|(status, (all, silent))| {
        (status.to_string(), json!({ "all": all, "withoutTime": silent }))
    });
    json!({
        "offered": flood.offered,
        "sent": flood.sent,
        "connections": flood.connections,
        "generatorLate": milliseconds(flood.behind),
        "cores": story.cores().map(cores),
        "granted": kinds.map(|(kind, count)| (kind.to_string(), json!(count))).collect::<Map<_, _>>(),
        "grantedWithin": times(&story.times(true)),
        "refused": refused.collect::<Map<_, _>>(),
        "refusedWithin": times(&story.times(false)),
        "lost": story.met(|it| it == Fate::Lost),
        "hungUp": story.met(|it| it == Fate::GivenUp),
        "trouble": flood.trouble,
    })
}

fn memory(held: Held) -> Value {
    let Held { before, most, third_quarter, last_quarter, after } = held;
    json!({
        "before": before, "most": most, "thirdQuarter": third_quarter, "lastQuarter": last_quarter,
        "after": after,
    })
}

fn cores(had: Cores<f64>) -> Value {
    json!({ "service": had.service, "generator": had.generator, "others": had.others() })
}

fn windows(all: &[Window]) -> Value {
    let shown = |it: &Window| json!({ "granted": it.granted, "others": it.others, "p99": milliseconds(it.p99) });
    all.iter().map(shown).collect()
}

fn times(times: &Times) -> Value {
    let quantile = |of| times.quantile(of).map(milliseconds);
    json!({ "p50": quantile(500), "p99": quantile(990) })
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn spread(of: Spread, unit: f64) -> Value {
    json!({ "low": of.low * unit, "median": of.median * unit, "high": of.high * unit })
}
