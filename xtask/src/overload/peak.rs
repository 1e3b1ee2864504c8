//! The most that the service does, found in a closed loop.

use std::time::Duration;

use anyhow::Result;

use super::house::House;
use super::watch::{Cores, Mark};
use crate::bench::measure::Spread;
use crate::load::flood::Flood;

/// The peak is looked for over so many connections.
const CLOSED: [usize; 3] = [16, 32, 64];
const ROUNDS: usize = 3;

/// The most that can be done.
#[derive(Clone, Debug)]
pub struct Peak {
    /// Answers a second, in each round before the flood, and then in each after it: a machine is not
    /// equally fast all the time.
    pub rates: Vec<f64>,
    /// Over so many connections.
    pub connections: usize,
    /// What had the cores before the flood.
    pub cores: Cores<f64>,
}

impl Peak {
    /// Some rounds over the best of several numbers of connections; and the number of the next request.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn find(house: &House, flood: &Flood, length: Duration) -> Result<(Self, u64)> {
        let (mut next, mut best) = (0, (0.0, 0));
        for connections in CLOSED {
            let (rate, so_far) = flood.in_turn(next, connections, length)?;
            next = so_far;
            if rate > best.0 {
                best = (rate, connections);
            }
        }
        let begun = Mark::now(house.service().process_id());
        let (rates, next) = rounds(flood, next, best.1, length)?;
        let cores = begun.cores(&Mark::now(house.service().process_id()));
        Ok((Self { rates, connections: best.1, cores }, next))
    }

    /// As many rounds after the flood.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn again(&mut self, flood: &Flood, first: u64, length: Duration) -> Result<()> {
        let (rates, _next) = rounds(flood, first, self.connections, length)?;
        self.rates.extend(rates);
        Ok(())
    }

    /// Answers a second: half of the rounds had more.
    pub fn rate(&self) -> f64 {
        Spread::of(self.rates.clone()).median
    }
}

fn rounds(
    flood: &Flood,
    first: u64,
    connections: usize,
    length: Duration,
) -> Result<(Vec<f64>, u64)> {
    let (mut rates, mut next) = (Vec::new(), first);
    for _ in 0..ROUNDS {
        let (rate, so_far) = flood.in_turn(next, connections, length)?;
        next = so_far;
        rates.push(rate);
    }
    Ok((rates, next))
}
