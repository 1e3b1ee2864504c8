//! What a domain operation answers: the new state, and what happened on the way.

use crate::event::Event;

/// New state and its events. A use case gets the state out only by committing the decision
/// through the journal, which stores the events in the same transaction.
#[must_use = "a decision takes effect only when the journal commits it"]
#[derive(Clone, Debug)]
pub struct Decision<T> {
    outcome: T,
    events: Vec<Event>,
}

impl<T> Decision<T> {
    /// A decision with everything that happened.
    pub fn new(outcome: T, events: Vec<Event>) -> Self {
        Self { outcome, events }
    }

    /// A decision that changes nothing worth telling.
    pub fn quiet(outcome: T) -> Self {
        Self { outcome, events: Vec::new() }
    }

    /// Looks at the new state without taking it out.
    pub fn outcome(&self) -> &T {
        &self.outcome
    }

    /// What happened so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same decision, with more that happened because of it.
    pub fn and(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        self.events.extend(events);
        self
    }

    /// The same events around another outcome.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Decision<U> {
        Decision { outcome: f(self.outcome), events: self.events }
    }

    /// For the journal alone.
    pub fn into_parts(self) -> (T, Vec<Event>) {
        (self.outcome, self.events)
    }
}
