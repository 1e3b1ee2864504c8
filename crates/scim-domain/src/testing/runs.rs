//! Running a property that waits for something, which `proptest!` cannot.

use std::{fmt::Debug, hash::BuildHasher};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};

/// Names the variable that repeats a run, as proptest itself does.
const SEED: &str = "PROPTEST_RNG_SEED";
/// How often a failing value is made smaller at most.
const SMALLER: usize = 400;

/// How properties run that draw from a whole schema: fewer values, each of which holds much, and an
/// end to making a failing one smaller, which draws anew at every step.
pub fn config() -> Config {
    let fewer = Config::default();
    Config { cases: fewer.cases / 2, max_shrink_iters: 3_000, ..fewer }
}

/// A runner whose seed is known, to be told when something fails: that of the environment, or a
/// new one for every run.
pub fn runner() -> (TestRunner, u64) {
    let given = std::env::var(SEED).ok().and_then(|it| it.parse().ok());
    let seed = given.unwrap_or_else(|| std::hash::RandomState::new().hash_one(0_u8));
    (TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() }), seed)
}

/// Checks so many values. One that fails is made as small as it can be while it still fails.
///
/// # Panics
/// With the smallest failing value, what is wrong with it, and the seed that brings it back.
pub async fn check<S: Strategy>(
    strategy: &S,
    values: usize,
    property: impl AsyncFn(&S::Value) -> Result<(), String>,
) where
    S::Value: Debug,
{
    let (mut runner, seed) = runner();
    for _ in 0..values {
        let mut tree = strategy.new_tree(&mut runner).unwrap();
        let Err(mut wrong) = property(&tree.current()).await else { continue };
        let mut smallest = tree.current();
        for _ in 0..SMALLER {
            // Smaller while it fails; a step back where it no longer does.
            let value = tree.current();
            let moved = match property(&value).await {
                Err(why) => {
                    (wrong, smallest) = (why, value);
                    tree.simplify()
                }
                Ok(()) => tree.complicate(),
            };
            if !moved {
                break;
            }
        }
        fail(&wrong, &smallest, seed);
    }
}

#[expect(clippy::panic, reason = "a property that does not hold fails its test")]
fn fail(wrong: &str, value: &impl Debug, seed: u64) {
    panic!("{wrong}\nfor {value:#?}\nrepeat it with {SEED}={seed}");
}
