//! Lists in order.

use super::table;
use crate::check::{Verdict, ensure};
use crate::world::{World, filter_offered};

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
    world.needs("filter")?;
    world.needs_attributes("name")?;
    world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    let all = [&[("filter", filter.as_str())], parameters].concat();
    let names = world.walk("/Users", &all)?;
    let names = names.iter();
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
    world.needs("sort")?;
    world.needs("filter")?;
    world.needs_attributes("name")?;
    world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    for (start, expected) in [("1", "Ada"), ("2", "Bea"), ("4", "Dan")] {
        let page = [("sortBy", "userName"), ("startIndex", start), ("count", "1")];
        let parameters = [&[("filter", filter.as_str())], page.as_slice()].concat();
        let answer = filter_offered(world.list("/Users", &parameters)?)?.status(&[200])?;
        answer.has("/Resources/0/name/givenName", expected)?;
    }
    Ok(())
}
