//! What Entra's validator tests of users, and the dialects of its client.

use serde_json::{Value, json};

use super::table;
use crate::answer::{Answer, shown};
use crate::check::{Verdict, ensure};
use crate::world::{ENTERPRISE, USER, World};

table! { Entra:
    "entra.connection" Entra "Entra test connection"
        "a look-up of a random name is 200 and an empty list" => connection;
    "entra.create" Entra "Entra validator 1 and 3"
        "a created user is found with every attribute sent" => create;
    "entra.duplicate" Entra "Entra validator 2"
        "a second user of a name is 409" => duplicate;
    "entra.absent" Entra "Entra validator 4"
        "a user that is not there is looked up to an empty list" => absent;
    "entra.case" Entra "Entra validator 5"
        "a user is found in any case" => case;
    "entra.replace" Entra "Entra validator 6, verbose"
        "one request replaces many attributes through their paths" => replace;
    "entra.dotted" Entra "Entra validator 6"
        "a path-less value may have dotted keys" => dotted;
    "entra.bare-add" Entra "Entra validator 6b"
        "add through a value path makes the value on a bare user" => bare_add;
    "entra.user-name" Entra "Entra validator 7"
        "userName is changed by PATCH" => user_name;
    "entra.disable" Entra "Entra validator 8"
        "Replace of active with the string False disables the user, who is still read" => disable;
    "entra.restore" Entra "Entra gallery validation"
        "Add of active with the string True enables the same user again" => restore;
    "entra.manager" Entra "Entra validator 9 to 11"
        "a manager is added, replaced and removed" => manager;
    "entra.manager-empty" Entra "Entra validator 11"
        "a manager is removed by an empty value" => manager_empty;
    "entra.delete-twice" Entra "Entra validator 12 and preview"
        "a deleted user is 404, to a second delete too" => delete_twice;
    "entra.delete-nobody" Entra "Entra validator preview"
        "a delete of a user who never was is 404" => delete_nobody;
    "entra.several" Entra "Entra validator preview"
        "one request removes, adds and replaces" => several;
    "entra.same-attribute" Entra "Entra validator preview"
        "several operations on one attribute are done in their order" => same_attribute;
    "entra.null-update" Entra "Entra gallery validation"
        "an attribute replaced by an empty string, then by null, is gone or empty" => null_update;
    "entra.string-active" Entra "Entra Postman collection"
        "a create takes the string True as active" => string_active;
    "entra.put-required" Entra "Entra Postman collection"
        "a PUT without userName is 400" => put_required;
    "entra.and" Entra "Entra requirements"
        "a filter joins two comparisons with and" => and;
    "entra.pages" Entra "Entra gallery validation"
        "the answer's startIndex is the request's" => pages;
    "entra.types" Entra "Entra schema discovery"
        "emails publish the canonical type work" => types;
    "entra.no-nulls" Entra "Entra requirements"
        "Schemas has no member that is null" => no_nulls;
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

fn look_up(world: &mut World<'_>, name: &Value) -> Verdict<Answer> {
    let filter = format!("userName eq \"{}\"", name.as_str().unwrap_or_default());
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.resources()?;
    Ok(answer)
}

fn connection(world: &mut World<'_>) -> Verdict {
    let name = json!(world.name("test-connection"));
    look_up(world, &name)?.has("/totalResults", 0)
}

fn absent(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    world.delete(&path)?.status(&[204])?;
    look_up(world, &body["userName"])?.has("/totalResults", 0)
}

fn duplicate(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.create_user(&body)?;
    world.post("/Users", &body)?.status(&[409]).map(drop)
}

fn case(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (_, made) = world.create_user(&body)?;
    let name = body["userName"].as_str().unwrap_or_default().to_uppercase();
    let answer = look_up(world, &json!(name))?;
    answer.has("/totalResults", 1)?;
    answer.has("/Resources/0/id", made.json["id"].clone())
}

fn and(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (_, made) = world.create_user(&body)?;
    let [name, external] =
        ["userName", "externalId"].map(|it| body[it].as_str().unwrap_or_default());
    for (external, expected) in [(external, 1), ("somebody-else", 0)] {
        let filter = format!("userName eq \"{name}\" and externalId eq \"{external}\"");
        let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
        answer.has("/totalResults", expected)?;
        if expected == 1 {
            answer.has("/Resources/0/id", made.json["id"].clone())?;
        }
    }
    Ok(())
}

fn replace(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let replaced = [
        ("displayName", "/displayName", "Augusta King"),
        ("title", "/title", "Countess"),
        ("name.givenName", "/name/givenName", "Augusta"),
        ("name.familyName", "/name/familyName", "King"),
    ];
    let mut operations: Vec<Value> = replaced
        .map(|(path, _, value)| json!({ "op": "Replace", "path": path, "value": value }))
        .into();
    let work = "emails[type eq \"work\"].value";
    operations.push(json!({ "op": "Replace", "path": work, "value": "new@example.com" }));
    let answer = world.patched(&path, &json!(operations))?;
    for (_, pointer, value) in replaced {
        answer.has(pointer, value)?;
    }
    let emails = answer.json["emails"].as_array().into_iter().flatten();
    let mut work = emails.filter(|it| it["type"] == "work");
    let right = work.next().is_some_and(|it| it["value"] == "new@example.com");
    ensure(right, || format!("the work e-mail is not replaced: {}", shown(&answer.json["emails"])))
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

fn restore(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, id) = world.user()?;
    for (op, value, active) in [("Replace", "False", false), ("Add", "True", true)] {
        let operations = json!([{ "op": op, "path": "active", "value": value }]);
        let answer = world.patched(&path, &operations)?;
        answer.has("/active", active)?;
        answer.has("/id", id.clone())?;
    }
    Ok(())
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

fn manager_empty(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    world.needs_enterprise()?;
    let ((path, _), (_, id)) = (world.user()?, world.user()?);
    let target = format!("{ENTERPRISE}:manager");
    let pointer = format!("/{ENTERPRISE}/manager/value");
    for empty in [json!(""), json!({ "value": "" })] {
        let add = json!([{ "op": "Add", "path": target, "value": id }]);
        world.patched(&path, &add)?.has(&pointer, id.clone())?;
        let remove = json!([{ "op": "Replace", "path": target, "value": empty }]);
        world.patched(&path, &remove)?.has(&pointer, Value::Null)?;
    }
    Ok(())
}

fn delete_twice(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    world.delete(&path)?.status(&[204])?;
    world.get(&path)?.status(&[404])?;
    world.delete(&path)?.status(&[404]).map(drop)
}

fn delete_nobody(world: &mut World<'_>) -> Verdict {
    let nobody = format!("/Users/{}", world.name("nobody"));
    world.delete(&nobody)?.status(&[404]).map(drop)
}

fn same_attribute(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let operations = json!([
        { "op": "Remove", "path": "displayName" },
        { "op": "Add", "path": "displayName", "value": "First" },
        { "op": "Replace", "path": "displayName", "value": "Second" },
    ]);
    world.patched(&path, &operations)?.has("/displayName", "Second")
}

fn null_update(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    for empty in [json!(""), Value::Null] {
        let replace = json!([{ "op": "replace", "path": "title", "value": empty }]);
        let answer = world.patched(&path, &replace)?;
        let got = answer.at("/title");
        ensure(got.is_null() || *got == "", || {
            format!("expected no title after its replacement by {empty}, got {}", shown(got))
        })?;
    }
    Ok(())
}

fn string_active(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    body["active"] = json!("True");
    let (path, _) = world.create_user(&body)?;
    world.get(&path)?.status(&[200])?.has("/active", true)
}

fn put_required(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    if let Some(members) = body.as_object_mut() {
        members.remove("userName");
    }
    world.put(&path, &body)?.status(&[400]).map(drop)
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

fn no_nulls(world: &mut World<'_>) -> Verdict {
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(items) => items.iter().any(has_null),
            Value::Object(members) => members.values().any(has_null),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    let answer = world.get("/Schemas")?.status(&[200])?;
    let with = answer.resources()?.iter().find(|schema| has_null(schema));
    ensure(with.is_none(), || {
        format!("a member is null in {}", shown(with.unwrap_or(&Value::Null)))
    })
}
