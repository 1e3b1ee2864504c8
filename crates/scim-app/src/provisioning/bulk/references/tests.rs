use scim_domain::Reason;

use super::*;

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap()
}

fn ids() -> Ids {
    let mut ids = Ids::of(["a", "b", "c d"].into_iter());
    ids.made("a", "1");
    ids.made("c d", "2");
    ids.made("unheard of", "3");
    ids
}

#[test]
fn only_a_whole_text_is_a_reference() {
    let mut found = Vec::new();
    let body = json(r#"{"bulkId:k":["bulkId:a",{"x":{"y":"bulkId:b"}}],"z":"see bulkId:c","n":1}"#);
    each(&body, &mut |it| found.push(it.to_owned()));
    assert_eq!(found, ["a", "b"]);
}

#[test]
fn ids_take_the_place_of_references_wherever_they_stand() {
    let mut body = json(r#"{"members":[{"value":"bulkId:a"},"bulkId:c d","plain"],"n":null}"#);
    ids().fill(&mut body).unwrap();
    assert_eq!(body, json(r#"{"members":[{"value":"1"},"2","plain"],"n":null}"#));
}

#[test]
fn the_paths_of_a_patch_hold_references_in_quotes() {
    let text = r#"{"Operations":[{"op":"remove","PATH":"members[value eq \"bulkId:a\"]"},
        {"op":"remove","path":"members[value eq \"x\" or value eq \"bulkId:c d\"]"},
        {"op":"replace","path":"title","value":"a \"bulkId:b\""},
        {"op":"remove","path":"emails[value eq \"\\\"bulkId:b\\\"\"]"},
        {"op":"add","path":"bulkId:a","value":"bulkId:a"}]}"#;
    let mut found = Vec::new();
    each_in_patch(&json(text), &mut |it| found.push(it.to_owned()));
    // Texts that are references as a whole come first.
    assert_eq!(found, ["a", "a", "a", "c d"]);
    let mut body = json(text);
    ids().fill_patch(&mut body).unwrap();
    let filled = r#"{"Operations":[{"op":"remove","PATH":"members[value eq \"1\"]"},
        {"op":"remove","path":"members[value eq \"x\" or value eq \"2\"]"},
        {"op":"replace","path":"title","value":"a \"bulkId:b\""},
        {"op":"remove","path":"emails[value eq \"\\\"bulkId:b\\\"\"]"},
        {"op":"add","path":"1","value":"1"}]}"#;
    assert_eq!(body, json(filled));
    let one = r#"{"Operations":{"op":"remove","path":"members[value eq \"bulkId:z\"]"}}"#;
    assert!(ids().fill_patch(&mut json(one)).is_err());
}

#[test]
fn a_name_that_nobody_has_is_invalid_and_one_that_failed_a_conflict() {
    for name in ["", "A", "x", "unheard of"] {
        let error = ids().resolve(&format!("bulkId:{name}")).unwrap_err();
        let Error::Invalid(invalid) = error else { panic!("{name}: {error:?}") };
        assert_eq!(invalid.reason, Reason::InvalidValue);
    }
    assert!(matches!(ids().resolve("bulkId:b"), Err(Error::Conflict(_))));
    assert_eq!(ids().resolve("bulkid:b").unwrap(), "bulkid:b", "that is no reference");
}

#[test]
fn what_is_to_come_is_split_off_by_attribute() {
    let body = json(r#"{"userName":"x","title":"bulkId:a","e":{"manager":{"value":"bulkId:b"}}}"#);
    let later = BTreeSet::from(["b".to_owned()]);
    let (shell, rest) = split(body, &later);
    assert_eq!(shell, json(r#"{"userName":"x","title":"bulkId:a"}"#));
    assert_eq!(Json::Object(rest), json(r#"{"e":{"manager":{"value":"bulkId:b"}}}"#));
}
