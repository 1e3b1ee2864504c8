use std::collections::BTreeSet;

use super::*;

#[test]
fn every_row_names_a_living_test_or_says_why_not() {
    let (ledgers, evidence) = read().unwrap();
    let faults: Vec<String> = ledgers.iter().flat_map(|it| it.faults(&evidence)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let rfcs: BTreeSet<u32> = ledgers.iter().map(|it| it.rfc).collect();
    assert_eq!(rfcs, BTreeSet::from([7643, 7644, 9865]), "an RFC is missing or there twice");
    assert_eq!(rfcs.len(), ledgers.len());
}

#[test]
fn the_page_is_what_the_ledger_makes() {
    let (ledgers, evidence) = read().unwrap();
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let made = page::write(&ledgers, &evidence);
    let place = page.lines().zip(made.lines()).position(|(is, should)| is != should);
    assert!(page == made, "run `cargo xtask conformance`; first difference: line {place:?}");
}

/// The faults of one row.
fn faults(row: &str) -> Vec<String> {
    let head = "rfc = 1\ntitle = \"One\"\n[[section]]\nnumber = \"2\"\ntitle = \"Two\"\n";
    let row =
        format!("{head}[[section.requirement]]\nstrength = \"MUST\"\nrequirement = \"x\"\n{row}");
    toml::from_str::<Ledger>(&row).unwrap().faults(&Evidence::default())
}

#[test]
fn a_row_without_evidence_or_reason_is_a_fault() {
    let reason = "because of a real reason";
    for (row, fault) in [
        (r#"id = "1-2-1""#.to_owned(), "names no test"),
        (
            r#"id = "1-2-1"
            tests = ["scim-http::nobody"]"#
                .to_owned(),
            "there is no test scim-http::nobody",
        ),
        (format!("id = \"1-2-1\"\ndeviation = \"{reason}\""), "names no test"),
        ("id = \"1-2-1\"\nnot_applicable = \"todo\"".to_owned(), "no real reason"),
        (format!("id = \"1-3-1\"\nopen = \"{reason}\""), "an id here is 1-2- and a number"),
        (format!("id = \"1-2-x\"\nopen = \"{reason}\""), "an id here is 1-2- and a number"),
        (format!("id = \"1-2-1\"\nopen = \"{reason}\"\ndeviation = \"{reason}\""), "more than one"),
    ] {
        let found = faults(&row);
        assert!(found.len() == 1 && found[0].contains(fault), "{row}: {found:?}");
    }
    assert_eq!(faults(&format!("id = \"1-2-1\"\nopen = \"{reason}\"")), [""; 0]);
    assert_eq!(faults(&format!("id = \"1-2-1\"\nnot_applicable = \"{reason}\"")), [""; 0]);
}

#[test]
fn an_id_that_is_there_twice_is_a_fault() {
    let row = "id = \"1-2-1\"\nopen = \"because of a real reason\"";
    let twice = format!(
        "{row}\n[[section.requirement]]\nstrength = \"SHOULD\"\nrequirement = \"y\"\n{row}"
    );
    assert_eq!(faults(&twice), ["1-2-1: the id is there twice"]);
}
