use std::time::{Duration, Instant};

use super::super::peak::{Moment, Peak};
use super::super::watch::{Cores, Mark, Sample};
use super::{Story, Window, windows};
use crate::database::Database;
use crate::load::flood::{Fate, Outcome, Record};

const SECOND: Duration = Duration::from_secs(1);

impl Story {
    /// Ten seconds at five times a peak of 100, of which 80 a second are granted, and all of which is
    /// over at once.
    pub fn imagined() -> Self {
        let record = |number: u64| Record {
            number,
            due: Duration::from_millis(number * 2),
            took: Duration::from_millis(10),
            fate: match number % 25 {
                0..4 => Fate::Granted,
                _ => Fate::Refused { status: 503, when: true },
            },
        };
        let records: Vec<_> = (0..5_000).map(record).collect();
        let flood = Outcome { records, offered: 5_000, sent: 5_000, ..Outcome::default() };
        let window = Window { granted: 50, others: 0, p99: Duration::from_millis(5) };
        let cores = Cores { service: 1.0, generator: 0.1, all: 1.5 };
        let moment = |granted, refused| Moment { granted, refused, cores };
        let (moments, floods) = (vec![moment(100.0, 0.0); 2], vec![moment(80.0, 400.0)]);
        let mut story = Self {
            database: Database::Sqlite,
            peak: Peak { connections: 16, moments, floods },
            flood,
            length: SECOND * 10,
            before: vec![window; 8],
            after: vec![window; 16],
            organizations: 4,
            apart: true,
            samples: Vec::new(),
            marks: Vec::new(),
        };
        story.hold(|_| 100 << 20);
        story
    }

    /// Holds so much memory in each second of the flood.
    pub fn hold(&mut self, bytes: impl Fn(u64) -> u64) {
        let begun = Instant::now();
        let flood = begun + SECOND * 8;
        self.marks =
            [begun, flood, flood + SECOND * 10, flood + SECOND * 26].map(Mark::unused).to_vec();
        let sample =
            |second: u32| Sample { at: flood + SECOND * second, bytes: bytes(second.into()) };
        let before = Sample { at: begun, bytes: bytes(0) };
        self.samples = std::iter::once(before).chain((0..10).map(sample)).collect();
    }
}

#[test]
fn goodput_is_what_is_granted_while_the_flood_lasts() {
    assert!((Story::imagined().goodput() - 80.0).abs() < 1e-9);
}

#[test]
fn a_second_misses_what_was_never_answered() {
    let record = |due, took, fate| Record {
        number: 0,
        due: Duration::from_millis(due),
        took: Duration::from_millis(took),
        fate,
    };
    let records = vec![
        record(0, 1, Fate::Granted),
        record(500, 7, Fate::Granted),
        record(1_000, 3, Fate::Granted),
        record(1_500, 1, Fate::Lost),
    ];
    let outcome = Outcome { records, offered: 6, ..Outcome::default() };
    let shown = windows(&outcome, SECOND * 3);
    let shown: Vec<_> =
        shown.iter().map(|it| (it.granted, it.others, it.p99.as_millis())).collect();
    assert_eq!(shown, [(2, 0, 7), (1, 1, 3), (0, 2, 30_000)]);
}

#[test]
fn what_comes_after_the_flood_is_none_of_its_goodput() {
    let mut story = Story::imagined();
    let first = story.flood.records.iter_mut().find(|it| it.fate == Fate::Granted);
    first.unwrap().took = SECOND * 11;
    assert!((story.goodput() - 79.9).abs() < 1e-9);
}

#[test]
fn a_flood_is_compared_with_the_peak_before_and_after_it() {
    let mut peak = Story::imagined().peak;
    assert!((peak.part().median - 0.8).abs() < 1e-9);
    // 10 ms of a core for each request at the peak leave 0.2 s for 400 refusals.
    let cost = peak.cost();
    assert!((cost.granted.median - 0.01).abs() < 1e-9);
    assert!((cost.refused.median - 0.0005).abs() < 1e-9);
    peak.moments[1].granted = 60.0;
    assert!((peak.part().median - 1.0).abs() < 1e-9);
    // Where nothing was refused, nobody knows what a refusal costs.
    peak.floods[0].refused = 0.0;
    assert!(peak.cost().refused.median.abs() < 1e-9);
}
