//! What Okta tests before it lists an application, and what its clients do after.

use serde_json::{Value, json};

use super::{groups, table};
use crate::answer::{Answer, shown};
use crate::check::{Verdict, ensure};
use crate::client::{Authorization, Call, encoded};
use crate::world::{GROUP, USER, World};

table! { Okta:
    "okta.users" Okta "Okta SCIM 2.0 SPEC test 1"
        "the first user of the list is complete, and the list's numbers are numbers" => users;
    "okta.user" Okta "Okta SCIM 2.0 SPEC test 2"
        "the first user of the list is read by its id, as complete" => user;
    "okta.absent" Okta "Okta SCIM 2.0 SPEC tests 3 and 5"
        "a look-up of an absent name is an empty list" => absent;
    "okta.unknown-id" Okta "Okta SCIM 2.0 SPEC tests 4 and 12"
        "ids of any shape are 404 with status and detail" => unknown_id;
    "okta.create" Okta "Okta SCIM 2.0 SPEC tests 6 and 7"
        "a created user is as it was sent, with the case of its name" => create;
    "okta.duplicate" Okta "Okta SCIM 2.0 SPEC test 8"
        "the same create again is 409" => duplicate;
    "okta.case" Okta "Okta SCIM 2.0 SPEC test 9"
        "a look-up in capitals is answered with a list" => case;
    "okta.groups" Okta "Okta SCIM 2.0 SPEC test 10"
        "groups are listed without parameters" => group_list;
    "okta.unauthorized" Okta "Okta SCIM 2.0 SPEC test 11"
        "an Authorization without a scheme is a SCIM error 401" => unauthorized;
    "okta.update" Okta "Okta CRUD suite"
        "a user that is put back whole, with another givenName, is found with it" => update;
    "okta.put-deactivate" Okta "Okta CRUD suite"
        "a user that is put back whole, inactive and active again, keeps its id" => put_deactivate;
    "okta.deactivate" Okta "Okta CRUD suite"
        "a path-less replace deactivates and reactivates the same user" => deactivate;
    "okta.rename-group" Okta "Okta group push"
        "a path-less replace with id and displayName renames a group and keeps its members" => rename;
    "okta.empty-group" Okta "Okta group push"
        "replace of members with an empty list empties the group" => empty;
    "okta.membership" Okta "Okta group push"
        "one request removes members by value path and adds others with display" => membership;
    "okta.put-group" Okta "Okta group push by PUT"
        "a group put without id, its members' display null, has those members" => put_group;
    "okta.delete-group" Okta "Okta group push"
        "a deleted group leaves its users, and its name can be pushed again" => delete_group;
}

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

fn users(world: &mut World<'_>) -> Verdict {
    world.user()?;
    let answer = world.list("/Users", &[("count", "1"), ("startIndex", "1")])?.status(&[200])?;
    answer.resources()?;
    for member in ["itemsPerPage", "startIndex", "totalResults"] {
        let got = &answer.json[member];
        ensure(got.is_u64(), || format!("expected {member} to be a number, got {}", shown(got)))?;
    }
    complete(&answer, "/Resources/0")
}

/// What Okta wants of every user that it reads.
fn complete(answer: &Answer, at: &str) -> Verdict {
    for pointer in ["/id", "/userName", "/name/familyName", "/name/givenName", "/emails/0/value"] {
        answer.string(&format!("{at}{pointer}"))?;
    }
    let active = answer.at(&format!("{at}/active"));
    ensure(active.is_boolean(), || format!("expected {at}/active, got {}", shown(active)))
}

fn user(world: &mut World<'_>) -> Verdict {
    world.user()?;
    let answer = world.list("/Users", &[("count", "1"), ("startIndex", "1")])?.status(&[200])?;
    let id = answer.string("/Resources/0/id")?;
    let answer = world.get(&format!("/Users/{}", encoded(&id)))?.status(&[200])?;
    answer.has("/id", id)?;
    complete(&answer, "")
}

fn absent(world: &mut World<'_>) -> Verdict {
    for name in ["abcdefgh@atko.com".to_owned(), world.name("absent")] {
        let filter = format!("userName eq \"{name}\"");
        let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
        answer.resources()?;
        answer.has("/totalResults", 0)?;
    }
    Ok(())
}

fn unknown_id(world: &mut World<'_>) -> Verdict {
    for id in ["010101001010101011001010101011", "00919288221112222"] {
        error(&world.get(&format!("/Users/{id}"))?.status(&[404])?)?;
    }
    Ok(())
}

fn create(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    let name = world.name("MixedCase");
    body["userName"] = json!(format!("{name}@Example.com"));
    let (path, answer) = world.create_user(&body)?;
    let read = world.get(&path)?.status(&[200])?;
    for answer in [answer, read] {
        answer.speaks(USER)?;
        for pointer in ["/userName", "/name/familyName", "/name/givenName"] {
            answer.has(pointer, body.pointer(pointer).cloned().unwrap_or_default())?;
        }
        answer.has("/active", true)?;
    }
    Ok(())
}

