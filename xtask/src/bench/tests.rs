use super::measure::{Part, Subject};
use super::seconds;

#[test]
fn a_measurement_takes_some_time_and_not_all() {
    assert_eq!((seconds("0.1"), seconds("600")), (Ok(0.1), Ok(600.0)));
    for wrong in ["0", "-1", "601", "NaN", "two"] {
        assert!(seconds(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_makes_users_comes_last_and_the_limits_beside_everything() {
    let limit = Subject::named("bare commit");
    let get = Subject { users: Some(100), ..Subject::named("get a user") };
    let create = Subject { fills: true, ..get };
    let parts = |it: Subject| [Part::Steady, Part::Filling].map(|part| it.is_in(part));
    assert_eq!(parts(limit), [true, true]);
    assert_eq!(parts(get), [true, false]);
    assert_eq!(parts(create), [false, true]);
}
