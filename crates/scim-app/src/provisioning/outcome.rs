//! What a write answers.

/// The result of a write, and what of the request was left out, in plain words without personal
/// data: for the activity log.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// The result.
    pub value: T,
    /// What was done or left out, one phrase each.
    pub notes: Vec<String>,
}

impl<T> Outcome<T> {
    /// Whether the write made something that was not there before. An adopted user was.
    pub(crate) fn made_new(&self) -> bool {
        self.notes.first().is_some_and(|it| it == CREATED)
    }

    /// A result with the phrase for what was done in front of what was left out.
    pub(crate) fn new(value: T, done: &str, mut notes: Vec<String>) -> Self {
        notes.insert(0, done.to_owned());
        Self { value, notes }
    }
}

/// The phrase about names that nothing here knows, if there are any.
pub(crate) fn ignored_note(ignored: &[String]) -> Vec<String> {
    if ignored.is_empty() {
        return Vec::new();
    }
    vec![format!("ignored unknown attributes: {}", ignored.join(", "))]
}

/// The phrase for what was not there before.
pub(crate) const CREATED: &str = "created";

/// The phrase for a request that asks for what is so already.
pub(crate) const UNCHANGED: &str = "nothing to change";
