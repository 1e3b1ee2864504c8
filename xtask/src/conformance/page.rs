//! The page for people.

use std::fmt::Write as _;

use super::evidence::{Evidence, Test};
use super::ledger::{Ledger, Requirement, Section, State, Strength};

const HEAD: &str = "# Conformance

What RFC 7643, RFC 7644 and RFC 9865 ask of a service provider, requirement by requirement in our \
words, and the tests that show it. Made by `cargo xtask conformance` from `conformance/*.toml`; \
change those. A test fails when a row names no test that is run, or this page is not what they make.

*Must* stands for MUST, SHALL and REQUIRED, *should* for SHOULD and RECOMMENDED, with their \
negations; what the RFCs say in plain words and leave no choice about is a *must*. A name in code, \
such as `users.create`, is a check of `scimd check`, which scimd passes in its own tests and any \
server can be tried with; one with a slash, such as `okta/create-a-user`, is a story of what an \
identity provider sends, which is played in the tests too.
";

/// The whole page.
pub fn write(ledgers: &[Ledger], evidence: &Evidence) -> String {
    let mut page = HEAD.to_owned();
    summary(&mut page, ledgers);
    exceptions(&mut page, ledgers);
    for ledger in ledgers {
        line(&mut page, &format!("\n## RFC {}: {}", ledger.rfc, ledger.title));
        for section in ledger.sections.iter().filter(|it| !it.requirements.is_empty()) {
            table(&mut page, section, evidence);
        }
    }
    page
}

fn line(page: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}

fn summary(page: &mut String, ledgers: &[Ledger]) {
    line(
        page,
        "\n| | Requirements | Must | Should | Met | Deviations | Do not apply | Open | Of others |",
    );
    line(page, "|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut totals = [0; 8];
    for ledger in ledgers {
        let counts = counts(ledger);
        totals.iter_mut().zip(counts).for_each(|(total, it)| *total += it);
        line(page, &format!("| RFC {} | {} |", ledger.rfc, cells(counts)));
    }
    line(page, &format!("| Together | {} |", cells(totals)));
    line(
        page,
        "\nThe last column counts what binds clients, administrators or authors of other documents \
         alone; it has no rows.",
    );
}

fn counts(ledger: &Ledger) -> [usize; 8] {
    let all: Vec<&Requirement> = ledger.requirements().collect();
    let strong = |it: Strength| all.iter().filter(|row| row.strength == it).count();
    let state = |it: State| all.iter().filter(|row| row.state() == it).count();
    [
        all.len(),
        strong(Strength::Must),
        strong(Strength::Should),
        state(State::Met),
        state(State::Deviation),
        state(State::NotApplicable),
        state(State::Open),
        ledger.sections.iter().map(|it| it.of_others).sum(),
    ]
}

fn cells(counts: [usize; 8]) -> String {
    counts.map(|it| it.to_string()).join(" | ")
}

/// What a reader looks for first: where scimd is not as the RFCs say.
fn exceptions(page: &mut String, ledgers: &[Ledger]) {
    for (state, title) in [(State::Open, "Open"), (State::Deviation, "Deviations")] {
        let rows = ledgers.iter().flat_map(Ledger::requirements);
        let rows: Vec<&Requirement> = rows.filter(|it| it.state() == state).collect();
        if rows.is_empty() {
            continue;
        }
        line(page, &format!("\n## {title}\n"));
        for row in rows {
            let strength = strength(row.strength);
            let (asked, said) = (&row.requirement, row.remark().unwrap_or_default());
            line(page, &format!("- `{}`, {strength}: {asked} **{said}**", row.id));
        }
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
    }
}

fn table(page: &mut String, section: &Section, evidence: &Evidence) {
    line(page, &format!("\n### {} {}\n", section.number, section.title));
    line(page, "| | | Requirement | Shown by |");
    line(page, "|---|---|---|---|");
    for row in &section.requirements {
        let (id, strength, asked) = (&row.id, strength(row.strength), cell(&row.requirement));
        line(page, &format!("| {id} | {strength} | {asked} | {} |", shown(row, evidence)));
    }
}

fn shown(row: &Requirement, evidence: &Evidence) -> String {
    let remark = row.remark().map(|it| {
        let kind = match row.state() {
            State::Met | State::Deviation => "Deviation",
            State::NotApplicable => "Does not apply",
            State::Open => "Open",
        };
        format!("{kind}: {}", cell(it))
    });
    let tests = row.tests.iter().filter_map(|it| evidence.find(it).ok()).map(link);
    remark.into_iter().chain(tests).collect::<Vec<_>>().join("<br>")
}

fn link(test: &Test) -> String {
    let name = if test.is_check() || test.is_story() {
        format!("`{}`", test.name())
    } else {
        test.name().replace('_', " ")
    };
    format!("[{name}](../{})", test.file)
}

/// A text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
