//! Finding.

use serde_json::{Value, json};

use super::table;
use crate::check::{Stop, Verdict, ensure, fail};
use crate::world::{USER, World, filter_offered, not_there};

table! { Filters:
    "filters.user-name" Must "RFC 7644 §3.4.2.2"
        "a user is found by userName, alone" => user_name;
    "filters.case" Must "RFC 7643 §4.1.1"
        "userName is found in any case" => case;
    "filters.miss" Must "RFC 7644 §3.4.2"
        "a filter that nobody matches is 200 and empty" => miss;
    "filters.external-id" Must "RFC 7643 §3.1"
        "a user is found by externalId" => external_id;
    "filters.id" Must "RFC 7643 §3.1"
        "a user is found by id" => id;
    "filters.and" Must "RFC 7644 §3.4.2.2"
        "and takes those that match both" => and;
    "filters.or" Must "RFC 7644 §3.4.2.2"
        "or takes those that match either" => or;
    "filters.not" Must "RFC 7644 §3.4.2.2"
        "not takes those that do not match" => not;
    "filters.precedence" Must "RFC 7644 §3.4.2.2"
        "and binds closer than or, and parentheses closer than both" => precedence;
    "filters.strings" Must "RFC 7644 §3.4.2.2"
        "sw, ew, co and ne compare strings" => strings;
    "filters.order" Must "RFC 7644 §3.4.2.2"
        "gt, ge, lt and le compare by order" => order;
    "filters.present" Must "RFC 7644 §3.4.2.2"
        "pr takes those that have a value" => present;
    "filters.boolean" Must "RFC 7644 §3.4.2.2"
        "active is compared with true and false" => boolean;
    "filters.value-path" Must "RFC 7644 §3.4.2.2"
        "a value path wants one value that matches all of it" => value_path;
    "filters.sub-attribute" Must "RFC 7644 §3.4.2.2"
        "a path into a multi-valued attribute matches any value" => sub_attribute;
    "filters.time" Must "RFC 7644 §3.4.2.2"
        "meta.lastModified is compared as a time" => time;
    "filters.any-case" Must "RFC 7644 §3.4.2.2"
        "operators and attribute names count in any case" => any_case;
    "filters.urn" Must "RFC 7644 §3.10"
        "an attribute may be named with its schema's URN" => urn;
    "filters.syntax" Must "RFC 7644 §3.4.2.2"
        "a filter that cannot be read is 400 invalidFilter" => syntax;
    "filters.unknown" Must "RFC 7644 §3.4.2.2"
        "an unknown attribute finds nobody, or is invalidFilter" => unknown;
    "filters.search" Should "RFC 7644 §3.4.3"
        "a search by POST finds what a GET finds" => search;
}

/// Which of Bea, Eve, Ada, Dan and Cyd a filter finds.
fn finds(world: &mut World<'_>, filter: &str, expected: &[&str]) -> Verdict {
    world.needs("filter")?;
    // Whom a filter found is told by the given name.
    world.needs_attributes("name")?;
    world.needs_attributes(filter)?;
    world.people()?;
    let prefix = world.prefix();
    let filter = filter.replace("{}", &prefix);
    let all = format!("userName sw \"{prefix}\" and ({filter})");
    let found = world.walk("/Users", &[("filter", &all)])?;
    let found = found.iter().map(|it| it["name"]["givenName"].as_str());
    let mut found: Vec<&str> = found.map(|name| name.unwrap_or("somebody else")).collect();
    found.sort_unstable();
    ensure(found == expected, || format!("{filter}: expected {expected:?}, got {found:?}"))
}

/// That a filter finds them when it is written in another way, too: who offers the one must not
/// refuse the other.
fn finds_as_well(world: &mut World<'_>, usual: &str, other: &str, expected: &[&str]) -> Verdict {
    finds(world, usual, expected)?;
    match finds(world, other, expected) {
        Err(Stop::Skipped(why)) => fail(format!("{usual} is offered, {other} is {why}")),
        ended => ended,
    }
}

