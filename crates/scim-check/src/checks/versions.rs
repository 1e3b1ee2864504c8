//! `ETag` and its conditions.

use serde_json::json;

use super::table;
use crate::check::{Verdict, ensure};
use crate::client::Call;
use crate::world::World;

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
        "If-Match with another version is 412 and changes nothing" => mismatch;
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

/// Gives a user another title by PUT.
fn retitle(world: &mut World<'_>, path: &str, title: &str, version: Option<&str>) -> Verdict<u16> {
    let mut body = world.get(path)?.status(&[200])?.json;
    body["title"] = json!(title);
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
    retitle(world, &path, "Countess", None)?;
    let answer = world.get(&path)?.status(&[200])?;
    let after = answer.header("etag").unwrap_or_default();
    ensure(after != before, || format!("the ETag is still {before}"))
}

fn not_modified(world: &mut World<'_>) -> Verdict {
    let (path, etag) = versioned(world)?;
    world.send(&Call::new("GET", &path).header("If-None-Match", &etag))?.status(&[304])?;
    let other = Call::new("GET", &path).header("If-None-Match", "W/\"no-such-version\"");
    world.send(&other)?.status(&[200]).map(drop)
}

fn matching(world: &mut World<'_>) -> Verdict {
    let (path, etag) = versioned(world)?;
    let status = retitle(world, &path, "Countess", Some(&etag))?;
    ensure(status == 200, || format!("expected 200, got {status}"))
}

fn mismatch(world: &mut World<'_>) -> Verdict {
    let (path, _) = versioned(world)?;
    let status = retitle(world, &path, "Countess", Some("W/\"no-such-version\""))?;
    ensure(status == 412, || format!("expected 412, got {status}"))?;
    world.get(&path)?.status(&[200])?.has("/title", "Engineer")
}
