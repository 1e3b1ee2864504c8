//! What Okta tests before it lists an application, and what its clients do after.

use serde_json::{Value, json};

use super::{groups, table};
use crate::answer::shown;
use crate::check::{Verdict, ensure};
use crate::client::{Authorization, Call};
use crate::world::World;

table! { Okta:
    "okta.users" Okta "Okta SCIM 2.0 SPEC test 1"
        "the first user of the list is complete, and the list's numbers are numbers" => users;
    "okta.user" Okta "Okta SCIM 2.0 SPEC test 2"
        "the first user of the list is read by its id" => user;
    "okta.absent" Okta "Okta SCIM 2.0 SPEC tests 3 and 5"
        "a look-up of an absent name is an empty list" => absent;
    "okta.unknown-id" Okta "Okta SCIM 2.0 SPEC tests 4 and 12"
        "ids of any shape are 404 with a detail" => unknown_id;
    "okta.create" Okta "Okta SCIM 2.0 SPEC tests 6 and 7"
        "a created user keeps the case of its name" => create;
    "okta.duplicate" Okta "Okta SCIM 2.0 SPEC test 8"
        "the same create again is 409" => duplicate;
    "okta.case" Okta "Okta SCIM 2.0 SPEC test 9"
        "a look-up in capitals is answered with the user" => case;
    "okta.groups" Okta "Okta SCIM 2.0 SPEC test 10"
        "groups are listed without parameters" => group_list;
    "okta.unauthorized" Okta "Okta SCIM 2.0 SPEC test 11"
        "an Authorization without a scheme is a SCIM error 401" => unauthorized;
    "okta.deactivate" Okta "Okta CRUD suite"
        "a path-less replace deactivates and reactivates the same user" => deactivate;
    "okta.rename-group" Okta "Okta group push"
        "a path-less replace with id and displayName renames a group and keeps its members" => rename;
    "okta.empty-group" Okta "Okta group push"
        "replace of members with an empty list empties the group" => empty;
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
    let first = &answer.json["Resources"][0];
    for pointer in ["/id", "/userName", "/name/familyName", "/name/givenName", "/emails/0/value"] {
        answer.string(&format!("/Resources/0{pointer}"))?;
    }
    ensure(first["active"].is_boolean(), || "the first user has no active".to_owned())
}

fn user(world: &mut World<'_>) -> Verdict {
    world.user()?;
    let answer = world.list("/Users", &[("count", "1"), ("startIndex", "1")])?.status(&[200])?;
    let id = answer.string("/Resources/0/id")?;
    world.get(&format!("/Users/{}", crate::client::encoded(&id)))?.status(&[200])?.has("/id", id)
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
        let answer = world.get(&format!("/Users/{id}"))?.status(&[404])?;
        answer.string("/detail")?;
        answer.speaks(ERROR)?;
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
        answer.has("/userName", body["userName"].clone())?;
        answer.has("/name/familyName", body["name"]["familyName"].clone())?;
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
    let (_, made) = world.create_user(&body)?;
    let name = body["userName"].as_str().unwrap_or_default().to_uppercase();
    let filter = format!("userName eq \"{name}\"");
    let answer = world.list("/Users", &[("filter", &filter)])?.status(&[200])?;
    answer.has("/Resources/0/id", made.json["id"].clone())
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
    let answer = world.send(&call.with(Authorization::Other("non-token")))?.status(&[401])?;
    answer.string("/detail")?;
    answer.speaks(ERROR)?;
    let status = &answer.json["status"];
    ensure(*status == "401" || *status == 401, || format!("status is {}", shown(status)))
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
