//! How keys are shown.

use scim_app::administration::{CreatedApiKey, ListedApiKey};
use scim_app::ports::{KeyUse, QuirkCount};
use scim_domain::Timestamp;
use scim_domain::api_key::{ApiKey, Permission, Section, Standing};
use scim_domain::role::RoleKey;
use serde_json::{Value, json};

use crate::output::{Answer, fields, table};

/// A new key with its token, this once.
pub fn created(created: &CreatedApiKey) -> Answer {
    let mut json = object(&created.key, Standing::Live);
    if let Value::Object(members) = &mut json {
        members.insert("token".to_owned(), json!(created.token.expose()));
    }
    let manages = created.key.permissions.iter().any(|it| *it != Permission::Scim);
    let text = format!(
        "{}\n\n{}\n\nThis token is shown only now. {}",
        fields(&described(&created.key, Standing::Live)),
        created.token.expose(),
        if manages {
            "Keep it where your program keeps its secrets."
        } else {
            "Enter it in your identity provider."
        },
    );
    Answer { json, text }
}

/// A key after a change.
pub fn key(key: &ApiKey, now: Timestamp) -> Answer {
    let standing = key.standing(now);
    Answer { json: object(key, standing), text: fields(&described(key, standing)) }
}

/// A key with its last use.
pub fn one(it: &ListedApiKey) -> Answer {
    let used = it.last_used.as_ref().map_or_else(String::new, |used| {
        let address = used.address.map(|it| it.to_string());
        let words = [Some(used.at.to_string()), address, used.agent.clone()];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let mut pairs = described(&it.key, it.standing);
    pairs.push(("last used", used));
    Answer { json: listed(it), text: fields(&pairs) }
}

/// What keys can be permitted, by section.
pub fn permissions() -> Answer {
    let of = |section: Section| {
        let all = Permission::ALL.iter().copied();
        all.filter(move |it| it.section() == section)
    };
    let json = Section::ALL.iter().map(|section| {
        let permissions: Vec<_> =
            of(*section).map(|it| json!({ "name": it.name(), "title": it.title() })).collect();
        json!({ "title": section.title(), "permissions": permissions })
    });
    let row = |section: Section| {
        of(section).map(move |it| {
            [section.title().to_owned(), it.name().to_owned(), it.title().to_owned()]
        })
    };
    let rows: Vec<_> = Section::ALL.iter().copied().flat_map(row).collect();
    Answer { json: json.collect(), text: table("", ["section", "permission", "meaning"], &rows) }
}

/// All keys of an organization.
pub fn list(keys: &[ListedApiKey]) -> Answer {
    let row = |it: &ListedApiKey| {
        let moment = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        [
            it.key.id.to_string(),
            it.key.name.clone(),
            names(&it.key).join(", "),
            state(it.standing).to_owned(),
            moment(it.key.expires),
            moment(it.last_used.as_ref().map(|used| used.at)),
        ]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    let head = ["id", "name", "permissions", "state", "expires", "last used"];
    let empty = "There are no keys yet: scimd api-key create";
    Answer { json: keys.iter().map(listed).collect(), text: table(empty, head, &rows) }
}

/// What the requests of keys showed beside the standard.
pub fn quirks(counts: &[QuirkCount]) -> Answer {
    let row = |it: &QuirkCount| {
        [
            it.api_key.to_string(),
            it.requests.to_string(),
            it.last.to_string(),
            it.quirk.sentence().to_owned(),
        ]
    };
    let rows: Vec<_> = counts.iter().map(row).collect();
    let object = |it: &QuirkCount| {
        json!({
            "apiKey": it.api_key.to_string(),
            "quirk": it.quirk.name(),
            "meaning": it.quirk.sentence(),
            "requests": it.requests,
            "last": it.last.to_string(),
            "lastRequestId": it.last_request_id,
        })
    };
    let head = ["key", "requests", "last", "what they showed"];
    let empty = "Everything was as the standard has it, so far.";
    Answer { json: counts.iter().map(object).collect(), text: table(empty, head, &rows) }
}

fn listed(it: &ListedApiKey) -> Value {
    let mut json = object(&it.key, it.standing);
    let used = |used: &KeyUse| {
        let address = used.address.map(|address| address.to_string());
        json!({ "at": used.at.to_string(), "address": address, "agent": used.agent })
    };
    if let Value::Object(members) = &mut json {
        members.insert("lastUsed".to_owned(), it.last_used.as_ref().map_or(Value::Null, used));
    }
    json
}

fn object(key: &ApiKey, standing: Standing) -> Value {
    json!({
        "id": key.id.to_string(),
        // An operator key is of no organization in particular.
        "organization": (!key.is_operator()).then(|| key.organization.to_string()),
        "name": key.name,
        "description": key.description,
        "permissions": names(key),
        "strictness": key.strictness.name(),
        "allowedAddresses": key.addresses.names(),
        "limits": {
            "usersOnly": key.limits.users_only,
            "deniedRoles": key.limits.denied_roles.iter().map(RoleKey::as_str).collect::<Vec<_>>(),
        },
        "state": state(standing),
        "created": key.created.to_string(),
        "expires": key.expires.map(|at| at.to_string()),
        "revoked": key.revoked.map(|at| at.to_string()),
        "connection": key.connection.to_string(),
        "successor": key.successor.map(|it| it.to_string()),
    })
}

fn described(key: &ApiKey, standing: Standing) -> Vec<(&'static str, String)> {
    let expires = key.expires.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let from = key.addresses.names().join(", ");
    let from = if from.is_empty() { "anywhere".to_owned() } else { from };
    vec![
        ("id", key.id.to_string()),
        ("name", key.name.clone()),
        ("description", key.description.clone()),
        ("permissions", names(key).join(", ")),
        ("strictness", key.strictness.name().to_owned()),
        ("allowed from", from),
        ("limits", limits(key)),
        ("state", state(standing).to_owned()),
        ("created", key.created.to_string()),
        ("expires", expires),
        ("connection", key.connection.to_string()),
        ("replaced by", key.successor.map(|it| it.to_string()).unwrap_or_default()),
    ]
}

fn limits(key: &ApiKey) -> String {
    let users = key.limits.users_only.then(|| "users only".to_owned());
    let denied = key.limits.denied_roles.iter().map(|it| format!("not {it}"));
    users.into_iter().chain(denied).collect::<Vec<_>>().join(", ")
}

fn names(key: &ApiKey) -> Vec<&'static str> {
    key.permissions.iter().map(|it| it.name()).collect()
}

fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Live => "live",
        Standing::Revoked => "revoked",
        Standing::Expired => "expired",
    }
}
