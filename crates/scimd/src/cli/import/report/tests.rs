use super::*;

fn line(number: u64) -> ImportLine {
    ImportLine { number, resource: Json::parse(br#"{"displayName":"Crew"}"#).unwrap() }
}

fn begin(report: Option<&Path>) -> Report {
    Report::begin(Kind::Groups, false, report).unwrap()
}

/// A report of so many lines from which somebody was left out.
fn left_out(report: Option<&Path>, lines: u64) -> String {
    let mut report = begin(report);
    for number in 1..=lines {
        let outcome = Imported::Created;
        let done = ImportedGroup { outcome, joined: 0, left_out: 1, examples: vec!["x".into()] };
        report.group(&line(number), done).unwrap();
    }
    report.end().unwrap().0.text
}

#[test]
fn where_more_was_told_than_is_shown_the_answer_says_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.jsonl");
    assert!(!left_out(None, 20).contains('…'));
    let text = left_out(None, 21);
    assert!(text.ends_with("… --report FILE writes all of them to a file."), "{text}");
    let text = left_out(Some(&path), 21);
    assert!(text.ends_with("report.jsonl has all 21 of them."), "{text}");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 21);
}

#[test]
fn the_line_after_which_it_broke_off_is_one_of_a_finished_batch() {
    let mut report = begin(None);
    report.unreadable(7, "no JSON".to_owned()).unwrap();
    assert!(report.interrupted().contains("broke off at its beginning"));
    report.reached(Some(7));
    report.unreadable(9, "no JSON".to_owned()).unwrap();
    assert!(report.interrupted().contains("broke off after line 7 "));
}

#[test]
fn a_report_replaces_nothing_but_a_report() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.jsonl");
    let begin = |path: &Path| {
        let report = Report::begin(Kind::Users, false, Some(path));
        report.err().map_or_else(String::new, |it| it.to_string())
    };
    for (there, expected) in [
        ("", ""),
        ("{\"line\":3,\"name\":\"x\",\"outcome\":\"refused\",\"reason\":\"y\"}\n", ""),
        ("{\"userName\":\"ann\"}\n", "no report"),
        ("userName,title\nann,a\n", "no report"),
    ] {
        std::fs::write(&path, there).unwrap();
        let error = begin(&path);
        assert!(error.contains(expected) && error.is_empty() == expected.is_empty(), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), there);
    }
    for other in [directory.path(), Path::new("/dev/null")] {
        assert!(begin(other).contains("no report"));
    }
}
