use super::*;

#[test]
fn steps_are_named_in_order_and_the_newest_is_the_latest() {
    let names: Vec<_> = STEPS.iter().map(|it| it.name).collect();
    assert!(names.is_sorted());
    assert_eq!(names.last(), Some(&LATEST));
}

#[test]
fn every_step_has_a_way_back() {
    for step in STEPS {
        let made = step.up.iter().filter(|it| it.starts_with("CREATE TABLE")).count();
        let dropped = step.down.iter().filter(|it| it.starts_with("DROP TABLE")).count();
        assert_eq!(made, dropped, "{}", step.name);
    }
}
