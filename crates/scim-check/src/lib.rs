//! Checks a SCIM 2.0 server from the outside, whoever made it.
//!
//! [`run`] asks what the server offers, goes through the [`checks`] that apply and says of each
//! what was expected and what came. It touches what it made itself and nothing else, and deletes
//! it again. It shares no code with scimd, so that the two cannot agree on the same mistake.

mod answer;
mod check;
mod checks;
mod client;
mod run;
mod world;

pub use self::check::{Check, Group, Level, Outcome};
pub use self::checks::checks;
pub use self::client::{Client, Error};
pub use self::run::{Finding, Leftovers, Options, Report, clean_up, run};
