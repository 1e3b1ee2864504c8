//! Imports that break off, and are given again.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;
use crate::instance::poll;

impl Home {
    fn command(&self, words: &[&str]) -> Command {
        let organization = ["--organization", &self.organization];
        self.instance.place.command(&[words, &organization].concat())
    }

    fn users(&self) -> i64 {
        let database = self.instance.place.path("data/scimd.db");
        let database = rusqlite::Connection::open(database).unwrap();
        database.query_row("SELECT count(*) FROM users", [], |it| it.get(0)).unwrap()
    }

    /// Gives an import lines, and a signal when those of the first batch are in; answers its exit
    /// code and what it said.
    fn signalled(&self, signal: &str, words: &[&str], lines: &str, users: i64) -> (i32, String) {
        let mut import = self.command(words);
        import.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut import = import.spawn().unwrap();
        // Whoever writes the lines goes on for as long as it is here.
        let mut input = import.stdin.take().unwrap();
        input.write_all(lines.as_bytes()).unwrap();
        poll("the first batch", || self.users() == users);
        let killed = Command::new("kill").args([signal, &import.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let said = import.wait_with_output().unwrap();
        drop(input);
        (said.status.code().unwrap(), text(&said.stderr))
    }
}

#[test]
fn a_report_is_in_nobodys_way() {
    let home = Home::new();
    home.write("wrong.csv", "userName,shoeSize\nann,44\n");
    home.write("users.csv", USERS);
    for file in ["nowhere.csv", "wrong.csv"] {
        let output = home.command(&["import", file, "--report", "report.jsonl"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert_eq!(home.files(), ["users.csv", "wrong.csv"]);
    }
    for refused in [4, 4] {
        let (code, said) = home.import(&["users.csv", "--report", "report.jsonl"]);
        assert_eq!((code, counts(&said)[3]), (Some(1), refused));
        assert_eq!(home.read("report.jsonl").lines().count(), 4);
    }
    home.import(&["users.csv", "--dry-run", "--report", "report.jsonl"]);
    assert_eq!(home.files(), ["report.jsonl", "users.csv", "wrong.csv"]);
    let output = home.command(&["import", "users.csv", "--report", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("a file of its own"), "{}", text(&output.stderr));
    let words = ["import", "users.csv", "--report", "users.csv"];
    let output = home.command(&words).output().unwrap();
    assert!(text(&output.stderr).contains("is no report"), "{}", text(&output.stderr));
    assert_eq!(home.read("users.csv"), USERS);
}

#[test]
fn a_signal_ends_an_import_after_the_batch_at_hand() {
    let home = Home::new();
    for (signal, name, from) in [("-TERM", "SIGTERM", 0), ("-INT", "SIGINT", 1_000)] {
        // A batch, and some lines of the next one.
        let lines = (from..from + 501).map(user).collect::<String>();
        let lines = lines.replacen(&user(from + 2), "{]\n", 1);
        let words = ["import", "-", "--format", "jsonl", "--report", "report.jsonl"];
        let users = i64::from(from / 1_000 + 1) * 499;
        let (code, said) = home.signalled(signal, &words, &lines, users);
        assert_eq!((code, said.lines().count()), (1, 1), "{said}");
        for words in ["after line 500 (499 created", "give the same command again", name] {
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(home.users(), users);
        let report: Value = serde_json::from_str(&home.read("report.jsonl")).unwrap();
        assert_eq!((&report["line"], &report["outcome"]), (&json!(3), &json!("refused")));
        assert_eq!(home.files(), ["report.jsonl"]);
    }
    // The same again goes on.
    home.write_users("users.jsonl", 0..600);
    let (code, said) = home.import(&["users.jsonl", "--report", "report.jsonl"]);
    assert_eq!((code, counts(&said)), (Some(0), [101, 0, 499, 0]));
    assert_eq!(home.read("report.jsonl"), "");
}

#[test]
fn what_was_read_before_a_quote_that_is_not_closed_is_in() {
    let home = Home::new();
    let rows = format!("\"{}", "zoe@acme.example,Zoe,Kay,zoe@acme.example\n".repeat(30_000));
    let header = "userName,name.givenName,name.familyName,emails.value\n";
    let ann = "ann@acme.example,Ann,Lee,ann@acme.example\n";
    home.write("users.csv", &format!("{header}{ann}eve@acme.example,Eve\n{rows}"));
    let words = ["import", "users.csv", "--report", "report.jsonl"];
    let output = home.command(&words).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    for words in ["after line 3 (1 created", "begins in line 4", "quote"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!((home.users(), home.read("report.jsonl").lines().count()), (1, 1));
}
