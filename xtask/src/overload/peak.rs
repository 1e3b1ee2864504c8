//! The most that the service does, found in a closed loop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::house::House;
use super::watch::{Cores, Mark};
use crate::bench::measure::Spread;
use crate::load::{Load, Work};

/// The peak is looked for over so many connections.
const CLOSED: [usize; 3] = [16, 32, 64];
const ROUNDS: usize = 3;

/// The most that can be done.
#[derive(Clone, Copy, Debug)]
pub struct Peak {
    /// Answers a second.
    pub rate: f64,
    /// Over so many connections.
    pub connections: usize,
    /// What had the cores meanwhile.
    pub cores: Cores<f64>,
}

impl Peak {
    /// The best of several numbers of connections, each by the median of some rounds; and the number
    /// of the next request.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn find(house: &House, work: &Work, length: Duration) -> Result<(Self, u64)> {
        let address = house.service().address();
        let mut next = 0;
        let mut found: Option<Self> = None;
        for connections in CLOSED {
            let load = Load { address, connections, work: Arc::clone(work), patient: false };
            let begun = Mark::now(house.service().process_id());
            let mut rates = Vec::new();
            for _ in 0..ROUNDS {
                let outcome = load.for_time(next, length, u64::MAX)?;
                next = outcome.next;
                rates.push(outcome.rate());
            }
            let cores = begun.cores(&Mark::now(house.service().process_id()));
            let rate = Spread::of(rates).median;
            if found.is_none_or(|best| rate > best.rate) {
                found = Some(Self { rate, connections, cores });
            }
        }
        Ok((found.context("no peak")?, next))
    }
}
