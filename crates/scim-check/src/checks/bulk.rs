//! Several operations in one request.

use serde_json::json;

use super::table;
use crate::check::Verdict;
use crate::client::encoded;
use crate::world::World;

table! { Bulk:
    "bulk.create" Must "RFC 7644 §3.7"
        "an operation says its status as a string and where the user is" => create;
}

fn create(world: &mut World<'_>) -> Verdict {
    world.needs("bulk")?;
    let data = world.a_user();
    let operation = json!({ "method": "POST", "path": "/Users", "bulkId": "one", "data": data });
    let urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    let body = json!({ "schemas": [urn], "Operations": [operation] });
    let answer = world.post("/Bulk", &body)?.status(&[200])?;
    // Whatever the location says, the end of the run finds and deletes the user by its name.
    answer.has("/Operations/0/status", "201")?;
    answer.has("/Operations/0/bulkId", "one")?;
    let location = answer.string("/Operations/0/location")?;
    let id = location.rsplit('/').next().unwrap_or_default();
    let path = format!("/Users/{}", encoded(id));
    world.get(&path)?.status(&[200])?.has("/userName", data["userName"].clone())?;
    world.delete(&path)?.status(&[204]).map(drop)
}
