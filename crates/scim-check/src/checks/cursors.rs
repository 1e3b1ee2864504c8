//! Lists in pages by cursor.

use serde_json::{Value, json};

use super::table;
use crate::answer::{Answer, shown};
use crate::check::{Verdict, ensure, skip};
use crate::world::{World, filter_offered, not_there};

table! { Cursors:
    "cursors.walk" Must "RFC 9865 §2"
        "nextCursor leads to everybody once, and the last page has none" => walk;
    "cursors.characters" Must "RFC 9865 §2"
        "a cursor consists of characters that a URL takes as they are" => characters;
    "cursors.back" Must "RFC 9865 §2"
        "previousCursor leads back, and the first page has none" => back;
    "cursors.zero" Must "RFC 9865 §2"
        "a count of 0 gives nobody and no cursor" => zero;
    "cursors.search" Must "RFC 9865 §3"
        "a search by POST is walked by the same names" => search;
    "cursors.index" Must "RFC 9865 §2.4"
        "startIndex still pages by index" => index;
    "cursors.forged" Should "RFC 9865 §2.1"
        "a cursor that was changed is 400 invalidCursor" => forged;
    "cursors.other-query" Should "RFC 9865 §2.1"
        "a cursor of another filter is 400 invalidCursor" => other_query;
    "cursors.count" Should "RFC 9865 §2.1"
        "a count above the maximum is 400 invalidCount" => count;
}

fn filter(world: &World<'_>) -> String {
    format!("userName sw \"{}\"", world.prefix())
}

fn ready(world: &mut World<'_>) -> Verdict {
    if world.config["pagination"]["cursor"] != true {
        return skip("not offered: ServiceProviderConfig has no pagination.cursor = true");
    }
    world.needs("filter")?;
    world.people().map(drop)
}

/// A page of two of the people.
fn page(world: &mut World<'_>, cursor: &str) -> Verdict<Answer> {
    ready(world)?;
    let filter = filter(world);
    let parameters = [("filter", filter.as_str()), ("count", "2"), ("cursor", cursor)];
    filter_offered(world.list("/Users", &parameters)?)?.status(&[200])
}

fn ids(answer: &Answer) -> Vec<String> {
    // A server that cannot tell the total may leave it out of these lists.
    let resources = answer.json["Resources"].as_array().into_iter().flatten();
    resources.map(|it| it["id"].to_string()).collect()
}

fn next(answer: &Answer) -> Option<String> {
    answer.json["nextCursor"].as_str().map(ToOwned::to_owned)
}

