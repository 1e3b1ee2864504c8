//! Searching: which match, how many there are, in which order they come.

pub mod agreement;
pub mod computed;
pub mod filters;
pub mod logic;
pub mod numbers;
mod people;
pub mod sorting;
pub mod texts;
pub mod walks;
pub mod windows;
