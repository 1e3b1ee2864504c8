//! A server that finds others than those asked for.

use serde_json::json;

use super::defects;
use crate::check::proxy::Answer;

/// The last of these words in a filter becomes another one.
fn last(filter: &str, word: &str, other: &str) -> String {
    match filter.rsplit_once(word) {
        Some((before, after)) => format!("{before}{other}{after}"),
        None => filter.to_owned(),
    }
}

defects! {
    "ignores filters" [
        "filters.user-name" "filters.miss" "filters.external-id" "filters.id" "filters.and"
        "filters.unknown" "filters.syntax" "okta.absent" "entra.connection" "entra.absent"
        "entra.and" "users.gone" "paging.list"]
        Asked |request| { request.forget(&["filter"]); None };
    "finds no one by userName" ["filters.user-name" "filters.case" "okta.update" "entra.create"]
        Asked |request| {
            request.filter(|it| it.replace("userName eq \"", "userName eq \"not "));
            None
        };
    "minds the case of names in filters" ["filters.case" "entra.case" "entra.group-filter"]
        Asked |request| {
            request.filter(|it| it.replace("SCIMCHECK", "NOBODY"));
            None
        };
    "answers 404 where no one is found" [
        "filters.miss" "okta.absent" "entra.connection" "entra.absent" "entra.group-absent"
        "users.gone"]
        Told |_, answer| if answer.json["totalResults"] == 0 {
            *answer = Answer::refusal(404, "");
        };
    "answers no list where no one is found" ["filters.miss" "okta.absent"]
        Told |_, answer| if answer.json["totalResults"] == 0 { answer.json = json!({}); };
    "finds no one by externalId" ["filters.external-id" "entra.and"]
        Asked |request| { request.filter(|it| it.replace("externalId", "nickName")); None };
    "finds no one by id" ["filters.id" "entra.reference"]
        Asked |request| {
            let by_id = request.parameter("filter").is_some_and(|it| it.starts_with("id eq"));
            if by_id { request.filter(|it| format!("not ({it})")); }
            None
        };
    "takes and for or" [
        "filters.and" "filters.precedence" "filters.value-path" "entra.and" "entra.reference"]
        Asked |request| { request.filter(|it| last(it, " and ", " or ")); None };
    "takes or for and" ["filters.or" "filters.any-case"]
        Asked |request| {
            request.filter(|it| it.replace(" or ", " and ").replace(" Or ", " and "));
            None
        };
    "does not mind not" ["filters.not"]
        Asked |request| { request.filter(|it| it.replace("not (", "(")); None };
    "binds or closer than and" ["filters.precedence"]
        Asked |request| {
            let ada = "name.givenName eq \"Ada\" or title eq \"Manager\"";
            request.filter(|it| it.replace(ada, &format!("({ada})")));
            None
        };
    "compares the beginning where the inside is meant" ["filters.strings"]
        Asked |request| { request.filter(|it| it.replace(" co ", " sw ")); None };
    "takes ew for eq" ["filters.strings"]
        Asked |request| { request.filter(|it| it.replace(" ew ", " eq ")); None };
    "takes gt for ge" ["filters.order"]
        Asked |request| { request.filter(|it| it.replace(" gt ", " ge ")); None };
    "takes lt for le" ["filters.order"]
        Asked |request| { request.filter(|it| it.replace(" lt ", " le ")); None };
    "takes every attribute for present" ["filters.present"]
        Asked |request| { request.filter(|it| it.replace("nickName pr", "userName pr")); None };
    "takes every user for active" ["filters.boolean" "filters.and" "filters.precedence"]
        Asked |request| {
            request.filter(|it| {
                let any = "userName pr";
                it.replace("active eq false", any).replace("active eq true", any)
            });
            None
        };
    "matches a value path with several values" ["filters.value-path"]
        Asked |request| {
            let (one, several) =
                ("emails[type eq \"home\" and", "(emails.type eq \"home\" and emails.");
            if request.parameter("filter").is_some_and(|it| it.contains(one)) {
                request.filter(|it| it.replace(&format!("{one} "), several).replace(']', ")"));
            }
            None
        };
    "compares one of several values" ["filters.sub-attribute"]
        Asked |request| {
            request.filter(|it| it.replace("home.example.com", "other.example.com"));
            None
        };
    "breaks on a time in a filter" ["filters.time"]
        Asked |request| {
            let time = request.parameter("filter").is_some_and(|it| it.contains("lastModified"));
            time.then(|| Answer::refusal(500, ""))
        };
    "finds changes before they were made" ["filters.time"]
        Asked |request| {
            request.filter(|it| it.replace("lastModified lt", "lastModified gt"));
            None
        };
    "knows operators in small letters alone" ["filters.any-case"]
        Asked |request| {
            let large = request.parameter("filter").is_some_and(|it| it.contains(" EQ "));
            large.then(|| Answer::refusal(400, "invalidFilter"))
        };
    "knows no URNs in filters" ["filters.urn"]
        Asked |request| {
            let urn = request.parameter("filter").is_some_and(|it| it.contains("urn:"));
            urn.then(|| Answer::refusal(400, "invalidFilter"))
        };
    "finds no one where a filter cannot be read" ["filters.syntax"]
        Told |_, answer| if answer.json["scimType"] == "invalidFilter" {
            let schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
            *answer = Answer::new(200, json!({ "schemas": schemas, "totalResults": 0 }));
        };
    "finds everybody by an attribute it does not know" ["filters.unknown"]
        Asked |request| {
            request.filter(|it| it.replace("favouriteEngine eq \"x\"", "userName pr"));
            None
        };
    "ignores the filter of a search" ["filters.search"]
        Asked |request| {
            if request.path.ends_with("/.search") { request.json["filter"] = json!("id pr"); }
            None
        };
    "ignores the count of a search" ["filters.search"]
        Asked |request| {
            if request.path.ends_with("/.search") { request.json["count"] = json!(100); }
            None
        };
    "refuses capitals in a filter" ["okta.case" "filters.case" "entra.case"]
        Asked |request| {
            let large = request.parameter("filter").is_some_and(|it| it.contains("SCIMCHECK"));
            large.then(|| Answer::refusal(400, "invalidValue"))
        };
    "refuses and in a filter" ["entra.and"]
        Asked |request| {
            let and = request.parameter("filter").is_some_and(|it| it.contains(" and "));
            and.then(|| Answer::refusal(400, "invalidFilter"))
        };
}
