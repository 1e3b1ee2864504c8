//! `attributes` and `excludedAttributes`.

use serde_json::Value;

use super::table;
use crate::check::Verdict;
use crate::world::{World, filter_offered};

table! { Projection:
    "projection.attributes" Must "RFC 7644 §3.9"
        "attributes gives those named, and id and schemas with them" => attributes;
    "projection.excluded" Must "RFC 7644 §3.9"
        "excludedAttributes leaves those named out, and never the id" => excluded;
    "projection.sub-attribute" Must "RFC 7644 §3.9"
        "attributes takes a path" => sub_attribute;
    "projection.list" Must "RFC 7644 §3.9"
        "attributes works on lists too" => list;
    "projection.members" Must "RFC 7644 §3.9"
        "a group is read without its members" => members;
}

fn attributes(world: &mut World<'_>) -> Verdict {
    world.needs_attributes("title")?;
    let (path, id) = world.user()?;
    let answer = world.list(&path, &[("attributes", "userName,title")])?.status(&[200])?;
    answer.has("/id", id)?;
    answer.speaks(crate::world::USER)?;
    answer.has("/title", "Engineer")?;
    answer.string("/userName")?;
    answer.has("/emails", Value::Null)?;
    answer.has("/displayName", Value::Null)
}

fn excluded(world: &mut World<'_>) -> Verdict {
    world.needs_attributes("emails")?;
    let (path, id) = world.user()?;
    let answer = world.list(&path, &[("excludedAttributes", "emails,id")])?.status(&[200])?;
    answer.has("/emails", Value::Null)?;
    answer.has("/id", id)?;
    answer.string("/externalId").map(drop)
}

fn sub_attribute(world: &mut World<'_>) -> Verdict {
    world.needs_attributes("name")?;
    let (path, _) = world.user()?;
    let answer = world.list(&path, &[("attributes", "name.givenName")])?.status(&[200])?;
    answer.has("/name/givenName", "Ada")?;
    answer.has("/name/familyName", Value::Null)?;
    answer.has("/externalId", Value::Null)
}

fn list(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    world.people()?;
    let filter = format!("userName sw \"{}\"", world.prefix());
    let parameters = [("filter", filter.as_str()), ("attributes", "userName"), ("count", "1")];
    let answer = filter_offered(world.list("/Users", &parameters)?)?.status(&[200])?;
    answer.string("/Resources/0/id")?;
    answer.string("/Resources/0/userName")?;
    answer.has("/Resources/0/externalId", Value::Null)
}

fn members(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (_, user) = world.user()?;
    let (path, name, _) = world.group(&[&user])?;
    let answer = world.list(&path, &[("excludedAttributes", "members")])?.status(&[200])?;
    answer.has("/displayName", name)?;
    answer.has("/members", Value::Null)
}