/// That a filter alone finds one of the people.
fn finds_first(world: &mut World<'_>, filter: impl Fn(&Value) -> String) -> Verdict {
    world.needs("filter")?;
    let people = world.people()?;
    let person = people.first().unwrap_or(&Value::Null);
    let answer = world.list("/Users", &[("filter", &filter(person))])?.status(&[200])?;
    answer.resources()?;
    answer.has("/totalResults", 1)?;
    answer.has("/Resources/0/id", person["id"].clone())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn user_name(world: &mut World<'_>) -> Verdict {
    finds_first(world, |it| format!("userName eq \"{}\"", text(&it["userName"])))
}

fn case(world: &mut World<'_>) -> Verdict {
    finds_first(world, |it| format!("userName eq \"{}\"", text(&it["userName"]).to_uppercase()))
}

fn miss(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    let filter = format!("userName eq \"{}-nobody\"", world.tag);
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    let found = answer.resources()?.len();
    ensure(found == 0, || format!("expected nobody, got {found}"))?;
    answer.has("/totalResults", 0)
}

fn external_id(world: &mut World<'_>) -> Verdict {
    finds_first(world, |it| format!("externalId eq \"{}\"", text(&it["externalId"])))
}

fn id(world: &mut World<'_>) -> Verdict {
    finds_first(world, |it| format!("id eq \"{}\"", text(&it["id"])))
}

fn and(world: &mut World<'_>) -> Verdict {
    finds(world, "title eq \"Manager\" and active eq true", &["Eve"])
}

fn or(world: &mut World<'_>) -> Verdict {
    finds(world, "name.givenName eq \"Ada\" or name.givenName eq \"Cyd\"", &["Ada", "Cyd"])
}

fn not(world: &mut World<'_>) -> Verdict {
    finds(world, "not (title eq \"Engineer\")", &["Dan", "Eve"])
}

fn precedence(world: &mut World<'_>) -> Verdict {
    let (one, two) = ("name.givenName eq \"Ada\"", "title eq \"Manager\" and active eq false");
    finds(world, &format!("{one} or {two}"), &["Ada", "Dan"])?;
    finds(world, &format!("({one} or title eq \"Manager\") and active eq false"), &["Dan"])
}

fn strings(world: &mut World<'_>) -> Verdict {
    finds(world, "displayName sw \"ada\"", &["Ada"])?;
    finds(world, "userName ew \"cyd@example.com\"", &["Cyd"])?;
    finds(world, "displayName co \"ve pers\"", &["Eve"])?;
    finds(world, "title ne \"Manager\"", &["Ada", "Bea", "Cyd"])
}

fn order(world: &mut World<'_>) -> Verdict {
    finds(world, "name.givenName gt \"Cyd\"", &["Dan", "Eve"])?;
    finds(world, "name.givenName ge \"Cyd\"", &["Cyd", "Dan", "Eve"])?;
    finds(world, "name.givenName lt \"Bea\"", &["Ada"])?;
    finds(world, "name.givenName le \"Bea\"", &["Ada", "Bea"])
}

fn present(world: &mut World<'_>) -> Verdict {
    finds(world, "title pr", &["Ada", "Bea", "Cyd", "Dan", "Eve"])?;
    finds(world, "nickName pr", &[])
}

fn boolean(world: &mut World<'_>) -> Verdict {
    finds(world, "active eq false", &["Dan"])?;
    finds(world, "active eq true", &["Ada", "Bea", "Cyd", "Eve"])
}

fn value_path(world: &mut World<'_>) -> Verdict {
    let filter = "emails[type eq \"work\" and value eq \"{}ada@work.example.com\"]";
    finds(world, filter, &["Ada"])?;
    finds(world, "emails[type eq \"home\" and value co \"ada@work\"]", &[])
}

fn sub_attribute(world: &mut World<'_>) -> Verdict {
    finds(world, "emails.value eq \"{}cyd@home.example.com\"", &["Cyd"])
}

fn time(world: &mut World<'_>) -> Verdict {
    finds(world, "meta.lastModified lt \"2000-01-01T00:00:00Z\"", &[])?;
    let all = ["Ada", "Bea", "Cyd", "Dan", "Eve"];
    finds(world, "meta.lastModified gt \"2000-01-01T00:00:00Z\"", &all)
}

fn any_case(world: &mut World<'_>) -> Verdict {
    let usual = "name.givenName eq \"Ada\" or name.givenName eq \"Bea\"";
    let other = "NAME.givenname EQ \"Ada\" Or name.GivenName Eq \"Bea\"";
    finds_as_well(world, usual, other, &["Ada", "Bea"])
}

fn urn(world: &mut World<'_>) -> Verdict {
    let usual = "name.givenName eq \"Ada\"";
    finds_as_well(world, usual, &format!("{USER}:{usual}"), &["Ada"])
}

fn syntax(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    for filter in ["userName eq", "userName zz \"x\"", "(userName pr", "userName eq \"x\" and"] {
        let answer = world.list("/Users", &[("filter", filter), ("count", "1")])?;
        answer.refusal_of(400, "invalidFilter")?;
    }
    Ok(())
}

fn unknown(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    world.people()?;
    let filter = "favouriteEngine eq \"x\"";
    let answer =
        world.list("/Users", &[("filter", filter), ("count", "1")])?.status(&[200, 400])?;
    if answer.status == 400 {
        return answer.refusal_of(400, "invalidFilter");
    }
    answer.has("/totalResults", 0)
}

fn search(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    let people = world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    let urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    let body = json!({ "schemas": [urn], "filter": filter, "startIndex": 1, "count": 2 });
    let answer = not_there(world.post("/Users/.search", &body)?, "/Users/.search")?;
    let answer = filter_offered(answer)?;
    let answer = answer.status(&[200])?;
    answer.has("/totalResults", people.len())?;
    let found = answer.resources()?.len();
    ensure((1..=2).contains(&found), || format!("expected a page of up to two, got {found}"))
}
