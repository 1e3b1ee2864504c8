//! What Entra's validator tests, and the dialects of its client.

use serde_json::{Value, json};

use super::{groups, table};
use crate::answer::shown;
use crate::check::{Verdict, ensure};
use crate::world::{ENTERPRISE, GROUP, USER, World};

table! { Entra:
    "entra.create" Entra "Entra validator 1 and 3"
        "a created user is found with every attribute sent" => create;
    "entra.bare-add" Entra "Entra validator 6b"
        "add through a value path makes the value on a bare user" => bare_add;
    "entra.dotted" Entra "Entra validator 6"
        "a path-less value may have dotted keys" => dotted;
    "entra.user-name" Entra "Entra validator 7"
        "userName is changed by PATCH" => user_name;
    "entra.disable" Entra "Entra validator 8"
        "Replace of active with the string False disables the user" => disable;
    "entra.manager" Entra "Entra validator 9 to 11"
        "a manager is added, replaced and removed" => manager;
    "entra.delete-twice" Entra "Entra validator 12 and preview"
        "a second delete is 404" => delete_twice;
    "entra.several" Entra "Entra validator preview"
        "one request removes, adds and replaces" => several;
    "entra.group-filter" Entra "Entra validator 13 to 17"
        "a group is found in any case and without its members" => group_filter;
    "entra.group-duplicate" Entra "Entra validator 19"
        "a second group of a name is 409" => group_duplicate;
    "entra.group-external-id" Entra "Entra validator 20"
        "a group's externalId is replaced" => group_external_id;
    "entra.remove-member" Entra "Entra client without compliance flag"
        "Remove with a list of values removes those members alone" => remove_member;
    "entra.add-and-remove" Entra "Entra validator preview"
        "one request adds and removes members" => add_and_remove;
    "entra.pages" Entra "Entra gallery validation"
        "the answer's startIndex is the request's" => pages;
    "entra.types" Entra "Entra schema discovery"
        "emails publish the canonical type work" => types;
    "entra.group-schema" Entra "Entra gallery validation"
        "Schemas has the schema of groups" => group_schema;
}

fn create(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.create_user(&body)?;
    let filter = format!("userName eq \"{}\"", body["userName"].as_str().unwrap_or_default());
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.has("/totalResults", 1)?;
    for attribute in ["userName", "externalId", "displayName", "title", "active"] {
        answer.has(&format!("/Resources/0/{attribute}"), body[attribute].clone())?;
    }
    Ok(())
}

fn bare_add(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let body = json!({ "schemas": [USER], "userName": world.name("bare") });
    let (path, _) = world.create_user(&body)?;
    let value = "work@example.com";
    let operation =
        json!({ "op": "Add", "path": "emails[type eq \"work\"].value", "value": value });
    let answer = world.patched(&path, &json!([operation]))?;
    answer.has("/emails/0/value", value)?;
    answer.has("/emails/0/type", "work")
}

fn dotted(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let value = json!({ "name.givenName": "Augusta", "title": "Countess" });
    let answer = world.patched(&path, &json!([{ "op": "Replace", "value": value }]))?;
    answer.has("/name/givenName", "Augusta")?;
    answer.has("/title", "Countess")
}

fn user_name(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, id) = world.user()?;
    let name = world.name("renamed");
    let operations = json!([{ "op": "Replace", "path": "userName", "value": name }]);
    let answer = world.patched(&path, &operations)?;
    answer.has("/userName", name)?;
    answer.has("/id", id)
}

fn disable(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let operations = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
    world.patched(&path, &operations)?.has("/active", false)
}

fn manager(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    world.needs_enterprise()?;
    let ((path, _), (_, one), (_, two)) = (world.user()?, world.user()?, world.user()?);
    let target = format!("{ENTERPRISE}:manager");
    let pointer = format!("/{ENTERPRISE}/manager/value");
    for (op, id) in [("Add", one), ("Replace", two)] {
        let answer = world.patched(&path, &json!([{ "op": op, "path": target, "value": id }]))?;
        answer.has(&pointer, id)?;
    }
    let answer = world.patched(&path, &json!([{ "op": "Remove", "path": target }]))?;
    answer.has(&pointer, Value::Null)
}

fn delete_twice(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    world.delete(&path)?.status(&[204])?;
    world.delete(&path)?.status(&[404]).map(drop)
}

fn several(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let operations = json!([
        { "op": "Remove", "path": "title" },
        { "op": "Add", "path": "nickName", "value": "Countess" },
        { "op": "Replace", "path": "displayName", "value": "Ada King" },
    ]);
    let answer = world.patched(&path, &operations)?;
    answer.has("/title", Value::Null)?;
    answer.has("/nickName", "Countess")?;
    answer.has("/displayName", "Ada King")
}

fn group_filter(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (_, user) = world.user()?;
    let (_, name, id) = world.group(&[&user])?;
    let filter = format!("displayName eq \"{}\"", name.to_uppercase());
    let parameters = [("filter", filter.as_str()), ("excludedAttributes", "members")];
    let answer = world.list("/Groups", &parameters)?.status(&[200])?;
    answer.has("/totalResults", 1)?;
    answer.has("/Resources/0/id", id)?;
    answer.has("/Resources/0/members", Value::Null)
}

fn group_duplicate(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (_, name, _) = world.group(&[])?;
    let body = json!({ "schemas": [GROUP], "displayName": name });
    world.post("/Groups", &body)?.status(&[409]).map(drop)
}

fn group_external_id(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "Replace", "path": "externalId", "value": "another" }]);
    let (answer, [one, two, _]) = groups::after(world, |_| operations.clone())?;
    answer.has("/externalId", "another")?;
    groups::has(&answer, &[&one, &two])
}

fn remove_member(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, _]) = groups::after(
        world,
        |[one, _, _]| json!([{ "op": "Remove", "path": "members", "value": [{ "value": one }] }]),
    )?;
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

fn pages(world: &mut World<'_>) -> Verdict {
    world.people()?;
    for (start, expected) in [("1", 1), ("3", 3)] {
        let answer = world.list("/Users", &[("startIndex", start), ("count", "2")])?;
        answer.status(&[200])?.has("/startIndex", expected)?;
    }
    Ok(())
}

fn types(world: &mut World<'_>) -> Verdict {
    let answer = world.get(&format!("/Schemas/{USER}"))?.status(&[200])?;
    let named = |list: &Value, name: &str| {
        let list = list.as_array().into_iter().flatten();
        list.into_iter().find(|it| it["name"] == name).cloned().unwrap_or_default()
    };
    let emails = named(&answer.json["attributes"], "emails");
    let values = named(&emails["subAttributes"], "type")["canonicalValues"].take();
    let work = values.as_array().is_some_and(|values| values.contains(&json!("work")));
    ensure(work, || format!("expected canonicalValues with work, got {}", shown(&values)))
}

fn group_schema(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.get(&format!("/Schemas/{GROUP}"))?.status(&[200])?.has("/id", GROUP)
}
