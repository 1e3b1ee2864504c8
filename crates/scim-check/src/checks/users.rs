//! Creating, reading, replacing and deleting users.

use serde_json::{Value, json};

use super::table;
use crate::answer::same;
use crate::check::{Verdict, ensure};
use crate::client::encoded;
use crate::world::{ENTERPRISE, World};

table! { Users:
    "users.create" Must "RFC 7644 §3.3"
        "a create is 201 with the user and its id" => create;
    "users.location" Must "RFC 7644 §3.3"
        "a create has a Location that is meta.location" => location;
    "users.meta" Must "RFC 7643 §3.1"
        "meta has resourceType and location" => meta;
    "users.times" Should "RFC 7643 §3.1"
        "meta says when the user was created and last modified" => times;
    "users.read" Must "RFC 7644 §3.4.1"
        "a created user is read as it was sent" => read;
    "users.duplicate" Must "RFC 7644 §3.3"
        "a second user of a name is 409 uniqueness" => duplicate;
    "users.duplicate-case" Must "RFC 7643 §4.1.1"
        "names that differ in case alone are the same name" => duplicate_case;
    "users.server-id" Must "RFC 7643 §3.1"
        "the server chooses the id, whatever the client sends" => server_id;
    "users.password" Must "RFC 7643 §4.1.1"
        "a password is never returned" => password;
    "users.put" Must "RFC 7644 §3.5.1"
        "a PUT changes what it names" => put;
    "users.put-back" Must "RFC 7644 §3.5.1"
        "a PUT of what was read keeps everything" => put_back;
    "users.put-taken" Must "RFC 7644 §3.5.1"
        "a PUT to somebody else's name is 409 and changes nothing" => put_taken;
    "users.active" Must "RFC 7643 §4.1.1"
        "a deactivated user is kept, and comes back with the same id" => active;
    "users.enterprise" Must "RFC 7643 §4.3"
        "the enterprise extension is kept" => enterprise;
    "users.unknown" Should "RFC 7644 §3.3"
        "an unknown attribute does not stop a create" => unknown;
    "users.delete" Must "RFC 7644 §3.6"
        "a deleted user is gone: 204, then 404" => delete;
    "users.gone" Must "RFC 7644 §3.6"
        "a deleted user is found no more" => gone;
    "users.name-free" Should "RFC 7644 §3.6"
        "a deleted user's name is free again" => name_free;
}

fn create(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (_, answer) = world.create_user(&body)?;
    answer.speaks("urn:ietf:params:scim:schemas:core:2.0:User")?;
    answer.has("/userName", body["userName"].clone())
}

fn location(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (_, answer) = world.create_user(&body)?;
    let id = answer.string("/id")?;
    let Some(location) = answer.header("location").map(ToOwned::to_owned) else {
        return answer.wrong("expected a header Location");
    };
    answer.has("/meta/location", location.clone())?;
    let ends = [&id, &encoded(&id)].map(|id| format!("/Users/{id}"));
    let right = ends.iter().any(|end| location.ends_with(end));
    ensure(right, || format!("expected …/Users/{id}, got {location}"))
}

fn meta(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.has("/meta/resourceType", "User")?;
    answer.string("/meta/location").map(drop)
}

fn times(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    let answer = world.get(&path)?.status(&[200])?;
    for member in ["created", "lastModified"] {
        let time = answer.string(&format!("/meta/{member}"))?;
        // RFC 7643 §2.3.5: as xsd:dateTime, with date and time.
        let whole = time.len() >= 19 && time.as_bytes().get(10) == Some(&b'T');
        ensure(whole, || format!("expected meta.{member} to be a dateTime, got {time}"))?;
    }
    Ok(())
}

fn read(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    let answer = world.get(&path)?.status(&[200])?;
    for attribute in ["userName", "externalId", "displayName", "title", "active"] {
        answer.has(&format!("/{attribute}"), body[attribute].clone())?;
    }
    answer.has("/name/familyName", body["name"]["familyName"].clone())?;
    let emails = |user: &Value| user["emails"].as_array().map_or(0, Vec::len);
    let (sent, got) = (emails(&body), emails(&answer.json));
    ensure(got == sent, || format!("expected {sent} emails, got {got}"))
}

fn duplicate(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.create_user(&body)?;
    world.post("/Users", &body)?.refusal_of(409, "uniqueness")
}

