//! scimd, a self-hosted SCIM 2.0 service: the program that wires its parts.

mod cli;
mod clock;
mod database_file;
mod duration;
mod ids;
mod output;
mod schema;
mod secrets;
mod settings;
mod stop;
mod telemetry;
mod tls;

fn main() {}
