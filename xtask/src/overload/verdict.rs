//! What is asked of the service, and does not hold.

use std::time::Duration;

use super::story::{Held, Story};
use crate::load::flood::Fate;
use crate::process::mebibytes;

/// Of the peak, in the flood.
const GOODPUT: f64 = 0.8;
/// Until everything is as before.
const RECOVERY: Duration = Duration::from_secs(10);
/// What the service may hold for those who wait.
const MEMORY: u64 = 256 << 20;
/// What may come and go by itself.
const SLACK: u64 = 16 << 20;
/// A flood that was smaller than that part of what it should be shows nothing.
const SENT: f64 = 0.9;

/// A sentence for each thing that does not hold.
pub fn broken(story: &Story) -> Vec<String> {
    let checks = [goodput(story), refusals(story), failures(story), memory(story), recovery(story)];
    let checks = checks.into_iter().chain([sent(story)]);
    let name = story.database.name();
    checks.flatten().map(|it| format!("{name}: {it}")).collect()
}

fn goodput(story: &Story) -> Option<String> {
    let part = story.peak.part().median;
    (part < GOODPUT).then(|| format!("goodput was {part:.3} of the peak, and not {GOODPUT}"))
}

fn refusals(story: &Story) -> Option<String> {
    let silent = story.met(|it| matches!(it, Fate::Refused { when: false, .. }));
    (silent > 0).then(|| format!("{silent} refusals say in no whole seconds when to come again"))
}

fn failures(story: &Story) -> Option<String> {
    let failed = story.met(|it| matches!(it, Fate::Failed(_)));
    let lost = story.met(|it| it == Fate::Lost);
    let trouble = story.flood.trouble.as_deref().unwrap_or("nothing else went wrong");
    let told = || {
        format!(
            "{failed} requests were answered with neither success, 429 nor 503, and {lost} not at \
             all ({trouble})"
        )
    };
    (failed + lost > 0).then(told)
}

fn memory(story: &Story) -> Option<String> {
    let Held { before, most, third_quarter, last_quarter, after: _ } = story.held()?;
    if most > before + MEMORY {
        let grown = mebibytes(most.saturating_sub(before));
        return Some(format!("the flood took {grown} of memory, and not {}", mebibytes(MEMORY)));
    }
    let told = || {
        let (third, last) = (mebibytes(third_quarter), mebibytes(last_quarter));
        format!("memory went on growing: {third} in the third quarter of the flood, then {last}")
    };
    (last_quarter > third_quarter + SLACK).then(told)
}

fn recovery(story: &Story) -> Option<String> {
    match story.recovery() {
        None => Some("it did not recover".to_owned()),
        Some(time) if time > RECOVERY => Some(format!("it recovered after {} s", time.as_secs())),
        Some(_) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no measurement counts to 2^52")]
fn sent(story: &Story) -> Option<String> {
    let part = story.flood.sent as f64 / story.flood.offered.max(1) as f64;
    (part < SENT).then(|| format!("no such flood was made: of all requests {part:.2} were sent"))
}

#[cfg(test)]
mod tests;
