//! Exports that end before they are whole.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::*;

impl Home {
    fn with_users(users: u32) -> Self {
        let home = Self::new();
        home.write_users("users.jsonl", 0..users);
        let (code, _) = home.import(&["users.jsonl"]);
        assert_eq!(code, Some(0));
        home
    }
}

#[test]
fn an_export_that_finds_no_space_leaves_nothing_and_names_the_file() {
    let home = Home::with_users(100);
    let place = &home.instance.place;
    // The signal would end the process; where it is ignored, the write fails.
    let limited = ["sh", "-c", "ulimit -f 8; trap '' 25; exec \"$@\"", "-"];
    for file in ["out.jsonl", "out.csv"] {
        let words = ["export", "--organization", &home.organization, "--output", file];
        let output = place.command_behind(&limited, &words).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains(&format!("cannot write {file}")), "{said}");
        assert_eq!(home.files(), ["users.jsonl"]);
        // The same command, once there is space.
        assert!(place.run(&words).status.success());
        assert!(place.refused(&words).contains("overwrites nothing"));
        fs::remove_file(place.path(file)).unwrap();
    }
}

#[test]
fn who_reads_a_part_of_an_export_is_told_of_no_error() {
    let home = Home::with_users(1_000);
    for format in ["jsonl", "csv"] {
        let words = ["export", "--organization", &home.organization, "--format", format];
        let mut export = home.instance.place.command(&words);
        let mut export = export.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(export.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("userName"), "{line}");
        let output = export.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    }
}

#[test]
fn an_export_that_is_stopped_leaves_nothing() {
    let home = Home::with_users(2_000);
    let place = &home.instance.place;
    let words = ["export", "--organization", &home.organization, "--output", "out.csv"];
    // It may be whole before it hears of the signal.
    let stopped = (0..20).any(|_| {
        let mut export = place.command(&words);
        let mut export = export.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        while !home.files().contains(&"out.csv.partial".to_owned()) {
            if export.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::yield_now();
        }
        let killed = Command::new("kill").args(["-INT", &export.id().to_string()]).output();
        killed.unwrap();
        let output = export.wait_with_output().unwrap();
        if output.status.success() {
            fs::remove_file(place.path("out.csv")).unwrap();
            return false;
        }
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), said.as_str()), (Some(1), "scimd: stopped by SIGINT\n"));
        true
    });
    assert!(stopped, "never heard of a signal in time");
    assert_eq!(home.files(), ["users.jsonl"]);
}
