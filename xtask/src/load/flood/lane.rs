//! The connections and the requests of one step.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::{spawn_local, yield_now};
use tokio::time::{sleep_until, timeout};

use super::wire::Wire;
use super::{Fate, Flood, Outcome, Record, Step};

/// After so many requests at once the answers to earlier ones are read.
const AT_ONCE: u64 = 32;
/// If the generator is behind by more than that when its step is over, it leaves the rest.
const BEHIND: Duration = Duration::from_secs(1);

/// The connections of one step, or of several.
#[derive(Default)]
pub struct Connections {
    /// Those with nothing on their way. What was used last is used next, as clients do.
    idle: RefCell<Vec<Wire>>,
    open: Cell<usize>,
}

impl Connections {
    /// Whether nobody waits for an answer.
    pub fn are_idle(&self) -> bool {
        self.open.get() == self.idle.borrow().len()
    }

    /// Hangs up where nothing is on its way.
    pub fn close(&self) {
        let idle = self.idle.take();
        self.open.set(self.open.get() - idle.len());
    }
}

pub struct Lane {
    flood: Flood,
    step: Step,
    /// The number of its first request.
    first: u64,
    begun: Instant,
    connections: Rc<Connections>,
    /// Requests that are due and have no connection.
    waiting: RefCell<VecDeque<Due>>,
    outcome: RefCell<Outcome>,
}

#[derive(Clone, Copy)]
struct Due {
    number: u64,
    at: Duration,
}

impl Lane {
    pub fn new(flood: Flood, step: Step, first: u64, connections: &Rc<Connections>) -> Rc<Self> {
        Rc::new(Self {
            flood,
            step,
            first,
            begun: Instant::now(),
            connections: Rc::clone(connections),
            waiting: RefCell::default(),
            outcome: RefCell::default(),
        })
    }

    /// Sends what is due from here to there, when it is due, and goes on for so long.
    pub async fn offer(self: &Rc<Self>, time: Range<Duration>) {
        let gap = 1.0 / self.step.rate.max(0.001);
        for place in self.step.due_until(time.start)..self.step.due_until(time.end) {
            let at = Duration::from_secs_f64(gap * number(place));
            let now = self.begun.elapsed();
            if now >= time.end + BEHIND {
                break;
            }
            if at > now {
                sleep_until((self.begun + at).into()).await;
            } else if place % AT_ONCE == 0 {
                yield_now().await;
            }
            self.send(Due { number: self.first + place, at });
        }
        sleep_until((self.begun + time.end).into()).await;
    }

    /// The step is over: whoever has no connection yet gets none any more.
    pub fn end(&self) {
        self.waiting.borrow_mut().clear();
        self.outcome.borrow_mut().offered = self.step.due();
    }

    /// Sends the next request over each connection when its last one is answered, until the step is
    /// over and all is answered. Answers the number of the next request.
    pub async fn in_turn(self: &Rc<Self>) -> u64 {
        let numbers = Rc::new(Cell::new(self.first));
        let again = |_| spawn_local(Rc::clone(self).again(Rc::clone(&numbers)));
        let all: Vec<_> = (0..self.step.connections).map(again).collect();
        for one in all {
            // It ends badly with the whole thread alone.
            let _ended = one.await;
        }
        numbers.get()
    }

    async fn again(self: Rc<Self>, numbers: Rc<Cell<u64>>) {
        let mut wire = self.connections.idle.borrow_mut().pop();
        if wire.is_none() {
            self.connections.open.set(self.connections.open.get() + 1);
        }
        loop {
            let at = self.begun.elapsed();
            if at >= self.step.length {
                break;
            }
            let number = numbers.replace(numbers.get() + 1);
            self.ask_and_tell(&mut wire, Due { number, at }).await;
        }
        self.give_back(wire);
    }

    fn send(self: &Rc<Self>, due: Due) {
        let open = &self.connections.open;
        let free = self.connections.idle.borrow_mut().pop();
        if free.is_none() {
            if open.get() >= self.step.connections {
                self.waiting.borrow_mut().push_back(due);
                return;
            }
            open.set(open.get() + 1);
        }
        {
            let mut outcome = self.outcome.borrow_mut();
            outcome.behind = outcome.behind.max(self.begun.elapsed().saturating_sub(due.at));
            outcome.connections = outcome.connections.max(open.get());
            outcome.sent += 1;
        }
        spawn_local(Rc::clone(self).serve(free, due));
    }

    /// One connection, until nothing waits for it.
    async fn serve(self: Rc<Self>, mut wire: Option<Wire>, first: Due) {
        let mut next = Some(first);
        while let Some(due) = next {
            self.ask_and_tell(&mut wire, due).await;
            next = self.waiting.borrow_mut().pop_front();
            self.outcome.borrow_mut().sent += u64::from(next.is_some());
        }
        self.give_back(wire);
    }

    fn give_back(&self, wire: Option<Wire>) {
        let Connections { idle, open } = &*self.connections;
        match wire {
            Some(wire) => idle.borrow_mut().push(wire),
            None => open.set(open.get() - 1),
        }
    }

    async fn ask_and_tell(&self, wire: &mut Option<Wire>, due: Due) {
        let fate = self.ask(wire, due).await;
        let took = self.begun.elapsed().saturating_sub(due.at);
        let record = Record { number: due.number, due: due.at, took, fate };
        self.outcome.borrow_mut().records.push(record);
    }

    /// Asks over a connection that is there, or a new one, and leaves it only where it can be used
    /// again.
    async fn ask(&self, wire: &mut Option<Wire>, due: Due) -> Fate {
        let request = (self.flood.work)(due.number);
        let patience = (due.at + self.flood.patience).saturating_sub(self.begun.elapsed());
        let free = wire.take();
        match timeout(patience, self.exchange(free, &request)).await {
            Err(_elapsed) => Fate::GivenUp,
            Ok(Err(trouble)) => {
                self.outcome.borrow_mut().trouble.get_or_insert_with(|| format!("{trouble:#}"));
                Fate::Lost
            }
            Ok(Ok((fate, kept))) => {
                *wire = kept;
                fate
            }
        }
    }

    async fn exchange(&self, free: Option<Wire>, request: &[u8]) -> Result<(Fate, Option<Wire>)> {
        let mut wire = match free.filter(Wire::is_open) {
            Some(wire) => wire,
            None => Wire::open(self.flood.address).await?,
        };
        let answer = wire.exchange(request).await?;
        let fate = match answer.status {
            200..300 => Fate::Granted,
            status @ (429 | 503) => Fate::Refused { status, when: answer.when },
            status => Fate::Failed(status),
        };
        Ok((fate, (!answer.last).then_some(wire)))
    }

    /// What became of it until now.
    pub fn outcome(&self) -> Outcome {
        self.outcome.take()
    }
}

#[expect(clippy::cast_precision_loss, reason = "no measurement counts to 2^52")]
pub fn number(number: u64) -> f64 {
    number as f64
}
