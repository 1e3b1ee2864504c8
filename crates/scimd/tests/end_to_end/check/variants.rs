//! What a server may do and leave out is no failure: scimd behind a proxy that makes another
//! conforming server of it.

use serde_json::{Value, json};

use super::defects::examine;
use super::proxy::{Answer, How, Request};
use crate::instance::Place;
use scim_check::{Finding, Outcome};

/// Nothing fails where the server is such a one; the checks that passed.
fn passes(how: How) -> Vec<&'static str> {
    let instance = Place::development().serve();
    let report = examine(&instance, how, &[]);
    let failed: Vec<&Finding> =
        report.findings.iter().filter(|it| matches!(it.outcome, Outcome::Failed(_))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(report.left.is_empty(), "{:?}", report.left);
    let client = format!("http://{}/scim/v2", instance.address);
    let client = scim_check::Client::new(&client, &instance.first_key(), None).unwrap();
    assert!(scim_check::clean_up(&client).unwrap().deleted.is_empty(), "all was deleted");
    let passed = report.findings.iter().filter(|it| it.outcome == Outcome::Passed);
    passed.map(|it| it.check.id).collect()
}

fn without_groups_bulk_sorting_and_versions(request: &mut Request) -> Answer {
    let gone = ["/Groups", "/Bulk", "/ResourceTypes/Group"];
    if gone.iter().any(|path| request.path.starts_with(path)) {
        return Answer::refusal(404, "");
    }
    request.forget(&["sortBy", "sortOrder"]);
    let mut answer = request.forward();
    answer.forget_header("etag");
    if request.path == "/ServiceProviderConfig" {
        for feature in ["bulk", "sort", "etag"] {
            answer.json[feature]["supported"] = json!(false);
        }
    }
    let is_group = |it: &Value| it["id"].as_str().is_some_and(|id| id.ends_with("Group"));
    if let ("/ResourceTypes" | "/Schemas", Some(all)) =
        (request.path.as_str(), answer.json["Resources"].as_array_mut())
    {
        all.retain(|it| !is_group(it));
    }
    answer
}

#[test]
fn a_server_without_groups_bulk_sorting_and_versions_is_right() {
    let passed = passes(How::Instead(without_groups_bulk_sorting_and_versions));
    assert!(passed.contains(&"users.create") && !passed.contains(&"groups.create"));
}

#[test]
fn a_server_that_gives_two_resources_at_once_is_right() {
    let passed = passes(How::Asked(|request| {
        let count = request.parameter("count").map(|it| it.parse::<i64>().unwrap());
        // What is more than it says it gives, it refuses with a cursor.
        let too_many = request.parameter("cursor").is_some() && count > Some(1000);
        if request.method == "GET" && !too_many && count.is_none_or(|count| count > 2) {
            request.forget(&["count"]);
            request.query.push(("count".to_owned(), "2".to_owned()));
        }
        None
    }));
    let all = scim_check::checks().count();
    assert_eq!(passed.len(), all, "{passed:?}");
}

#[test]
fn a_server_that_knows_eq_and_and_alone_is_right() {
    let passed = passes(How::Asked(|request| {
        let other = |filter: &str| {
            let words = [" or ", "not ", " sw ", " ew ", " co ", " ne ", " pr", " g", " l", "["];
            words.iter().any(|word| filter.contains(word))
        };
        let body = request.json["filter"].as_str();
        let refused = request.parameter("filter").or(body).is_some_and(other);
        refused.then(|| Answer::refusal(400, "invalidFilter"))
    }));
    assert!(passed.contains(&"filters.user-name") && passed.contains(&"entra.and"));
    assert!(!passed.contains(&"filters.or"));
}

fn without_titles(request: &mut Request) -> Answer {
    const NAMES: [&str; 3] = ["title", "nickName", "displayName"];
    let users = request.path.starts_with("/Users");
    let named = |it: &Value| {
        let it = it.to_string();
        users && NAMES.iter().any(|name| it.to_lowercase().contains(&name.to_lowercase()))
    };
    if request.has_operation(named) {
        return Answer::refusal(400, "invalidPath");
    }
    if let (true, Some(user)) = (users, request.json.as_object_mut()) {
        user.retain(|name, _| !NAMES.contains(&name.as_str()));
    }
    let mut answer = request.forward();
    if request.path.starts_with("/Schemas") {
        answer.resources(|schema| {
            if let (true, Some(all)) = (
                schema["id"].as_str().is_some_and(|id| id.ends_with(":User")),
                schema["attributes"].as_array_mut(),
            ) {
                all.retain(|it| !NAMES.contains(&it["name"].as_str().unwrap()));
            }
        });
    }
    answer
}

#[test]
fn a_server_whose_users_have_no_title_is_right() {
    let passed = passes(How::Instead(without_titles));
    assert!(passed.contains(&"users.read") && !passed.contains(&"patch.path"));
}