fn duplicate_case(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    world.create_user(&body)?;
    body["userName"] = body["userName"].as_str().unwrap_or_default().to_uppercase().into();
    world.post("/Users", &body)?.status(&[409]).map(drop)
}

fn server_id(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    body["id"] = json!("chosen-by-the-client");
    let (_, answer) = world.create_user(&body)?;
    let id = answer.string("/id")?;
    ensure(id != "chosen-by-the-client", || "the client's id was taken".to_owned())
}

fn password(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    body["password"] = json!("Correct-horse-9-battery");
    let (path, answer) = world.create_user(&body)?;
    let read = world.get(&path)?.status(&[200])?;
    let (made, read) = (&answer.json["password"], &read.json["password"]);
    ensure(made.is_null() && read.is_null(), || "the password was returned".to_owned())
}

fn put(world: &mut World<'_>) -> Verdict {
    world.needs_attributes("displayName name")?;
    let mut body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    body["displayName"] = json!("Another Name");
    body["name"]["givenName"] = json!("Grace");
    world.put(&path, &body)?.status(&[200])?.has("/displayName", "Another Name")?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.has("/displayName", "Another Name")?;
    answer.has("/name/givenName", "Grace")
}

fn put_back(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    let before = world.get(&path)?.status(&[200])?.json;
    world.put(&path, &before)?.status(&[200])?;
    let after = world.get(&path)?.status(&[200])?.json;
    let members = |value: &Value| -> Vec<String> {
        value.as_object().into_iter().flat_map(|it| it.keys()).cloned().collect()
    };
    for member in members(&before).iter().filter(|member| *member != "meta") {
        same(member, &before[member], &after[member])?;
    }
    same("the members", &json!(members(&before)), &json!(members(&after)))
}

fn put_taken(world: &mut World<'_>) -> Verdict {
    let first = world.a_user();
    world.create_user(&first)?;
    let second = world.a_user();
    let (path, _) = world.create_user(&second)?;
    let mut body = second.clone();
    body["userName"] = first["userName"].clone();
    body["externalId"] = json!("half-done");
    world.put(&path, &body)?.refusal(&[409])?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.has("/userName", second["userName"].clone())?;
    answer.has("/externalId", second["externalId"].clone())
}

fn active(world: &mut World<'_>) -> Verdict {
    world.needs_attributes("active")?;
    let mut body = world.a_user();
    let (path, made) = world.create_user(&body)?;
    for active in [false, true] {
        body["active"] = json!(active);
        world.put(&path, &body)?.status(&[200])?;
        let answer = world.get(&path)?.status(&[200])?;
        answer.has("/active", active)?;
        answer.has("/id", made.json["id"].clone())?;
    }
    Ok(())
}

fn enterprise(world: &mut World<'_>) -> Verdict {
    world.needs_enterprise()?;
    let mut body = world.a_user();
    body["schemas"] = json!([body["schemas"][0], ENTERPRISE]);
    body[ENTERPRISE] = json!({ "department": "Engines", "employeeNumber": "1815" });
    let (path, _) = world.create_user(&body)?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.speaks(ENTERPRISE)?;
    answer.has(&format!("/{ENTERPRISE}/department"), "Engines")?;
    answer.has(&format!("/{ENTERPRISE}/employeeNumber"), "1815")
}

fn unknown(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    body["favouriteEngine"] = json!("Analytical");
    world.create_user(&body).map(drop)
}

fn delete(world: &mut World<'_>) -> Verdict {
    let (path, _) = world.user()?;
    world.delete(&path)?.status(&[204])?;
    world.get(&path)?.refusal(&[404])?;
    world.delete(&path)?.refusal(&[404]).map(drop)
}

fn gone(world: &mut World<'_>) -> Verdict {
    world.needs("filter")?;
    // Somebody else is there, so that a server that ignores the filter is told.
    world.user()?;
    let body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    world.delete(&path)?.status(&[204])?;
    let filter = format!("userName eq \"{}\"", body["userName"].as_str().unwrap_or_default());
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.resources()?;
    answer.has("/totalResults", 0)
}

fn name_free(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (path, first) = world.create_user(&body)?;
    world.delete(&path)?.status(&[204])?;
    let (_, second) = world.create_user(&body)?;
    ensure(first.json["id"] != second.json["id"], || "the id was used again".to_owned())
}
