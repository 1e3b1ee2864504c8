//! The most that the service does, found in a closed loop, and what it does in a flood, in turn: a
//! machine is not equally fast all the time, but nearly so in ten seconds as in the ten before.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::house::House;
use super::story::{Cost, PART, goodput, refusals};
use super::watch::{Cores, Mark};
use super::{Lengths, Options};
use crate::bench::measure::Spread;
use crate::load::flood::{Flood, Step};

/// The peak is looked for over so many connections.
const CLOSED: [usize; 3] = [16, 32, 64];

/// The most that can be done, and what is left of it in a flood.
#[derive(Clone, Debug)]
pub struct Peak {
    /// Over so many connections.
    pub connections: usize,
    /// Each time it was measured: before the first flood, and after each of them.
    pub moments: Vec<Moment>,
    /// The floods between them.
    pub floods: Vec<Moment>,
}

/// A few seconds of peak or flood.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// What was granted in a second.
    pub granted: f64,
    /// What was refused in a second.
    pub refused: f64,
    /// What had the cores.
    pub cores: Cores<f64>,
}

impl Peak {
    /// Peak and flood in turn, over the best of several numbers of connections; and the number of the
    /// next request.
    ///
    /// # Errors
    /// When an answer at the peak is no success.
    pub fn find(
        house: &House,
        flood: &Flood,
        options: &Options,
        lengths: Lengths,
    ) -> Result<(Self, u64)> {
        let (mut next, mut best) = (0, (0.0, 0));
        for connections in CLOSED {
            let (rate, so_far) = flood.in_turn(next, connections, lengths.peak)?;
            next = so_far;
            if rate > best.0 {
                best = (rate, connections);
            }
        }
        let mut found = Self { connections: best.1, moments: Vec::new(), floods: Vec::new() };
        found.measure(house, flood, &mut next, lengths.peak)?;
        for _ in 0..lengths.turns {
            found.flood(house, flood, &mut next, options, lengths)?;
            found.measure(house, flood, &mut next, lengths.peak)?;
        }
        Ok((found, next))
    }

    /// A moment of the peak.
    fn measure(
        &mut self,
        house: &House,
        flood: &Flood,
        next: &mut u64,
        length: Duration,
    ) -> Result<()> {
        let begun = Mark::now(house.service().process_id());
        let (granted, so_far) = flood.in_turn(*next, self.connections, length)?;
        let cores = begun.cores(&Mark::now(house.service().process_id()));
        *next = so_far;
        self.moments.push(Moment { granted, refused: 0.0, cores });
        Ok(())
    }

    /// A moment of flood, and some rest in which those who wait are served.
    fn flood(
        &mut self,
        house: &House,
        flood: &Flood,
        next: &mut u64,
        options: &Options,
        lengths: Lengths,
    ) -> Result<()> {
        let peak = self.moments.last().map_or(0.0, |it| it.granted);
        let rate = peak * f64::from(options.factor);
        let connections = usize::from(options.connections);
        let steps = [
            Step { rate, length: lengths.moment, connections },
            Step { rate: peak * PART, length: lengths.rest, connections },
        ];
        let mut marks = Vec::new();
        let mark = |_| marks.push(Mark::now(house.service().process_id()));
        let outcomes = flood.after(*next).run(&steps, mark)?;
        *next += steps.iter().map(Step::due).sum::<u64>();
        let outcome = outcomes.first().context("a flood without an outcome")?;
        let [begun, ended, ..] = marks.as_slice() else { bail!("a flood without an end") };
        let granted = goodput(outcome, lengths.moment);
        let refused = refusals(outcome, lengths.moment);
        self.floods.push(Moment { granted, refused, cores: begun.cores(ended) });
        Ok(())
    }

    /// Answers a second at the peak, at every moment of it.
    pub fn rates(&self) -> Spread {
        Spread::of(self.moments.iter().map(|it| it.granted).collect())
    }

    /// Answers a second: half of the moments had more.
    pub fn rate(&self) -> f64 {
        self.rates().median
    }

    /// What had the cores at the peak, on average.
    pub fn cores(&self) -> Cores<f64> {
        Cores::mean(&self.moments.iter().map(|it| it.cores).collect::<Vec<_>>())
    }

    /// The part that is granted in a flood of what is granted before and after it.
    pub fn part(&self) -> Spread {
        let part = |(before, flood, after): (&Moment, &Moment, &Moment)| {
            flood.granted / f64::midpoint(before.granted, after.granted)
        };
        Spread::of(self.turns().map(part).collect())
    }

    /// What requests cost the service: what is granted in a flood costs what it does before and after
    /// it, and the rest is for those who are refused.
    pub fn cost(&self) -> Cost {
        let granted = |it: &Moment| it.cores.service / it.granted;
        let refused = |(before, flood, after): (&Moment, &Moment, &Moment)| {
            let each = f64::midpoint(granted(before), granted(after));
            (flood.cores.service - flood.granted * each) / flood.refused
        };
        Cost {
            granted: Spread::of(self.moments.iter().map(granted).collect()),
            refused: Spread::of(self.turns().map(refused).filter(|it| it.is_finite()).collect()),
        }
    }

    /// The floods, each with the peak before and after it.
    fn turns(&self) -> impl Iterator<Item = (&Moment, &Moment, &Moment)> {
        let after = self.moments.iter().skip(1);
        self.moments
            .iter()
            .zip(&self.floods)
            .zip(after)
            .map(|((before, flood), after)| (before, flood, after))
    }
}
