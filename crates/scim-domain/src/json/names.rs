//! Names that occur twice in an object, found without comparing all with all.

use std::collections::HashSet;

use super::Json;

/// Up to so many members, comparing is cheaper than hashing; nearly all objects are that small.
const FEW: usize = 16;

/// The names of an object so far, once there are many.
#[derive(Default)]
pub(super) struct Names {
    lower: HashSet<String>,
}

impl Names {
    /// Whether no member so far has this name, letter case of ASCII aside. `so_far` are all the
    /// members for which this said yes before.
    pub(super) fn is_new(&mut self, name: &str, so_far: &[(String, Json)]) -> bool {
        if so_far.len() < FEW {
            return !so_far.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        }
        if self.lower.is_empty() {
            self.lower.extend(so_far.iter().map(|(it, _)| it.to_ascii_lowercase()));
        }
        self.lower.insert(name.to_ascii_lowercase())
    }
}
