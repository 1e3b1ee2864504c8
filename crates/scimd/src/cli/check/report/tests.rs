use scim_check::{Finding, Outcome, Report, checks};

use super::{Paint, found};

fn report() -> Report {
    let outcomes = [
        Outcome::Passed,
        Outcome::Failed("GET /x: expected 1, got \u{1b}[31m2".to_owned()),
        Outcome::Advised("GET /y: expected 1, got 2".to_owned()),
        Outcome::Skipped("not offered".to_owned()),
    ];
    let findings = checks().zip(outcomes).map(|(check, outcome)| Finding { check, outcome });
    Report {
        findings: findings.collect(),
        left: vec!["/Users/1".to_owned()],
        stopped: Some("it was told to stop"),
        tag: "scimcheck-0123456789abcdef".to_owned(),
    }
}

#[test]
fn the_table_says_of_each_check_how_it_ended_and_why() {
    let text = found("http://example.com", &report(), Paint::Plain).text;
    assert!(text.starts_with("DISCOVERY\n  passed   discovery."), "{text}");
    assert!(text.contains("\n  FAILED   ") && text.contains("\n  advice   "), "{text}");
    assert!(text.contains("expected 1, got 2 ["), "where the check comes from: {text}");
    assert!(text.contains("1 passed, 1 failed, 1 advised, 1 skipped."), "{text}");
    assert!(text.contains("Stopped before the end: it was told to stop."), "{text}");
    assert!(text.ends_with("with --clean-up):\n  /Users/1"), "{text}");
    assert!(!text.contains('\u{1b}'), "what a server said is never obeyed by the terminal");
}

#[test]
fn colours_change_nothing_but_colours() {
    let [plain, coloured] =
        [Paint::Plain, Paint::Colours].map(|paint| found("http://example.com", &report(), paint));
    let mut stripped = coloured.text.clone();
    for code in ["1", "2", "1;31", "32", "33", "0"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_ne!(coloured.text, plain.text);
    assert_eq!(stripped, plain.text);
    assert_eq!(coloured.json, plain.json);
}
