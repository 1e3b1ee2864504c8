//! Runs a target: draws inputs, changes them, and keeps those that bring something new to light.
//!
//! An input is kept when its outcome (the shape of an answer, the sentence of a refusal) was not
//! seen before, so that what is found out leads further into the code without any instrumentation,
//! and on the stable toolchain. A failing input is made smaller, written down and named; put it
//! into `tests/fuzz/found/TARGET/` and every later run starts with it.

use std::{
    collections::HashSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use crate::mutation::{Dice, change};

/// How long a target works in an ordinary run.
const SHORT: Duration = Duration::from_millis(600);
/// What one input may take: nobody may buy time with a request. A build without optimisation,
/// beside other tests on a busy machine, is only asked to come to an end.
const SLOWEST: Duration = Duration::from_millis(if cfg!(debug_assertions) { 10_000 } else { 100 });
/// The stack of a target, a quarter of what a worker of the service has.
const STACK: usize = 512 * 1024;
/// How many inputs are kept.
const KEPT: usize = 20_000;
/// How often a failing input is made smaller at most.
const SMALLER: usize = 3_000;

/// Makes an input.
pub type Draw = Box<dyn FnMut() -> Vec<u8>>;
/// Says what came of an input.
pub type Judge = Box<dyn FnMut(&[u8]) -> String>;

/// What is fuzzed.
pub struct Target {
    pub name: &'static str,
    /// What its inputs are made of.
    pub words: Vec<String>,
    /// Real inputs.
    pub seeds: Vec<Vec<u8>>,
    /// Draws a new input, most often a valid one.
    pub draw: Draw,
    /// Panics if something does not hold for the input; otherwise says what came of it.
    pub judge: Judge,
}

/// Fuzzes as long as `SCIMD_FUZZ_SECONDS` says, from `SCIMD_FUZZ_SEED`.
pub fn fuzz(target: fn(u64) -> Target) {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let time = number("SCIMD_FUZZ_SECONDS").map_or(SHORT, Duration::from_secs);
    let seed = number("SCIMD_FUZZ_SEED").unwrap_or(1);
    let thread = std::thread::Builder::new().stack_size(STACK);
    let run = thread.spawn(move || Run::new(target(seed), seed).go(time)).unwrap();
    assert!(run.join().is_ok(), "what does not hold is told above");
}

struct Run {
    target: Target,
    dice: Dice,
    kept: Vec<Vec<u8>>,
    seen: HashSet<String>,
    slowest: Duration,
    executions: u64,
}

impl Run {
    fn new(target: Target, seed: u64) -> Self {
        let dice = Dice::new(seed);
        Self {
            target,
            dice,
            kept: Vec::new(),
            seen: HashSet::new(),
            slowest: Duration::ZERO,
            executions: 0,
        }
    }

    fn go(mut self, time: Duration) {
        let begun = Instant::now();
        let mut told = begun;
        for input in found(self.target.name).into_iter().chain(self.target.seeds.clone()) {
            self.try_out(input);
        }
        while begun.elapsed() < time {
            let input = self.next();
            self.try_out(input);
            if told.elapsed() > Duration::from_mins(1) {
                self.tell(begun.elapsed());
                told = Instant::now();
            }
        }
        self.tell(begun.elapsed());
        assert!(self.executions > 20, "too few inputs for a test: {}", self.executions);
    }

    fn next(&mut self) -> Vec<u8> {
        if self.kept.is_empty() || self.dice.below(5) == 0 {
            return (self.target.draw)();
        }
        let one = self.kept[self.dice.below(self.kept.len())].clone();
        let other = self.kept[self.dice.below(self.kept.len())].clone();
        change(&mut self.dice, one, &other, &self.target.words)
    }

    fn try_out(&mut self, input: Vec<u8>) {
        self.executions += 1;
        let Some((outcome, took)) = self.judge(&input) else {
            self.fail(input);
        };
        self.slowest = self.slowest.max(took);
        if self.kept.len() < KEPT && self.seen.insert(outcome) {
            self.kept.push(input);
        }
    }

    /// The outcome and the time, or nothing if something does not hold. What is slow is tried
    /// again: the machine may have been busy elsewhere.
    fn judge(&mut self, input: &[u8]) -> Option<(String, Duration)> {
        let mut best: Option<(String, Duration)> = None;
        for _ in 0..5 {
            let begun = Instant::now();
            let outcome = catch_unwind(AssertUnwindSafe(|| (self.target.judge)(input))).ok()?;
            let took = begun.elapsed();
            if best.as_ref().is_none_or(|(_, before)| took < *before) {
                best = Some((outcome, took));
            }
            if took < SLOWEST {
                return best;
            }
        }
        eprintln!("one input takes {:?}", best.map(|it| it.1));
        None
    }

    fn fail(&mut self, mut input: Vec<u8>) -> ! {
        // One message for each smaller input would be too many.
        std::panic::set_hook(Box::new(|_| {}));
        let mut size = input.len() / 2;
        let mut tries = 0;
        while size > 0 && tries < SMALLER {
            let mut at = 0;
            while at < input.len() && tries < SMALLER {
                let mut less = input.clone();
                less.drain(at..(at + size).min(input.len()));
                tries += 1;
                if self.judge(&less).is_none() { input = less } else { at += size }
            }
            size /= 2;
        }
        drop(std::panic::take_hook());
        let name = format!("{}-{:08x}", self.target.name, crc32fast::hash(&input));
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&place, &input).unwrap();
        eprintln!("failing input in {}:\n{}", place.display(), input.escape_ascii());
        (self.target.judge)(&input);
        panic!("the input takes longer than {SLOWEST:?}");
    }

    fn tell(&self, time: Duration) {
        println!(
            "{}: {} inputs in {:.1} s, {} outcomes, slowest {:?}",
            self.target.name,
            self.executions,
            time.as_secs_f64(),
            self.seen.len(),
            self.slowest
        );
    }
}

/// The inputs that once failed.
fn found(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(target);
    let files = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = files.map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|it| fs::read(it).unwrap()).collect()
}
