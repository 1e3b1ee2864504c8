use std::io::Write as _;

use super::*;

fn names(directory: &Path) -> Vec<String> {
    let name = |it: io::Result<fs::DirEntry>| it.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(name).collect();
    names.sort();
    names
}

fn write(output: &Path, taken: Taken, text: &str) -> Partial {
    let partial = Partial::make(output, taken).unwrap();
    partial.file().unwrap().write_all(text.as_bytes()).unwrap();
    partial
}

#[test]
fn a_file_gets_its_name_when_it_is_kept_and_is_gone_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    drop(write(&output, Taken::Stays, "half"));
    assert!(names(directory.path()).is_empty());
    let partial = write(&output, Taken::Stays, "whole");
    assert_eq!(names(directory.path()), ["out.partial"]);
    assert_eq!(partial.keep().unwrap(), 5);
    assert_eq!(names(directory.path()), ["out"]);
    assert_eq!(fs::read_to_string(&output).unwrap(), "whole");
}

#[test]
fn a_name_that_is_taken_stays_or_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    let late = write(&output, Taken::Stays, "late");
    fs::write(&output, "mine").unwrap();
    let error = late.keep().unwrap_err().to_string();
    assert!(error.contains("overwrites nothing"), "{error}");
    let error = Partial::make(&output, Taken::Stays).unwrap_err().to_string();
    assert!(error.contains("overwrites nothing"), "{error}");
    assert_eq!(fs::read_to_string(&output).unwrap(), "mine");
    write(&output, Taken::Replaced, "new").keep().unwrap();
    assert_eq!(fs::read_to_string(&output).unwrap(), "new");
    assert_eq!(names(directory.path()), ["out"]);
}

#[test]
fn what_a_killed_command_left_is_replaced_and_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let [output, left, other] = ["out", "out.partial", "other"].map(|it| directory.path().join(it));
    fs::write(&other, "other").unwrap();
    std::os::unix::fs::symlink(&other, &left).unwrap();
    write(&output, Taken::Stays, "whole").keep().unwrap();
    assert_eq!(fs::read_to_string(&output).unwrap(), "whole");
    assert_eq!(fs::read_to_string(&other).unwrap(), "other");
}

#[test]
fn of_two_that_write_one_file_the_later_one_has_it() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    let first = write(&output, Taken::Replaced, "first");
    let second = write(&output, Taken::Replaced, "second");
    let error = first.keep().unwrap_err().to_string();
    assert!(error.contains("another command"), "{error}");
    second.keep().unwrap();
    assert_eq!(fs::read_to_string(&output).unwrap(), "second");
}
