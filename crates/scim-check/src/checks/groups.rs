//! Groups and their members.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::table;
use crate::answer::{Answer, shown};
use crate::check::{Verdict, ensure};
use crate::world::{GROUP, World};

table! { Groups:
    "groups.create" Must "RFC 7644 §3.3"
        "a group is created with its members" => create;
    "groups.list" Must "RFC 7644 §3.4.2"
        "a group is found by its displayName" => list;
    "groups.add" Must "RFC 7644 §3.5.2.1"
        "a member is added beside the others" => add;
    "groups.add-again" Must "RFC 7644 §3.5.2.1"
        "adding a member again changes nothing" => add_again;
    "groups.remove" Must "RFC 7644 §3.5.2.2"
        "a member is removed through a value path, alone" => remove;
    "groups.remove-all" Must "RFC 7644 §3.5.2.2"
        "remove of members empties the group" => remove_all;
    "groups.replace" Must "RFC 7644 §3.5.2.3"
        "replace of members leaves those named" => replace;
    "groups.rename" Must "RFC 7644 §3.5.2.3"
        "a rename keeps the members" => rename;
    "groups.put" Must "RFC 7644 §3.5.1"
        "a PUT replaces name and members" => put;
    "groups.of-user" Should "RFC 7643 §4.1.2"
        "a user shows the groups it is in" => of_user;
    "groups.deleted-user" Should "RFC 7644 §3.6"
        "a deleted user leaves its groups" => deleted_user;
    "groups.required" Must "RFC 7643 §4.2"
        "a group without a displayName is refused with 400" => required;
    "groups.delete" Must "RFC 7644 §3.6"
        "a deleted group is gone, and its members stay" => delete;
}

/// The ids of a group's members; fails where one stands there twice.
pub(super) fn members(answer: &Answer) -> Verdict<BTreeSet<String>> {
    let list = answer.json["members"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids: BTreeSet<String> =
        list.iter().filter_map(|it| it["value"].as_str()).map(ToOwned::to_owned).collect();
    if ids.len() == list.len() {
        return Ok(ids);
    }
    answer.wrong(format!("a member without value, or twice: {}", shown(&answer.json["members"])))
}

/// That a group has these members.
pub(super) fn has(answer: &Answer, expected: &[&str]) -> Verdict {
    let got = members(answer)?;
    let expected: BTreeSet<String> = expected.iter().map(|&id| id.to_owned()).collect();
    ensure(got == expected, || format!("expected the members {expected:?}, got {got:?}"))
}

/// What operations make of a group of two: the group, and the ids of its members and of one more
/// user.
pub(super) fn after(
    world: &mut World<'_>,
    operations: impl Fn(&[String; 3]) -> Value,
) -> Verdict<(Answer, [String; 3])> {
    world.needs_groups()?;
    world.needs("patch")?;
    let ids = [world.user()?.1, world.user()?.1, world.user()?.1];
    let [one, two, _] = &ids;
    let (path, _, _) = world.group(&[one, two])?;
    let answer = world.patched(&path, &operations(&ids))?;
    Ok((answer, ids))
}

fn create(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (_, one) = world.user()?;
    let (path, name, _) = world.group(&[&one])?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.speaks(GROUP)?;
    answer.has("/displayName", name)?;
    answer.has("/meta/resourceType", "Group")?;
    has(&answer, &[&one])
}

fn list(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.needs("filter")?;
    let (_, name, id) = world.group(&[])?;
    let filter = format!("displayName eq \"{name}\"");
    let answer = world.list("/Groups", &[("filter", &filter)])?.status(&[200])?;
    answer.resources()?;
    answer.has("/totalResults", 1)?;
    answer.has("/Resources/0/id", id)
}

fn add(world: &mut World<'_>) -> Verdict {
    let (answer, [one, two, three]) = after(
        world,
        |[_, _, three]| json!([{ "op": "add", "path": "members", "value": [{ "value": three }] }]),
    )?;
    has(&answer, &[&one, &two, &three])
}

fn add_again(world: &mut World<'_>) -> Verdict {
    let (answer, [one, two, _]) = after(
        world,
        |[one, _, _]| json!([{ "op": "add", "path": "members", "value": [{ "value": one }] }]),
    )?;
    has(&answer, &[&one, &two])
}

fn remove(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, _]) = after(
        world,
        |[one, _, _]| json!([{ "op": "remove", "path": format!("members[value eq \"{one}\"]") }]),
    )?;
    has(&answer, &[&two])
}

fn remove_all(world: &mut World<'_>) -> Verdict {
    let (answer, _) = after(world, |_| json!([{ "op": "remove", "path": "members" }]))?;
    has(&answer, &[])
}

fn replace(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, three]) = after(world, |[_, two, three]| {
        let value = json!([{ "value": two }, { "value": three }]);
        json!([{ "op": "replace", "path": "members", "value": value }])
    })?;
    has(&answer, &[&two, &three])
}

fn rename(world: &mut World<'_>) -> Verdict {
    let name = world.name("Renamed");
    let (answer, [one, two, _]) =
        after(world, |_| json!([{ "op": "replace", "path": "displayName", "value": name }]))?;
    answer.has("/displayName", name)?;
    has(&answer, &[&one, &two])
}

fn put(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let ((_, one), (_, two)) = (world.user()?, world.user()?);
    let (path, _, id) = world.group(&[&one])?;
    let name = world.name("Renamed");
    let members = json!([{ "value": two }]);
    let body = json!({ "schemas": [GROUP], "id": id, "displayName": name, "members": members });
    world.put(&path, &body)?.status(&[200])?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.has("/displayName", name)?;
    has(&answer, &[&two])
}

fn of_user(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (user, id) = world.user()?;
    let (_, _, group) = world.group(&[&id])?;
    let answer = world.get(&user)?.status(&[200])?;
    let groups = answer.json["groups"].as_array().into_iter().flatten();
    if groups.into_iter().any(|it| it["value"] == *group) {
        return Ok(());
    }
    answer.wrong(format!("expected groups with {group}, got {}", shown(&answer.json["groups"])))
}

fn deleted_user(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let ((user, one), (_, two)) = (world.user()?, world.user()?);
    let (group, _, _) = world.group(&[&one, &two])?;
    world.delete(&user)?.status(&[204])?;
    has(&world.get(&group)?.status(&[200])?, &[&two])
}

fn required(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.post("/Groups", &json!({ "schemas": [GROUP] }))?.refusal(&[400]).map(drop)
}

fn delete(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (user, id) = world.user()?;
    let (path, _, _) = world.group(&[&id])?;
    world.delete(&path)?.status(&[204])?;
    world.get(&path)?.refusal(&[404])?;
    world.get(&user)?.status(&[200]).map(drop)
}
