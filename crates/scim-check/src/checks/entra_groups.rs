//! What Entra's validator tests of groups, and the dialects of its client.

use serde_json::{Value, json};

use super::{groups, table};
use crate::answer::Answer;
use crate::check::Verdict;
use crate::world::{GROUP, World};

table! { Entra:
    "entra.group-read" Entra "Entra validator 13"
        "a group is read without its members" => read;
    "entra.group-filter" Entra "Entra validator 14 and 17"
        "a group is found in any case and without its members" => filter;
    "entra.group-members" Entra "Entra validator 15"
        "a group is found with its members" => members;
    "entra.group-absent" Entra "Entra validator 16"
        "a group that is not there is looked up to an empty list" => absent;
    "entra.group-create" Entra "Entra validator 18"
        "a group is created with externalId, meta and a schema that only Entra knows" => create;
    "entra.group-duplicate" Entra "Entra validator 19"
        "a second group of a name is 409" => duplicate;
    "entra.group-external-id" Entra "Entra validator 20"
        "a group's externalId is replaced" => external_id;
    "entra.group-rename" Entra "Entra validator 21"
        "a group's displayName is replaced, and its members stay" => rename;
    "entra.replace-members" Entra "Entra validator 22"
        "Replace of members gives the group those members" => replace_members;
    "entra.add-member" Entra "Entra client without compliance flag"
        "Add takes a member whose $ref is null" => add_member;
    "entra.member-string" Entra "Entra Postman collection"
        "Add takes a member as a plain string" => member_string;
    "entra.remove-member-path" Entra "Entra validator 23"
        "Remove with a value path removes that member alone" => remove_member_path;
    "entra.remove-member" Entra "Entra client without compliance flag"
        "Remove with a list of values removes those members alone" => remove_member;
    "entra.add-and-remove" Entra "Entra validator preview"
        "one request adds and removes members" => add_and_remove;
    "entra.reference" Entra "Entra client"
        "a filter asks whether a group has a member" => reference;
    "entra.group-delete-twice" Entra "Entra validator 24 and preview"
        "a deleted group is 404, to a second delete too" => delete_twice;
    "entra.group-schema" Entra "Entra gallery validation"
        "Schemas has the schema of groups" => schema;
}

fn look_up(world: &mut World<'_>, name: &str, more: &[(&str, &str)]) -> Verdict<Answer> {
    let filter = format!("displayName eq \"{name}\"");
    let parameters = [&[("filter", filter.as_str())], more].concat();
    let answer = world.list("/Groups", &parameters)?.status(&[200])?;
    answer.resources()?;
    Ok(answer)
}

/// A group of one: path, name, and the ids of the group and of its member.
fn of_one(world: &mut World<'_>) -> Verdict<(String, String, [String; 2])> {
    world.needs_groups()?;
    let (_, user) = world.user()?;
    let (path, name, id) = world.group(&[&user])?;
    Ok((path, name, [id, user]))
}

fn read(world: &mut World<'_>) -> Verdict {
    let (path, name, [id, _]) = of_one(world)?;
    let answer = world.list(&path, &[("excludedAttributes", "members")])?.status(&[200])?;
    answer.has("/id", id)?;
    answer.has("/displayName", name)?;
    answer.has("/members", Value::Null)
}

fn filter(world: &mut World<'_>) -> Verdict {
    let (_, name, [id, _]) = of_one(world)?;
    for name in [name.to_uppercase(), name] {
        let answer = look_up(world, &name, &[("excludedAttributes", "members")])?;
        answer.has("/totalResults", 1)?;
        answer.has("/Resources/0/id", id.clone())?;
        answer.has("/Resources/0/members", Value::Null)?;
    }
    Ok(())
}

fn members(world: &mut World<'_>) -> Verdict {
    let (_, name, [id, user]) = of_one(world)?;
    let answer = look_up(world, &name, &[])?;
    answer.has("/totalResults", 1)?;
    answer.has("/Resources/0/id", id)?;
    answer.has("/Resources/0/members/0/value", user)
}

fn absent(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let name = world.name("Absent");
    look_up(world, &name, &[])?.has("/totalResults", 0)
}

