use std::collections::HashSet;

use super::{App, Cast};

#[test]
fn two_thousand_people_have_two_thousand_names() {
    let cast = Cast::new(App::Template, 2000);
    let names: HashSet<String> = (0..cast.len())
        .map(|number| cast.person(number).unwrap().user_name.to_lowercase())
        .collect();
    assert_eq!(names.len(), 2000);
}

#[test]
fn an_okta_id_has_twenty_characters() {
    assert_eq!(Cast::new(App::CustomSaml, 10).person(9).unwrap().okta_id.len(), 20);
}

#[test]
fn whoever_is_not_created_has_no_id() {
    assert!(Cast::new(App::CustomSaml, 10).id(0).is_err());
}