fn duplicate(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.create_user(&body)?;
    world.post("/Users", &body)?.status(&[409]).map(drop)
}

fn case(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.create_user(&body)?;
    let name = body["userName"].as_str().unwrap_or_default().to_uppercase();
    let filter = format!("userName eq \"{name}\"");
    // Okta asks for no more; `filters.case` does.
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.resources().map(drop)
}

fn group_list(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.group(&[])?;
    let answer = world.get("/Groups")?.status(&[200])?;
    let total = answer.total()?;
    let listed = answer.resources()?.len();
    ensure(total > 0 && listed > 0, || format!("expected groups, got {listed} of {total}"))
}

fn unauthorized(world: &mut World<'_>) -> Verdict {
    let call = Call::new("GET", "/Users").query(&[("filter", "userName eq \"a@example.com\"")]);
    error(&world.send(&call.with(Authorization::Other("non-token")))?.status(&[401])?)
}

/// What Okta reads of an error; it takes a status that is a number, too.
fn error(answer: &Answer) -> Verdict {
    answer.string("/detail")?;
    answer.speaks(ERROR)?;
    let (status, given) = (answer.status, &answer.json["status"]);
    let as_text = status.to_string();
    let right = given.as_str() == Some(&as_text) || *given == status;
    ensure(right, || format!("expected the status {status}, got {}", shown(given)))
}

/// Puts a user back as it was read, but for what `change` does, as Okta does.
fn put_back(world: &mut World<'_>, path: &str, change: impl FnOnce(&mut Value)) -> Verdict {
    let mut whole = world.get(path)?.status(&[200])?.json;
    change(&mut whole);
    world.put(path, &whole)?.status(&[200]).map(drop)
}

fn update(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    let (path, _) = world.create_user(&body)?;
    put_back(world, &path, |user| user["name"]["givenName"] = json!("Grace"))?;
    let filter = format!("userName eq \"{}\"", body["userName"].as_str().unwrap_or_default());
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.has("/Resources/0/name/givenName", "Grace")?;
    answer.has("/Resources/0/name/familyName", body["name"]["familyName"].clone())
}

fn put_deactivate(world: &mut World<'_>) -> Verdict {
    let (path, id) = world.user()?;
    for active in [false, true] {
        put_back(world, &path, |user| user["active"] = json!(active))?;
        let answer = world.get(&path)?.status(&[200])?;
        answer.has("/active", active)?;
        answer.has("/id", id.clone())?;
    }
    Ok(())
}

fn deactivate(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, id) = world.user()?;
    for active in [false, true] {
        let value = json!({ "active": active });
        let answer = world.patched(&path, &json!([{ "op": "replace", "value": value }]))?;
        answer.has("/active", active)?;
        answer.has("/id", Value::from(id.clone()))?;
    }
    Ok(())
}

fn rename(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    world.needs("patch")?;
    let (_, user) = world.user()?;
    let (path, _, id) = world.group(&[&user])?;
    let name = world.name("Renamed");
    let value = json!({ "id": id, "displayName": name });
    let answer = world.patched(&path, &json!([{ "op": "replace", "value": value }]))?;
    answer.has("/displayName", name)?;
    answer.has("/id", id)?;
    groups::has(&answer, &[&user])
}

fn empty(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "replace", "path": "members", "value": [] }]);
    let (answer, _) = groups::after(world, |_| operations.clone())?;
    groups::has(&answer, &[])
}

fn membership(world: &mut World<'_>) -> Verdict {
    let (answer, [_, two, three]) = groups::after(world, |[one, _, three]| {
        json!([
            { "op": "remove", "path": format!("members[value eq \"{one}\"]") },
            { "op": "add", "path": "members", "value": [{ "value": three, "display": "a@b.example" }] },
        ])
    })?;
    groups::has(&answer, &[&two, &three])
}

fn put_group(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let ((_, one), (_, two)) = (world.user()?, world.user()?);
    let (path, name, id) = world.group(&[&one])?;
    let members = json!([{ "value": two, "display": null }]);
    let body = json!({ "schemas": [GROUP], "displayName": name, "members": members });
    world.put(&path, &body)?.status(&[200])?;
    let answer = world.get(&path)?.status(&[200])?;
    answer.has("/id", id)?;
    groups::has(&answer, &[&two])
}

fn delete_group(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let (user, id) = world.user()?;
    let (path, name, _) = world.group(&[&id])?;
    world.delete(&path)?.status(&[204])?;
    world.get(&path)?.status(&[404])?;
    world.get(&user)?.status(&[200])?;
    let body = json!({ "schemas": [GROUP], "displayName": name, "members": [] });
    world.post("/Groups", &body)?.status(&[201]).map(drop)
}
