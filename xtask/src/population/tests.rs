use std::collections::HashSet;

use super::{ENTERPRISE, Population, culture};

#[test]
fn the_same_seed_makes_the_same_people_and_another_makes_others() {
    let (one, same) = (Population::new(7).unwrap(), Population::new(7).unwrap());
    let other = Population::new(8).unwrap();
    assert_eq!(one.user(12_345), same.user(12_345));
    assert_ne!(one.user(12_345), other.user(12_345));
}

#[test]
fn nobody_shares_a_name_or_an_external_id() {
    let population = Population::new(1).unwrap();
    let users: Vec<_> = (0..5_000).map(|number| population.user(number)).collect();
    for unique in ["userName", "externalId"] {
        let values: HashSet<_> = users.iter().map(|user| user[unique].as_str().unwrap()).collect();
        assert_eq!(values.len(), users.len(), "{unique}");
    }
}

#[test]
fn a_user_is_as_long_as_directories_make_them() {
    let population = Population::new(1).unwrap();
    let bytes: usize = (0..1_000).map(|number| population.user(number).to_string().len()).sum();
    assert!((800..1_300).contains(&(bytes / 1_000)), "{} bytes on average", bytes / 1_000);
}

#[test]
fn names_in_addresses_are_plain_and_written_ones_are_their_own() {
    for culture in culture::all().unwrap() {
        assert!(culture.given.len() >= 12 && culture.family.len() >= 12, "{}", culture.language);
        for name in culture.given.iter().chain(&culture.family) {
            let plain =
                name.latin.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'-');
            assert!(plain && !name.latin.is_empty(), "{} in {}", name.latin, culture.language);
        }
    }
}

#[test]
fn everybody_but_the_first_has_a_manager_who_is_there() {
    let population = Population::new(3).unwrap();
    assert!(population.user(0)[ENTERPRISE]["manager"].is_null());
    for number in 1..100 {
        let manager = population.user(number)[ENTERPRISE]["manager"]["value"].clone();
        let above = (0..number).find(|above| manager == population.user_name(*above));
        assert!(above.is_some(), "{number}: {manager}");
    }
}
