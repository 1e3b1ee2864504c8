//! `ETag` and its conditions.

use serde_json::json;

use super::table;
use crate::check::{Verdict, ensure};
use crate::client::Call;
use crate::world::{PATCH, World};

table! { Versions:
    "versions.etag" Must "RFC 7644 §3.14"
        "a user has an ETag that is its meta.version" => etag;
    "versions.changes" Must "RFC 7644 §3.14"
        "a change gives another version" => changes;
    "versions.not-modified" Must "RFC 7644 §3.14"
        "If-None-Match with the current version is 304" => not_modified;
    "versions.match" Must "RFC 7644 §3.14"
        "If-Match with the current version lets a write through" => matching;
    "versions.mismatch" Must "RFC 7644 §3.14"
        "PUT with another version in If-Match is 412 and changes nothing" => mismatch;
    "versions.mismatch-patch" Must "RFC 7644 §3.14"
        "PATCH with another version in If-Match is 412 and changes nothing" => mismatch_patch;
    "versions.mismatch-delete" Must "RFC 7644 §3.14"
        "DELETE with another version in If-Match is 412 and deletes nothing" => mismatch_delete;
}

/// A user's path and version.
fn versioned(world: &mut World<'_>) -> Verdict<(String, String)> {
    world.needs("etag")?;
    let (path, _) = world.user()?;
    let answer = world.get(&path)?.status(&[200])?;
    match answer.header("etag") {
        Some(etag) => Ok((path, etag.to_owned())),
        None => answer.wrong("expected a header ETag"),
    }
}

/// Gives a user another externalId by PUT.
fn rename(
    world: &mut World<'_>,
    path: &str,
    external: &str,
    version: Option<&str>,
) -> Verdict<u16> {
    let mut body = world.get(path)?.status(&[200])?.json;
    body["externalId"] = json!(external);
    let call = Call::new("PUT", path).body(&body);
    let call = match version {
        Some(version) => call.header("If-Match", version),
        None => call,
    };
    world.send(&call)?.status(&[200, 412]).map(|answer| answer.status)
}

fn etag(world: &mut World<'_>) -> Verdict {
    let (path, etag) = versioned(world)?;
    world.get(&path)?.status(&[200])?.has("/meta/version", etag)
}

fn changes(world: &mut World<'_>) -> Verdict {
    let (path, before) = versioned(world)?;
    rename(world, &path, "another", None)?;
    let answer = world.get(&path)?.status(&[200])?;
    let after = answer.header("etag").unwrap_or_default();
    ensure(after != before, || format!("the ETag is still {before}"))
}

fn not_modified(world: &mut World<'_>) -> Verdict {
    let (path, etag) = versioned(world)?;
    world.send(&Call::new("GET", &path).header("If-None-Match", &etag))?.status(&[304])?;
    let other = Call::new("GET", &path).header("If-None-Match", OTHER);
    world.send(&other)?.status(&[200]).map(drop)
}

fn matching(world: &mut World<'_>) -> Verdict {
    let (path, etag) = versioned(world)?;
    let status = rename(world, &path, "another", Some(&etag))?;
    ensure(status == 200, || format!("expected 200, got {status}"))
}

/// No user has this version.
const OTHER: &str = "W/\"no-such-version\"";

fn mismatch(world: &mut World<'_>) -> Verdict {
    let (path, _) = versioned(world)?;
    let before = world.get(&path)?.json["externalId"].take();
    let status = rename(world, &path, "another", Some(OTHER))?;
    ensure(status == 412, || format!("PUT with If-Match: expected 412, got {status}"))?;
    world.get(&path)?.status(&[200])?.has("/externalId", before)
}

fn mismatch_patch(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, _) = versioned(world)?;
    let before = world.get(&path)?.json["externalId"].take();
    let operation = json!({ "op": "replace", "path": "externalId", "value": "another" });
    let body = json!({ "schemas": [PATCH], "Operations": [operation] });
    let call = Call::new("PATCH", &path).body(&body).header("If-Match", OTHER);
    world.send(&call)?.status(&[412])?;
    world.get(&path)?.status(&[200])?.has("/externalId", before)
}

fn mismatch_delete(world: &mut World<'_>) -> Verdict {
    let (path, _) = versioned(world)?;
    world.send(&Call::new("DELETE", &path).header("If-Match", OTHER))?.status(&[412])?;
    world.get(&path)?.status(&[200]).map(drop)
}
