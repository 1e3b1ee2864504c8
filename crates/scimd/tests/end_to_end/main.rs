//! The real binary, started, asked and stopped, each test in a directory of its own.

mod http;
mod instance;

mod administration;
mod first_start;
mod refusals;
mod schema;
mod stopping;
mod tls;
