//! What a server says about itself.

use serde_json::{Value, json};

use super::table;
use crate::answer::shown;
use crate::check::{Verdict, ensure, fail};
use crate::client::encoded;
use crate::world::{USER, World};

table! { Discovery:
    "discovery.configuration" Must "RFC 7643 §5"
        "ServiceProviderConfig says of every feature whether it is supported" => configuration;
    "discovery.limits" Must "RFC 7643 §5"
        "ServiceProviderConfig names the limits of lists and of bulk" => limits;
    "discovery.resource-types" Must "RFC 7643 §6"
        "ResourceTypes lists User with endpoint and schema" => resource_types;
    "discovery.resource-type" Must "RFC 7644 §4"
        "each resource type is found by its id" => resource_type;
    "discovery.schemas" Must "RFC 7643 §7"
        "Schemas lists attributes with name, type and multiValued, at every depth" => schemas;
    "discovery.schemas-complete" Must "RFC 7643 §6"
        "every schema that a resource type names is in Schemas" => schemas_complete;
    "discovery.schema" Must "RFC 7644 §4"
        "a schema is found by its URN" => schema;
    "discovery.user-name" Must "RFC 7643 §4.1.1"
        "userName is published as required and unique on the server" => user_name;
    "discovery.no-writes" Should "RFC 7644 §4"
        "discovery refuses writes with 405" => no_writes;
    "discovery.no-filter" Should "RFC 7644 §4"
        "discovery refuses a filter with 403" => no_filter;
}

fn configuration(world: &mut World<'_>) -> Verdict {
    let answer = world.get("/ServiceProviderConfig")?.status(&[200])?;
    answer.speaks("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig")?;
    for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        let supported = &answer.json[feature]["supported"];
        if !supported.is_boolean() {
            return answer.wrong(format!(
                "expected {feature}.supported to be true or false, got {}",
                shown(supported)
            ));
        }
    }
    let schemes = &answer.json["authenticationSchemes"];
    if schemes.is_array() { Ok(()) } else { answer.wrong("expected a list authenticationSchemes") }
}

fn limits(world: &mut World<'_>) -> Verdict {
    let answer = world.get("/ServiceProviderConfig")?.status(&[200])?;
    for pointer in ["/bulk/maxOperations", "/bulk/maxPayloadSize", "/filter/maxResults"] {
        let got = answer.at(pointer);
        if !got.is_u64() {
            return answer.wrong(format!("expected a number at {pointer}, got {}", shown(got)));
        }
    }
    Ok(())
}

fn resource_types(world: &mut World<'_>) -> Verdict {
    let answer = world.get("/ResourceTypes")?.status(&[200])?;
    let types = answer.resources()?;
    let Some(user) = types.iter().find(|it| it["name"] == "User") else {
        return answer.wrong("expected a resource type User");
    };
    ensure(user["schema"] == USER, || format!("expected {USER}, got {}", shown(&user["schema"])))?;
    let whole = |it: &&Value| it["endpoint"].is_string() && it["schema"].is_string();
    match types.iter().find(|it| !whole(it)) {
        Some(it) => answer.wrong(format!("no endpoint or schema in {}", shown(it))),
        None => Ok(()),
    }
}

fn resource_type(world: &mut World<'_>) -> Verdict {
    let ids = world.types().iter().filter_map(|it| it["id"].as_str().or(it["name"].as_str()));
    let ids: Vec<String> = ids.map(ToOwned::to_owned).collect();
    ensure(!ids.is_empty(), || "expected ResourceTypes to list any".to_owned())?;
    for id in ids {
        let answer = world.get(&format!("/ResourceTypes/{}", encoded(&id)))?.status(&[200])?;
        if answer.json["id"] != *id && answer.json["name"] != *id {
            return answer.wrong(format!("expected the type {id}, got {}", shown(&answer.json)));
        }
    }
    Ok(())
}

fn schemas(world: &mut World<'_>) -> Verdict {
    let answer = world.get("/Schemas")?.status(&[200])?;
    let listed = answer.resources()?;
    ensure(!listed.is_empty(), || "expected Schemas to list any".to_owned())?;
    for schema in listed {
        let Some(id) = schema["id"].as_str() else {
            return answer.wrong(format!("a schema without an id: {}", shown(schema)));
        };
        attributes(id, &schema["attributes"])?;
    }
    Ok(())
}

fn attributes(of: &str, list: &Value) -> Verdict {
    const TYPES: [&str; 8] =
        ["string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"];
    let Some(list) = list.as_array() else {
        return fail(format!("expected {of} to have a list of attributes"));
    };
    for attribute in list {
        let Some(name) = attribute["name"].as_str() else {
            return fail(format!("an attribute of {of} has no name"));
        };
        let name = format!("{of}:{name}");
        let kind = attribute["type"].as_str().unwrap_or_default();
        ensure(TYPES.contains(&kind), || format!("{name}: {kind:?} is no type"))?;
        ensure(attribute["multiValued"].is_boolean(), || format!("{name} has no multiValued"))?;
        if kind == "complex" {
            attributes(&name, &attribute["subAttributes"])?;
        }
    }
    Ok(())
}

fn schemas_complete(world: &mut World<'_>) -> Verdict {
    let answer = world.get("/Schemas")?.status(&[200])?;
    let listed = answer.resources()?;
    for kind in world.types() {
        let extensions = kind["schemaExtensions"].as_array().into_iter().flatten();
        let named = extensions.map(|it| &it["schema"]).chain([&kind["schema"]]);
        for urn in named {
            if !listed.iter().any(|it| it["id"] == *urn) {
                return answer.wrong(format!("{} is not listed", shown(urn)));
            }
        }
    }
    Ok(())
}

fn schema(world: &mut World<'_>) -> Verdict {
    world.get(&format!("/Schemas/{USER}"))?.status(&[200])?.has("/id", USER)
}

fn user_name(world: &mut World<'_>) -> Verdict {
    let answer = world.get(&format!("/Schemas/{USER}"))?.status(&[200])?;
    let attributes = answer.json["attributes"].as_array();
    let found = attributes.and_then(|all| all.iter().find(|it| it["name"] == "userName"));
    let Some(user_name) = found else { return answer.wrong("there is no userName") };
    let (required, unique) = (&user_name["required"], &user_name["uniqueness"]);
    ensure(*required == true && (*unique == "server" || *unique == "global"), || {
        format!("expected required and unique, got {} and {}", shown(required), shown(unique))
    })
}

fn no_writes(world: &mut World<'_>) -> Verdict {
    // Nothing in this body could be made of it, wherever it is taken in.
    let body = json!({ "schemas": [] });
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        world.post(path, &body)?.status(&[405])?;
    }
    Ok(())
}

fn no_filter(world: &mut World<'_>) -> Verdict {
    for path in ["/ResourceTypes", "/Schemas"] {
        world.list(path, &[("filter", "id eq \"User\"")])?.status(&[403])?;
    }
    Ok(())
}
