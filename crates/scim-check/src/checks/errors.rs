//! What is refused, and how.

use serde_json::json;

use super::table;
use crate::check::{Verdict, ensure};
use crate::client::{Authorization, Call};
use crate::world::{USER, World};

table! { Errors:
    "errors.unknown-id" Must "RFC 7644 §3.12"
        "an unknown id is a SCIM error 404 whose status is a string" => unknown_id;
    "errors.malformed-id" Must "RFC 7644 §3.12"
        "an id of any other shape is 404 too" => malformed_id;
    "errors.unknown-write" Must "RFC 7644 §3.12"
        "PUT, PATCH and DELETE of an unknown user are 404" => unknown_write;
    "errors.bad-token" Must "RFC 7644 §2"
        "a wrong token is 401" => bad_token;
    "errors.no-token" Must "RFC 7644 §2"
        "no token is 401" => no_token;
    "errors.challenge" Should "RFC 9110 §15.5.2"
        "a 401 is a SCIM error with WWW-Authenticate" => challenge;
    "errors.syntax" Must "RFC 7644 §3.12"
        "a body that is no JSON is a SCIM error 400" => syntax;
    "errors.syntax-type" Should "RFC 7644 §3.12"
        "a body that is no JSON is invalidSyntax" => syntax_type;
    "errors.required" Must "RFC 7643 §4.1.1"
        "a user without a userName is refused with 400" => required;
    "errors.wrong-type" Must "RFC 7643 §2.3"
        "a value of a wrong type is refused with 400" => wrong_type;
    "errors.endpoint" Should "RFC 7644 §3.12"
        "an unknown endpoint is a SCIM error 404" => endpoint;
    "errors.media-type" Should "RFC 7644 §8.1"
        "answers and errors are application/scim+json" => media_type;
}

/// A UUID that nobody was given.
const NOBODY: &str = "/Users/5c1f0a9e-7d1b-4f5e-8a63-0d6c3f1e2b47";

fn unknown_id(world: &mut World<'_>) -> Verdict {
    world.get(NOBODY)?.refusal(&[404])?.string("/detail").map(drop)
}

fn malformed_id(world: &mut World<'_>) -> Verdict {
    for id in ["0", "no-such-id", "010101001010101011001010101011", "%25"] {
        world.get(&format!("/Users/{id}"))?.refusal(&[404])?;
    }
    Ok(())
}

fn unknown_write(world: &mut World<'_>) -> Verdict {
    let body = world.a_user();
    world.put(NOBODY, &body)?.refusal(&[404])?;
    world.delete(NOBODY)?.refusal(&[404])?;
    if world.needs("patch").is_ok() {
        let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
        world.try_patch(NOBODY, &operations)?.refusal(&[404])?;
    }
    Ok(())
}

fn bad_token(world: &mut World<'_>) -> Verdict {
    let call = Call::new("GET", "/Users").query(&[("count", "1")]);
    world.send(&call.with(Authorization::Other("Bearer wrong-token")))?.status(&[401]).map(drop)
}

fn no_token(world: &mut World<'_>) -> Verdict {
    let call = Call::new("GET", "/Users").query(&[("count", "1")]);
    world.send(&call.with(Authorization::None))?.status(&[401]).map(drop)
}

fn challenge(world: &mut World<'_>) -> Verdict {
    let call = Call::new("GET", "/Users").with(Authorization::Other("Bearer wrong-token"));
    let answer = world.send(&call)?.refusal(&[401])?;
    if answer.header("www-authenticate").is_some() {
        return Ok(());
    }
    answer.wrong("expected a header WWW-Authenticate")
}

fn syntax(world: &mut World<'_>) -> Verdict {
    world.send(&Call::new("POST", "/Users").body("{\"userName\": "))?.refusal(&[400]).map(drop)
}

fn syntax_type(world: &mut World<'_>) -> Verdict {
    world
        .send(&Call::new("POST", "/Users").body("{\"userName\": "))?
        .refusal_of(400, "invalidSyntax")
}

fn required(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    if let Some(body) = body.as_object_mut() {
        body.remove("userName");
    }
    world.post("/Users", &body)?.refusal(&[400]).map(drop)
}

fn wrong_type(world: &mut World<'_>) -> Verdict {
    let mut body = world.a_user();
    body["name"] = json!("Ada");
    body["schemas"] = json!([USER]);
    world.post("/Users", &body)?.refusal(&[400]).map(drop)
}

fn endpoint(world: &mut World<'_>) -> Verdict {
    world.get("/NoSuchEndpoint")?.refusal(&[404]).map(drop)
}

fn media_type(world: &mut World<'_>) -> Verdict {
    for path in ["/ServiceProviderConfig", NOBODY] {
        let answer = world.get(path)?;
        let given = answer.header("content-type").unwrap_or_default().to_lowercase();
        ensure(given.starts_with("application/scim+json"), || {
            format!("GET {path}: expected application/scim+json, got {given:?}")
        })?;
    }
    Ok(())
}
