//! Several operations in one request.

use serde_json::{Value, json};

use super::{groups, table};
use crate::answer::Answer;
use crate::check::{Verdict, ensure, skip};
use crate::client::encoded;
use crate::world::{GROUP, World};

table! { Bulk:
    "bulk.create" Must "RFC 7644 §3.7"
        "an operation says its status as a string and where the user is" => create;
    "bulk.several" Must "RFC 7644 §3.7"
        "one request replaces, changes and deletes, and says so of each" => several;
    "bulk.reference" Must "RFC 7644 §3.7.2"
        "a bulkId stands for the id of what the same request makes" => reference;
    "bulk.refused" Must "RFC 7644 §3.7.3"
        "a refused operation says why, and the others are done" => refused;
    "bulk.fail-on-errors" Must "RFC 7644 §3.7.3"
        "after failOnErrors errors nothing more is done" => fail_on_errors;
    "bulk.too-many" Must "RFC 7644 §3.7.4"
        "more operations than maxOperations are 413" => too_many;
}

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// More operations than this are not sent to see a limit.
const MANY: u64 = 5000;

/// Sends operations, and remembers what they made.
fn bulk(world: &mut World<'_>, operations: &Value, fail_on_errors: u32) -> Verdict<Answer> {
    world.needs("bulk")?;
    let mut body = json!({ "schemas": [REQUEST], "Operations": operations });
    if fail_on_errors > 0 {
        body["failOnErrors"] = json!(fail_on_errors);
    }
    let answer = world.post("/Bulk", &body)?.status(&[200])?;
    answer.speaks(RESPONSE)?;
    for operation in answer.json["Operations"].as_array().into_iter().flatten() {
        let location = operation["location"].as_str().unwrap_or_default();
        if operation["method"] == "POST" && operation["status"] == "201" {
            // What is not found by its location is found by its name at the end of the run.
            drop(world.adopt(&path(location)));
        }
    }
    Ok(answer)
}

/// The path of a resource, made of the end of its location.
fn path(location: &str) -> String {
    let mut parts = location.rsplit('/');
    let (id, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    format!("/{kind}/{}", encoded(id))
}

fn create(world: &mut World<'_>) -> Verdict {
    let data = world.a_user();
    let operation = json!({ "method": "POST", "path": "/Users", "bulkId": "one", "data": data });
    let answer = bulk(world, &json!([operation]), 0)?;
    answer.has("/Operations/0/status", "201")?;
    answer.has("/Operations/0/bulkId", "one")?;
    answer.has("/Operations/0/method", "POST")?;
    let location = answer.string("/Operations/0/location")?;
    world.get(&path(&location))?.status(&[200])?.has("/userName", data["userName"].clone())
}

fn several(world: &mut World<'_>) -> Verdict {
    world.needs("bulk")?;
    world.needs("patch")?;
    let mut body = world.a_user();
    let (put, _) = world.create_user(&body)?;
    let ((patched, _), (deleted, _)) = (world.user()?, world.user()?);
    body["externalId"] = json!("by-put");
    let operation = json!({ "op": "replace", "path": "externalId", "value": "by-patch" });
    let patch = json!({ "schemas": [crate::world::PATCH], "Operations": [operation] });
    let operations = json!([
        { "method": "PUT", "path": put, "data": body },
        { "method": "PATCH", "path": patched, "data": patch },
        { "method": "DELETE", "path": deleted },
    ]);
    let answer = bulk(world, &operations, 0)?;
    answer.has("/Operations/0/status", "200")?;
    let status = answer.at("/Operations/1/status");
    ensure(*status == "200" || *status == "204", || format!("PATCH in bulk: status {status}"))?;
    answer.has("/Operations/2/status", "204")?;
    world.get(&put)?.status(&[200])?.has("/externalId", "by-put")?;
    world.get(&patched)?.status(&[200])?.has("/externalId", "by-patch")?;
    world.get(&deleted)?.status(&[404]).map(drop)
}

fn reference(world: &mut World<'_>) -> Verdict {
    world.needs_groups()?;
    let user = world.a_user();
    let members = json!([{ "value": "bulkId:person" }]);
    let name = world.name("Group");
    let group = json!({ "schemas": [GROUP], "displayName": name, "members": members });
    let operations = json!([
        { "method": "POST", "path": "/Users", "bulkId": "person", "data": user },
        { "method": "POST", "path": "/Groups", "bulkId": "group", "data": group },
    ]);
    let answer = bulk(world, &operations, 0)?;
    let [person, group] = ["/Operations/0/location", "/Operations/1/location"]
        .map(|pointer| answer.string(pointer).map(|location| path(&location)));
    let person = world.get(&person?)?.status(&[200])?.string("/id")?;
    groups::has(&world.get(&group?)?.status(&[200])?, &[&person])
}

/// Two operations, of which the first is refused for a missing userName.
fn with_a_refusal(world: &mut World<'_>) -> Value {
    let mut without = world.a_user();
    if let Some(without) = without.as_object_mut() {
        without.remove("userName");
    }
    let users = [without, world.a_user()];
    let post = |(index, data)| {
        let name = format!("b{index}");
        json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": data })
    };
    users.into_iter().enumerate().map(post).collect()
}

fn refused(world: &mut World<'_>) -> Verdict {
    let operations = with_a_refusal(world);
    let answer = bulk(world, &operations, 0)?;
    answer.has("/Operations/0/status", "400")?;
    answer.has("/Operations/0/response/status", "400")?;
    answer.has("/Operations/1/status", "201")
}

fn fail_on_errors(world: &mut World<'_>) -> Verdict {
    let operations = with_a_refusal(world);
    let answer = bulk(world, &operations, 1)?;
    answer.has("/Operations/0/status", "400")?;
    let done = answer.json["Operations"].as_array().map_or(0, Vec::len);
    ensure(done == 1, || format!("expected the answer to one operation, got {done}"))
}

fn too_many(world: &mut World<'_>) -> Verdict {
    world.needs("bulk")?;
    let most = world.config["bulk"]["maxOperations"].as_u64().unwrap_or(u64::MAX);
    if most >= MANY {
        return skip(format!("not tried: more than {MANY} operations are allowed"));
    }
    // Nobody has these ids: whoever takes the request in deletes nobody.
    let delete =
        |index| json!({ "method": "DELETE", "path": format!("/Users/{}-{index}", world.tag) });
    let operations: Vec<Value> = (0..=most).map(delete).collect();
    let body = json!({ "schemas": [REQUEST], "Operations": operations });
    world.post("/Bulk", &body)?.refusal(&[413]).map(drop)
}
