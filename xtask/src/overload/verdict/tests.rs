use super::super::story::Story;
use super::broken;
use crate::load::flood::Fate;

const MANY: u64 = 64 << 20;
const SILENT: Fate = Fate::Refused { status: 429, when: false };

/// What is said of a story in which one thing is otherwise.
fn said(otherwise: impl FnOnce(&mut Story)) -> Vec<String> {
    let mut story = Story::imagined();
    otherwise(&mut story);
    broken(&story)
}

#[track_caller]
fn assert_said(otherwise: impl FnOnce(&mut Story), expected: &str) {
    let said = said(otherwise);
    assert!(said.len() == 1 && said[0].contains(expected), "{said:?}");
}

#[test]
fn a_service_that_does_four_fifths_of_its_peak_and_refuses_the_rest_holds() {
    assert_eq!(said(|_| ()), [""; 0]);
}

#[test]
fn each_thing_that_does_not_hold_is_said() {
    assert_said(|it| it.peak.moments[1].granted = 104.0, "goodput was 0.784");
    assert_said(|it| it.flood.records[10].fate = SILENT, "1 refusals say in no whole seconds");
    assert_said(|it| it.flood.records[10].fate = Fate::Failed(500), "1 requests were answered");
    assert_said(|it| it.flood.records[10].fate = Fate::Lost, "and 1 not at all");
    assert_said(|it| it.flood.sent -= 1_000, "no such flood was made");
    assert_said(|it| it.after.iter_mut().for_each(|it| it.others = it.granted), "did not recover");
    let slow = |it: &mut Story| it.after[..11].iter_mut().for_each(|it| it.p99 *= 3);
    assert_said(slow, "recovered after 11 s");
    assert_said(|it| it.hold(|second| second * 8 * MANY), "the flood took");
    assert_said(|it| it.hold(|second| 4 * MANY + second * MANY / 4), "memory went on growing");
}

#[test]
fn what_is_over_in_time_holds() {
    assert_eq!(said(|it| it.after[..10].iter_mut().for_each(|it| it.p99 *= 3)), [""; 0]);
    assert_eq!(said(|it| it.hold(|second| (second + 1).min(5) * MANY / 2)), [""; 0]);
}
