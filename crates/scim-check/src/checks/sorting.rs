//! Lists in order.

use super::table;
use crate::check::{Verdict, ensure};
use crate::world::World;

table! { Sorting:
    "sorting.ascending" Must "RFC 7644 §3.4.2.3"
        "sortBy sorts ascending by itself" => ascending;
    "sorting.descending" Must "RFC 7644 §3.4.2.3"
        "sortOrder=descending turns it round" => descending;
    "sorting.sub-attribute" Must "RFC 7644 §3.4.2.3"
        "sortBy takes a path" => sub_attribute;
    "sorting.pages" Must "RFC 7644 §3.4.2.3"
        "a page is a page of the sorted list" => pages;
}

fn sorted(world: &mut World<'_>, parameters: &[(&str, &str)], expected: &[&str]) -> Verdict {
    world.needs("sort")?;
    world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    let all = [&[("filter", filter.as_str())], parameters].concat();
    let answer = world.list("/Users", &all)?.status(&[200])?;
    let names = answer.resources()?.iter();
    let got: Vec<&str> = names.filter_map(|it| it["name"]["givenName"].as_str()).collect();
    ensure(got == expected, || format!("{parameters:?}: expected {expected:?}, got {got:?}"))
}

fn ascending(world: &mut World<'_>) -> Verdict {
    sorted(world, &[("sortBy", "userName")], &["Ada", "Bea", "Cyd", "Dan", "Eve"])
}

fn descending(world: &mut World<'_>) -> Verdict {
    let parameters = [("sortBy", "userName"), ("sortOrder", "descending")];
    sorted(world, &parameters, &["Eve", "Dan", "Cyd", "Bea", "Ada"])
}

fn sub_attribute(world: &mut World<'_>) -> Verdict {
    // Family names were given against the order of creation.
    sorted(world, &[("sortBy", "name.familyName")], &["Cyd", "Dan", "Ada", "Eve", "Bea"])
}

fn pages(world: &mut World<'_>) -> Verdict {
    let parameters = [("sortBy", "userName"), ("startIndex", "2"), ("count", "2")];
    sorted(world, &parameters, &["Bea", "Cyd"])
}
