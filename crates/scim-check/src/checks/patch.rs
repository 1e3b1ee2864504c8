//! Changing users in part.

use serde_json::{Value, json};

use super::table;
use crate::answer::Answer;
use crate::check::{Verdict, ensure};
use crate::world::{ENTERPRISE, World};

table! { Patch:
    "patch.path" Must "RFC 7644 §3.5.2.3"
        "replace with a path sets the attribute" => path;
    "patch.no-path" Must "RFC 7644 §3.5.2.3"
        "replace without a path sets each member of the value" => no_path;
    "patch.sub-attribute" Must "RFC 7644 §3.5.2"
        "a path into a complex attribute leaves its other members" => sub_attribute;
    "patch.value-path" Must "RFC 7644 §3.5.2.3"
        "a value path changes the values that match and no other" => value_path;
    "patch.add" Must "RFC 7644 §3.5.2.1"
        "add appends to a multi-valued attribute" => add;
    "patch.remove" Must "RFC 7644 §3.5.2.2"
        "remove takes an attribute away" => remove;
    "patch.remove-value" Must "RFC 7644 §3.5.2.2"
        "remove with a value path takes the values that match" => remove_value;
    "patch.case" Must "RFC 7643 §2.1"
        "attribute names count in any case" => case;
    "patch.urn" Must "RFC 7644 §3.10"
        "a path may begin with the schema's URN" => urn;
    "patch.order" Must "RFC 7644 §3.5.2"
        "operations are applied in their order" => order;
    "patch.atomic" Must "RFC 7644 §3.5.2"
        "if one operation is refused, none is applied" => atomic;
    "patch.read-only" Must "RFC 7644 §3.5.2"
        "a read-only attribute is refused as mutability" => read_only;
    "patch.invalid-path" Must "RFC 7644 §3.12"
        "a path that cannot be read is refused with 400" => invalid_path;
    "patch.no-target" Must "RFC 7644 §3.5.2.2"
        "remove without a path is refused with 400 noTarget" => no_target;
    "patch.required" Must "RFC 7644 §3.5.2.2"
        "a required attribute cannot be removed" => required;
    "patch.primary" Must "RFC 7644 §3.5.2"
        "a new primary value takes the place of the old one" => primary;
    "patch.op" Must "RFC 7644 §3.5.2"
        "an operation that is neither add, remove nor replace is refused with 400" => op;
    "patch.answer" Must "RFC 7644 §3.5.2"
        "a PATCH answers 200 with the user, or 204 with nothing" => answer;
    "patch.enterprise" Must "RFC 7644 §3.10"
        "an extension's attribute is set through its URN" => enterprise;
}

/// A complete user after these operations.
fn after(world: &mut World<'_>, operations: &Value) -> Verdict<Answer> {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    world.patched(&path, operations)
}

/// A complete user before and after operations that must be refused.
fn refused(world: &mut World<'_>, operations: &Value) -> Verdict<Answer> {
    world.needs("patch")?;
    let (path, _) = world.user()?;
    let before = world.get(&path)?.status(&[200])?;
    let answer = world.try_patch(&path, operations)?.refusal(&[400])?;
    let after = world.get(&path)?.status(&[200])?;
    for member in ["userName", "externalId", "displayName", "title"] {
        after.has(&format!("/{member}"), before.json[member].clone())?;
    }
    Ok(answer)
}

fn values(answer: &Answer) -> Vec<(&str, &str)> {
    let emails = answer.json["emails"].as_array().into_iter().flatten();
    let text = |value: &'_ Value| value.as_str().map(str::len).is_some();
    emails
        .filter(|it| text(&it["value"]))
        .map(|it| (it["type"].as_str().unwrap_or(""), it["value"].as_str().unwrap_or("")))
        .collect()
}

fn path(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "replace", "path": "title", "value": "Countess" }]);
    let answer = after(world, &operations)?;
    answer.has("/title", "Countess")?;
    answer.string("/userName").map(drop)
}

fn no_path(world: &mut World<'_>) -> Verdict {
    let value = json!({ "title": "Countess", "active": false });
    let answer = after(world, &json!([{ "op": "replace", "value": value }]))?;
    answer.has("/title", "Countess")?;
    answer.has("/active", false)?;
    answer.string("/externalId").map(drop)
}

fn sub_attribute(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "replace", "path": "name.familyName", "value": "King" }]);
    let answer = after(world, &operations)?;
    answer.has("/name/familyName", "King")?;
    answer.has("/name/givenName", "Ada")
}

fn value_path(world: &mut World<'_>) -> Verdict {
    let path = "emails[type eq \"work\"].value";
    let value = "changed@example.com";
    let answer = after(world, &json!([{ "op": "replace", "path": path, "value": value }]))?;
    let emails = values(&answer);
    let right = emails.contains(&("work", value))
        && emails.iter().any(|(kind, other)| *kind == "home" && *other != value);
    ensure(right, || format!("expected the work e-mail alone to change, got {emails:?}"))
}