/// From page to page until there is no cursor, by whatever asks for one.
fn pages(
    world: &mut World<'_>,
    ask: impl Fn(&mut World<'_>, &str) -> Verdict<Answer>,
) -> Verdict<Vec<Answer>> {
    // Of five people by two there are three; a server may give fewer a page, but not for ever.
    const MOST: usize = 10;
    let mut all = vec![ask(world, "")?];
    while let Some(cursor) = all.last().and_then(next) {
        all.push(ask(world, &cursor)?);
        ensure(all.len() <= MOST, || format!("there is a nextCursor after {MOST} pages"))?;
    }
    Ok(all)
}

fn everybody_once(world: &mut World<'_>, pages: &[Answer]) -> Verdict {
    for page in pages {
        let got = ids(page).len();
        ensure(got <= 2, || format!("expected at most 2 resources a page, got {got}"))?;
    }
    let mut seen: Vec<String> = pages.iter().flat_map(ids).collect();
    let met = seen.len();
    seen.sort_unstable();
    seen.dedup();
    let mut people: Vec<String> = world.people()?.iter().map(|it| it["id"].to_string()).collect();
    people.sort_unstable();
    ensure(met == seen.len() && seen == people, || {
        format!("expected 5 people once, got {met} resources of {} people", seen.len())
    })
}

fn walk(world: &mut World<'_>) -> Verdict {
    let pages = pages(world, page)?;
    everybody_once(world, &pages)
}

fn characters(world: &mut World<'_>) -> Verdict {
    for page in pages(world, page)? {
        for name in ["nextCursor", "previousCursor"] {
            let cursor = &page.json[name];
            let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
            let fits = |it: &str| !it.is_empty() && it.bytes().all(unreserved);
            if !(cursor.is_null() || cursor.as_str().is_some_and(fits)) {
                return page.wrong(format!("{name} is {}", shown(cursor)));
            }
        }
    }
    Ok(())
}

fn back(world: &mut World<'_>) -> Verdict {
    let pages = pages(world, page)?;
    let [first, second, ..] = pages.as_slice() else {
        return skip("there is one page only");
    };
    if !first.json["previousCursor"].is_null() {
        return first.wrong("the first page has a previousCursor");
    }
    let Some(cursor) = second.json["previousCursor"].as_str() else {
        return skip("not offered: the second page has no previousCursor");
    };
    let again = page(world, cursor)?;
    let (expected, got) = (ids(first), ids(&again));
    ensure(expected == got, || format!("expected {expected:?} of the first page, got {got:?}"))
}

fn zero(world: &mut World<'_>) -> Verdict {
    ready(world)?;
    let filter = filter(world);
    let parameters = [("filter", filter.as_str()), ("count", "0"), ("cursor", "")];
    let answer = filter_offered(world.list("/Users", &parameters)?)?.status(&[200])?;
    let got = ids(&answer).len();
    if got > 0 || next(&answer).is_some() {
        return answer.wrong(format!("expected nobody and no nextCursor, got {got} resources"));
    }
    Ok(())
}

fn search(world: &mut World<'_>) -> Verdict {
    let pages = pages(world, |world, cursor| {
        ready(world)?;
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": filter(world),
            "count": 2,
            "cursor": cursor,
        });
        let answer = not_there(world.post("/Users/.search", &body)?, "POST /Users/.search")?;
        filter_offered(answer)?.status(&[200])
    })?;
    everybody_once(world, &pages)
}

fn index(world: &mut World<'_>) -> Verdict {
    ready(world)?;
    if world.config["pagination"]["index"] != true {
        return skip("not offered: ServiceProviderConfig has no pagination.index = true");
    }
    let filter = filter(world);
    let parameters = [("filter", filter.as_str()), ("count", "2"), ("startIndex", "3")];
    let answer = filter_offered(world.list("/Users", &parameters)?)?.status(&[200])?;
    answer.has("/startIndex", 3)?;
    answer.has("/itemsPerPage", 2)
}

/// The cursor of the second page.
fn second(world: &mut World<'_>) -> Verdict<String> {
    let first = page(world, "")?;
    match next(&first) {
        Some(cursor) => Ok(cursor),
        None => first.wrong("the first of several pages has no nextCursor"),
    }
}

fn refused(world: &mut World<'_>, parameters: &[(&str, &str)], scim_type: &str) -> Verdict {
    filter_offered(world.list("/Users", parameters)?)?.refusal_of(400, scim_type)
}

fn forged(world: &mut World<'_>) -> Verdict {
    let cursor = second(world)?;
    let filter = filter(world);
    for forged in [format!("{cursor}0"), "scimcheck".to_owned()] {
        let parameters = [("filter", filter.as_str()), ("count", "2"), ("cursor", &forged)];
        refused(world, &parameters, "invalidCursor")?;
    }
    Ok(())
}

fn other_query(world: &mut World<'_>) -> Verdict {
    let cursor = second(world)?;
    let filter = format!("userName sw \"{}-\"", world.tag);
    refused(world, &[("filter", &filter), ("count", "2"), ("cursor", &cursor)], "invalidCursor")
}

fn count(world: &mut World<'_>) -> Verdict {
    ready(world)?;
    let Some(most) = world.config["pagination"]["maxPageSize"].as_u64() else {
        return skip("not offered: ServiceProviderConfig has no pagination.maxPageSize");
    };
    let (filter, count) = (filter(world), Value::from(most.saturating_add(1)).to_string());
    refused(world, &[("filter", &filter), ("count", &count), ("cursor", "")], "invalidCount")
}
