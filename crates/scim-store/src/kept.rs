use std::sync::OnceLock;

use sea_orm::Value;

use crate::{
    dialect::Dialect,
    session::{Call, Cost, Source},
};

/// How many values a list in a text can have. A shorter list repeats its last value, so that a
/// handful of texts serve lists of every length and each stays prepared.
const SIZES: [usize; 4] = [1, 10, 100, 1000];

/// The most values that one list can have.
pub(crate) const LONGEST_LIST: usize = 1000;

enum Build {
    Plain(fn(Dialect) -> String),
    Sized(fn(Dialect, usize) -> String),
}

type Texts = [OnceLock<String>; SIZES.len()];

/// A statement whose text is built at its first use and kept for good.
pub(crate) struct Kept {
    name: &'static str,
    build: Build,
    cost: Cost,
    sqlite: Texts,
    postgres: Texts,
}

const fn no_texts() -> Texts {
    [OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new()]
}

impl Kept {
    /// A statement with a fixed number of values.
    pub(crate) const fn new(name: &'static str, build: fn(Dialect) -> String) -> Self {
        Self::of(name, Build::Plain(build))
    }

    /// A statement with a list of values, or with so many rows.
    pub(crate) const fn sized(name: &'static str, build: fn(Dialect, usize) -> String) -> Self {
        Self::of(name, Build::Sized(build))
    }

    const fn of(name: &'static str, build: Build) -> Self {
        Self { name, build, cost: Cost::Point, sqlite: no_texts(), postgres: no_texts() }
    }

    /// The same, as one that may look at any number of rows.
    pub(crate) const fn long(mut self) -> Self {
        self.cost = Cost::Scan;
        self
    }

    /// What it is, for tests and messages: table and verb.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// The text for lists of `size` values, which is one of [`SIZES`].
    pub(crate) fn text(&self, dialect: Dialect, size: usize) -> &str {
        let texts = match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        };
        let at = SIZES.iter().position(|it| *it == size).unwrap_or(0);
        texts.get(at).map_or("", |slot| {
            slot.get_or_init(|| match self.build {
                Build::Plain(build) => build(dialect),
                Build::Sized(build) => build(dialect, size),
            })
        })
    }

    /// Every text, for tests.
    pub(crate) fn texts(&self, dialect: Dialect) -> Vec<&str> {
        match self.build {
            Build::Plain(_) => vec![self.text(dialect, 1)],
            Build::Sized(_) => SIZES.iter().map(|size| self.text(dialect, *size)).collect(),
        }
    }

    /// The statement with its values, in the order of their places.
    pub(crate) fn call<const N: usize>(&'static self, values: [Value; N]) -> Call {
        Call { source: Source::Kept(self, 1), values: values.into(), cost: self.cost }
    }

    /// The statement with `before` and a list of ids or texts, at most [`LONGEST_LIST`], as last
    /// values.
    pub(crate) fn list<const N: usize, T: Into<Value>>(
        &'static self,
        before: [Value; N],
        ids: impl ExactSizeIterator<Item = T>,
    ) -> Call {
        let size = SIZES.into_iter().find(|it| *it >= ids.len()).unwrap_or(LONGEST_LIST);
        let mut values = Vec::from(before);
        values.extend(ids.map(Into::into));
        if let Some(last) = values.last().cloned() {
            values.resize(N + size, last);
        }
        Call { source: Source::Kept(self, size), values, cost: self.cost }
    }

    /// Calls that together insert all rows: as few statements as the sizes allow.
    pub(crate) fn rows(&'static self, rows: Vec<Vec<Value>>) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while left > 0 {
            let size = SIZES.into_iter().rev().find(|it| *it <= left).unwrap_or(1);
            let values = rows.by_ref().take(size).flatten().collect();
            calls.push(Call { source: Source::Kept(self, size), values, cost: self.cost });
            left -= size;
        }
        calls
    }
}
