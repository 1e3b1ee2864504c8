//! Names that occur twice in an object, found without comparing all with all.

use std::{
    collections::HashSet,
    hash::{BuildHasher, Hasher, RandomState},
};

use super::Json;

/// Up to so many members, comparing is cheaper than hashing; nearly all objects are that small.
const FEW: usize = 16;

/// The names of an object so far, once there are many: only their hashes, so that a body full of
/// names does not cost its own size again. The hash is keyed; nobody can aim for collisions.
#[derive(Default)]
pub(super) struct Names {
    hashes: HashSet<u64>,
    keyed: RandomState,
}

impl Names {
    /// Whether no member so far has this name, letter case of ASCII aside. `so_far` are all the
    /// members for which this said yes before.
    pub(super) fn is_new(&mut self, name: &str, so_far: &[(String, Json)]) -> bool {
        let occurs = || so_far.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        if so_far.len() < FEW {
            return !occurs();
        }
        if self.hashes.is_empty() {
            self.hashes = so_far.iter().map(|(it, _)| self.hash(it)).collect();
        }
        self.hashes.insert(self.hash(name)) || !occurs()
    }

    fn hash(&self, name: &str) -> u64 {
        let mut hasher = self.keyed.build_hasher();
        hasher.write(name.to_ascii_lowercase().as_bytes());
        hasher.finish()
    }
}