fn create(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let name = world.name("Group");
    let external = format!("{name}-external");
    let entras = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
    let body = json!({
        "schemas": [GROUP, entras],
        "externalId": external,
        "displayName": name,
        "meta": { "resourceType": "Group" },
    });
    let answer = world.post("/Groups", &body)?.status(&[201])?;
    let id = answer.string("/id")?;
    let answer = look_up(world, &name, &[])?;
    answer.has("/Resources/0/id", id)?;
    answer.has("/Resources/0/externalId", external)
}

fn duplicate(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (_, name, _) = world.group(&[])?;
    let body = json!({ "schemas": [GROUP], "displayName": name });
    world.post("/Groups", &body)?.status(&[409]).map(drop)
}

fn external_id(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "Replace", "path": "externalId", "value": "another" }]);
    let (answer, [one, two, _]) = groups::after(world, |_| operations.clone())?;
    answer.has("/externalId", "another")?;
    groups::has(&answer, &[&one, &two])
}

fn rename(world: &mut World<'_>) -> Verdict {
    let name = world.name("Renamed");
    let operations = json!([{ "op": "Replace", "path": "displayName", "value": name }]);
    let (answer, [one, two, _]) = groups::after(world, |_| operations.clone())?;
    answer.has("/displayName", name)?;
    groups::has(&answer, &[&one, &two])
}

fn replace_members(world: &mut World<'_>) -> Verdict {
    let (answer, [_, _, three]) = groups::after(
        world,
        |[_, _, three]| json!([{ "op": "Replace", "path": "members", "value": [{ "value": three }] }]),
    )?;
    groups::has(&answer, &[&three])
}

fn add_member(world: &mut World<'_>) -> Verdict {
    let (answer, [one, two, three]) = groups::after(world, |[_, _, three]| {
        let value = json!([{ "$ref": null, "value": three }]);
        json!([{ "op": "Add", "path": "members", "value": value }])
    })?;
    groups::has(&answer, &[&one, &two, &three])
}

fn member_string(world: &mut World<'_>) -> Verdict {
    let (answer, [one, two, three]) = groups::after(
        world,
        |[_, _, three]| json!([{ "op": "Add", "path": "members", "value": three }]),
    )?;
    groups::has(&answer, &[&one, &two, &three])
}

fn remove_member_path(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, _]) = groups::after(
        world,
        |[one, _, _]| json!([{ "op": "Remove", "path": format!("members[value eq \"{one}\"]") }]),
    )?;
    groups::has(&answer, &[&two])
}

fn remove_member(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, _]) = groups::after(world, |[one, _, _]| {
        let value = json!([{ "$ref": null, "value": one }]);
        json!([{ "op": "Remove", "path": "members", "value": value }])
    })?;
    groups::has(&answer, &[&two])
}

fn add_and_remove(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, three]) = groups::after(world, |[one, _, three]| {
        json!([
            { "op": "Add", "path": "members", "value": [{ "value": three }] },
            { "op": "Remove", "path": format!("members[value eq \"{one}\"]") },
        ])
    })?;
    groups::has(&answer, &[&two, &three])
}

fn reference(world: &mut World<'_>) -> Verdict {
    let (_, _, [id, user]) = of_one(world)?;
    let (_, other) = world.user()?;
    for (member, expected) in [(user, 1), (other, 0)] {
        let filter = format!("id eq \"{id}\" and members eq \"{member}\"");
        let parameters = [("filter", filter.as_str()), ("attributes", "id")];
        let answer = world.list("/Groups", &parameters)?.status(&[200])?;
        answer.has("/totalResults", expected)?;
    }
    Ok(())
}

fn delete_twice(world: &mut World<'_>) -> Verdict {
    let (path, _, _) = of_one(world)?;
    world.delete(&path)?.status(&[204])?;
    world.get(&path)?.status(&[404])?;
    world.delete(&path)?.status(&[404]).map(drop)
}

fn schema(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.get(&format!("/Schemas/{GROUP}"))?.status(&[200])?.has("/id", GROUP)
}
