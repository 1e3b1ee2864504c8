//! A server that is wrong about pages, order, versions and what is shown.

use serde_json::json;

use super::defects;
use crate::check::proxy::{Answer, Request};

fn is(request: &Request, name: &str, value: &str) -> bool {
    request.parameter(name) == Some(value)
}

defects! {
    "gives everything on one page" [
        "paging.list" "paging.pages" "paging.start" "paging.negative" "paging.zero" "paging.end"
        "sorting.pages" "entra.pages"]
        Asked |request| { request.forget(&["startIndex", "count"]); None };
    "counts from 0" ["paging.pages" "paging.list" "entra.pages"]
        Asked |request| {
            for (_, value) in request.query.iter_mut().filter(|(name, _)| name == "startIndex") {
                *value = (value.parse::<i64>().unwrap() + 1).to_string();
            }
            None
        };
    "gives the size of the page for the total" ["paging.list" "paging.pages" "paging.zero"]
        Told |_, answer| if let Some(page) = answer.json["Resources"].as_array() {
            answer.json["totalResults"] = json!(page.len());
        };
    "gives the numbers of a list as texts" ["paging.list" "okta.users"]
        Told |_, answer| for name in ["totalResults", "itemsPerPage", "startIndex"] {
            if let Some(number) = answer.json[name].as_u64() {
                answer.json[name] = json!(number.to_string());
            }
        };
    "does not say where a page begins" ["paging.list" "paging.start" "entra.pages" "okta.users"]
        Told |_, answer| { answer.json.as_object_mut().map(|it| it.remove("startIndex")); };
    "refuses to begin below 1" ["paging.start"]
        Asked |request| {
            let below = is(request, "startIndex", "0") || is(request, "startIndex", "-3");
            below.then(|| Answer::refusal(400, "invalidValue"))
        };
    "refuses a negative count" ["paging.negative"]
        Asked |request| is(request, "count", "-1").then(|| Answer::refusal(400, "invalidValue"));
    "takes a count of 0 for none" ["paging.zero"]
        Asked |request| {
            if is(request, "count", "0") { request.forget(&["count"]); }
            None
        };
    "answers 404 past the end" ["paging.end"]
        Told |request, answer| if is(request, "startIndex", "100") {
            *answer = Answer::refusal(404, "");
        };
    "refuses a large count" ["paging.large"]
        Asked |request| {
            is(request, "count", "1000000").then(|| Answer::refusal(400, "invalidValue"))
        };
    "does not sort" [
        "sorting.ascending" "sorting.descending" "sorting.sub-attribute" "sorting.pages"]
        Asked |request| { request.forget(&["sortBy", "sortOrder"]); None };
    "sorts in one direction" ["sorting.descending"]
        Asked |request| { request.forget(&["sortOrder"]); None };
    "sorts downwards by itself" ["sorting.ascending" "sorting.sub-attribute" "sorting.pages"]
        Asked |request| {
            if request.parameter("sortBy").is_some() && request.parameter("sortOrder").is_none() {
                request.query.push(("sortOrder".to_owned(), "descending".to_owned()));
            }
            None
        };
    "sorts by no part of an attribute" ["sorting.sub-attribute"]
        Asked |request| {
            if request.parameter("sortBy").is_some_and(|it| it.contains('.')) {
                request.forget(&["sortBy"]);
            }
            None
        };
    "sorts each page by itself" ["sorting.pages"]
        Asked |request| {
            if is(request, "count", "1") { request.forget(&["sortBy"]); }
            None
        };
    "gives no ETag" [
        "versions.etag" "versions.changes" "versions.not-modified" "versions.match"
        "versions.mismatch" "versions.mismatch-patch" "versions.mismatch-delete"]
        Told |_, answer| answer.forget_header("etag");
    "gives an ETag that is not meta.version" ["versions.etag"]
        Told |_, answer| answer.resources(|it| if it["meta"].is_object() {
            it["meta"]["version"] = json!("W/\"other\"");
        });
    "gives the same ETag for ever" ["versions.changes"]
        Told |_, answer| {
            answer.forget_header("etag");
            answer.headers.push(("etag".to_owned(), "W/\"1\"".to_owned()));
        };
    "does not mind If-None-Match" ["versions.not-modified"]
        Asked |request| { request.forget_header("if-none-match"); None };
    "answers every If-None-Match with 304" ["versions.not-modified"]
        Told |request, answer| if request.header("if-none-match").is_some() {
            answer.status = 304;
        };
    "does not mind If-Match" [
        "versions.mismatch" "versions.mismatch-patch" "versions.mismatch-delete"]
        Asked |request| { request.forget_header("if-match"); None };
    "minds If-Match after the write" [
        "versions.mismatch" "versions.mismatch-patch" "versions.mismatch-delete"]
        Told |request, answer| if answer.status == 412 {
            request.ask(&request.method, &request.path, request.json.clone());
        };
    "answers every If-Match with 412" ["versions.match"]
        Asked |request| request.header("if-match").map(|_| Answer::refusal(412, ""));
    "gives every attribute" ["projection.attributes" "projection.sub-attribute" "projection.list"]
        Asked |request| { request.forget(&["attributes"]); None };
    "leaves nothing out" [
        "projection.excluded" "projection.members" "entra.group-read" "entra.group-filter"]
        Asked |request| { request.forget(&["excludedAttributes"]); None };
    "leaves the id out where it is not named" ["projection.attributes" "projection.list"]
        Told |request, answer| {
            if request.parameter("attributes").is_some() { answer.forget("id"); }
        };
    "leaves the id out where it is named" ["projection.excluded"]
        Told |request, answer| {
            if request.parameter("excludedAttributes").is_some() { answer.forget("id"); }
        };
    "refuses a path among the attributes" ["projection.sub-attribute"]
        Asked |request| {
            let path = request.parameter("attributes").is_some_and(|it| it.contains('.'));
            path.then(|| Answer::refusal(400, "invalidPath"))
        };
    "loses a group's name with its members" ["projection.members" "entra.group-read"]
        Told |request, answer| if request.parameter("excludedAttributes").is_some() {
            answer.forget("displayName");
        };
}
