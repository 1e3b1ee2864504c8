use std::path::PathBuf;
use std::process::Command;

use super::{executable, shown};

#[test]
fn the_executable_is_the_one_cargo_names() {
    let line = r#"{"reason":"compiler-artifact","target":{"name":"scimd","kind":["bin"]},"profile":{"test":false},"executable":"/t/debug/scimd"}"#;
    assert_eq!(executable(line, "scimd"), Some(PathBuf::from("/t/debug/scimd")));
    assert_eq!(executable(line, "bare"), None);
}

#[test]
fn the_unit_tests_of_a_binary_are_not_the_binary() {
    let line = r#"{"reason":"compiler-artifact","target":{"name":"scimd","kind":["bin"]},"profile":{"test":true},"executable":"/t/debug/deps/scimd-1"}"#;
    assert_eq!(executable(line, "scimd"), None);
    assert_eq!(executable("not json", "scimd"), None);
}

#[test]
fn a_command_is_shown_without_the_programs_folder() {
    let mut command = Command::new("/somewhere/bin/cargo");
    command.args(["build", "--locked"]);
    assert_eq!(shown(&command), "cargo build --locked");
}
