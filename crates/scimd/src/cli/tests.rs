//! Tests of the command line.

use clap::{CommandFactory as _, Parser as _};

use super::Cli;

mod others_in_the_way;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_it_serves() {
    assert!(Cli::parse_from(["scimd"]).command.is_none());
    assert!(Cli::parse_from(["scimd", "serve", "--json"]).common.json);
}
