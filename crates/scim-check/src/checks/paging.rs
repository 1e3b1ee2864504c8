//! Lists in pages.

use std::collections::BTreeSet;

use super::table;
use crate::answer::Answer;
use crate::check::{Verdict, ensure};
use crate::world::{World, filter_offered};

table! { Paging:
    "paging.list" Must "RFC 7644 §3.4.2"
        "a list has totalResults, startIndex and itemsPerPage" => list;
    "paging.pages" Must "RFC 7644 §3.4.2.4"
        "pages together hold everybody once, and the total stays" => pages;
    "paging.start" Must "RFC 7644 §3.4.2.4"
        "a startIndex below 1 is 1" => start;
    "paging.negative" Must "RFC 7644 §3.4.2.4"
        "a negative count is 0" => negative;
    "paging.zero" Must "RFC 7644 §3.4.2.4"
        "a count of 0 gives the total and nobody" => zero;
    "paging.end" Must "RFC 7644 §3.4.2.4"
        "a page past the end is 200 and empty" => end;
    "paging.large" Should "RFC 7644 §3.4.2.4"
        "a count above the maximum is no error" => large;
}

/// A page of the people.
fn page(world: &mut World<'_>, start: &str, count: &str) -> Verdict<Answer> {
    world.needs("filter")?;
    world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    let parameters = [("filter", filter.as_str()), ("startIndex", start), ("count", count)];
    let answer = filter_offered(world.list("/Users", &parameters)?)?.status(&[200])?;
    answer.resources()?;
    answer.has("/totalResults", 5)?;
    Ok(answer)
}

/// That a page holds somebody, and nobody more than was asked for: a server may give fewer.
fn holds(answer: &Answer, most: usize) -> Verdict<usize> {
    let got = answer.resources()?.len();
    if (1..=most).contains(&got) {
        return Ok(got);
    }
    answer.wrong(format!("expected 1 to {most} resources, got {got}"))
}

fn holds_nobody(answer: &Answer) -> Verdict {
    let got = answer.resources()?.len();
    if got == 0 { Ok(()) } else { answer.wrong(format!("expected no resources, got {got}")) }
}

fn list(world: &mut World<'_>) -> Verdict {
    let answer = page(world, "1", "3")?;
    let size = holds(&answer, 3)?;
    answer.has("/startIndex", 1)?;
    answer.has("/itemsPerPage", size)
}

fn pages(world: &mut World<'_>) -> Verdict {
    let mut seen = BTreeSet::new();
    let mut start = 1;
    while start <= 5 {
        let answer = page(world, &start.to_string(), "2")?;
        start += holds(&answer, 2)?;
        seen.extend(answer.resources()?.iter().map(|it| it["id"].to_string()));
    }
    ensure(seen.len() == 5, || format!("expected 5 people over all pages, got {}", seen.len()))
}

fn start(world: &mut World<'_>) -> Verdict {
    let first = page(world, "1", "1")?;
    for start in ["0", "-3"] {
        let answer = page(world, start, "1")?;
        answer.has("/Resources/0/id", first.json["Resources"][0]["id"].clone())?;
        answer.has("/startIndex", 1)?;
        holds(&answer, 1)?;
    }
    Ok(())
}

fn negative(world: &mut World<'_>) -> Verdict {
    holds_nobody(&page(world, "1", "-1")?)
}

fn zero(world: &mut World<'_>) -> Verdict {
    holds_nobody(&page(world, "1", "0")?)
}

fn end(world: &mut World<'_>) -> Verdict {
    holds_nobody(&page(world, "100", "10")?)
}

fn large(world: &mut World<'_>) -> Verdict {
    holds(&page(world, "1", "1000000")?, 5).map(drop)
}