fn add(world: &mut World<'_>) -> Verdict {
    let value = json!([{ "type": "other", "value": "third@example.com" }]);
    let answer = after(world, &json!([{ "op": "add", "path": "emails", "value": value }]))?;
    let emails = values(&answer);
    ensure(emails.len() == 3, || format!("expected three e-mails, got {emails:?}"))
}

fn remove(world: &mut World<'_>) -> Verdict {
    let answer = after(world, &json!([{ "op": "remove", "path": "title" }]))?;
    answer.has("/title", Value::Null)?;
    answer.string("/externalId").map(drop)
}

fn remove_value(world: &mut World<'_>) -> Verdict {
    let answer = after(world, &json!([{ "op": "remove", "path": "emails[type eq \"home\"]" }]))?;
    let emails = values(&answer);
    let right = emails.len() == 1 && emails.iter().all(|(kind, _)| *kind == "work");
    ensure(right, || format!("expected the work e-mail to be left, got {emails:?}"))
}

fn case(world: &mut World<'_>) -> Verdict {
    let operations = json!([
        { "op": "replace", "path": "TITLE", "value": "Countess" },
        { "op": "replace", "value": { "displayname": "Ada King" } },
        { "op": "replace", "path": "NAME.givenname", "value": "Augusta" },
    ]);
    let answer = after(world, &operations)?;
    answer.has("/title", "Countess")?;
    answer.has("/displayName", "Ada King")?;
    answer.has("/name/givenName", "Augusta")
}

fn urn(world: &mut World<'_>) -> Verdict {
    let path = "urn:ietf:params:scim:schemas:core:2.0:User:title";
    let operations = json!([{ "op": "replace", "path": path, "value": "Countess" }]);
    after(world, &operations)?.has("/title", "Countess")
}

fn order(world: &mut World<'_>) -> Verdict {
    let operations = json!([
        { "op": "remove", "path": "title" },
        { "op": "add", "path": "title", "value": "First" },
        { "op": "replace", "path": "title", "value": "Second" },
    ]);
    after(world, &operations)?.has("/title", "Second")
}

fn atomic(world: &mut World<'_>) -> Verdict {
    let operations = json!([
        { "op": "replace", "path": "externalId", "value": "half-done" },
        { "op": "replace", "path": "emails[type eq", "value": "x" },
    ]);
    refused(world, &operations).map(drop)
}

fn read_only(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "replace", "path": "id", "value": "another" }]);
    refused(world, &operations)?.has("/scimType", "mutability")
}

fn invalid_path(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "replace", "path": "emails[", "value": "x" }]);
    refused(world, &operations).map(drop)
}

fn no_target(world: &mut World<'_>) -> Verdict {
    refused(world, &json!([{ "op": "remove" }]))?.has("/scimType", "noTarget")
}

fn required(world: &mut World<'_>) -> Verdict {
    refused(world, &json!([{ "op": "remove", "path": "userName" }])).map(drop)
}

fn primary(world: &mut World<'_>) -> Verdict {
    let value = json!([{ "type": "other", "value": "third@example.com", "primary": true }]);
    let answer = after(world, &json!([{ "op": "add", "path": "emails", "value": value }]))?;
    let emails = answer.json["emails"].as_array().into_iter().flatten();
    let primary: Vec<_> = emails.filter(|it| it["primary"] == true).collect();
    let right = primary.len() == 1 && primary.iter().all(|it| it["value"] == value[0]["value"]);
    ensure(right, || format!("expected the new e-mail alone to be primary, got {primary:?}"))
}

fn op(world: &mut World<'_>) -> Verdict {
    let operations = json!([{ "op": "increment", "path": "externalId", "value": "another" }]);
    refused(world, &operations).map(drop)
}

fn answer(world: &mut World<'_>) -> Verdict {
    world.needs("patch")?;
    let (path, id) = world.user()?;
    let operations = json!([{ "op": "replace", "path": "title", "value": "Countess" }]);
    let answer = world.try_patch(&path, &operations)?.status(&[200, 204])?;
    if answer.status == 204 {
        return answer.has("", Value::Null);
    }
    answer.has("/id", id)?;
    answer.has("/title", "Countess")
}

fn enterprise(world: &mut World<'_>) -> Verdict {
    world.needs_enterprise()?;
    let path = format!("{ENTERPRISE}:department");
    let answer = after(world, &json!([{ "op": "add", "path": path, "value": "Engines" }]))?;
    answer.has(&format!("/{ENTERPRISE}/department"), "Engines")
}
