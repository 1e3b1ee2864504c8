//! The most that the service does, found in a closed loop, and what it does in a flood, in turn: a
//! machine is not equally fast all the time, and the less so the longer the time. So the turns are short
//! and many, over connections that stay; how a flood begins is seen in the one of a minute.

use std::time::Duration;

use anyhow::{Result, bail};

use super::house::House;
use super::story::{Cost, goodput, refusals};
use super::watch::{Cores, Mark};
use super::{Lengths, Options};
use crate::bench::measure::Spread;
use crate::load::flood::{Session, Step};

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
    /// Peak and flood in turn, over the best of several numbers of connections.
    ///
    /// # Errors
    /// When an answer at the peak is no success.
    pub fn find(
        house: &House,
        session: &mut Session,
        options: &Options,
        lengths: Lengths,
    ) -> Result<Self> {
        let mut best = (0.0, 0);
        for connections in CLOSED {
            let rate = session.in_turn(connections, lengths.search)?;
            if rate > best.0 {
                best = (rate, connections);
            }
        }
        let mut found = Self { connections: best.1, moments: Vec::new(), floods: Vec::new() };
        found.measure(house, session, lengths.peak)?;
        for _ in 0..lengths.turns {
            found.flood(house, session, options, lengths)?;
            found.measure(house, session, lengths.peak)?;
        }
        Ok(found)
    }

    /// A moment of the peak.
    fn measure(&mut self, house: &House, session: &mut Session, length: Duration) -> Result<()> {
        let begun = Mark::now(house.service().process_id());
        let granted = session.in_turn(self.connections, length)?;
        let cores = begun.cores(&Mark::now(house.service().process_id()));
        self.moments.push(Moment { granted, refused: 0.0, cores });
        Ok(())
    }

    /// A moment of flood. Until all have come who come in its first part, nothing is counted.
    fn flood(
        &mut self,
        house: &House,
        session: &mut Session,
        options: &Options,
        lengths: Lengths,
    ) -> Result<()> {
        let peak = self.moments.last().map_or(0.0, |it| it.granted);
        let Lengths { opening, moment, .. } = lengths;
        let rate = peak * f64::from(options.factor);
        let connections = usize::from(options.connections);
        let step = Step { rate, length: opening + moment, connections };
        let mut marks = Vec::new();
        let mark = || marks.push(Mark::now(house.service().process_id()));
        let outcome = session.once_more(step, opening, mark);
        let [begun, ended] = marks.as_slice() else { bail!("a flood without an end") };
        let counted = opening..step.length;
        self.floods.push(Moment {
            granted: goodput(&outcome, &counted),
            refused: refusals(&outcome, &counted),
            cores: begun.cores(ended),
        });
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
