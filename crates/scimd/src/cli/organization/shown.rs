//! An organization as the commands show it.

use scim_app::administration::Seats;
use scim_domain::Timestamp;
use scim_domain::organization::{Organization, Plan, Scim};
use serde_json::{Value, json};

use crate::output::{Answer, fields};

/// One organization; `seats` where it has a limit.
pub(super) fn answer(it: &Organization, seats: Option<Seats>, now: Timestamp) -> Answer {
    let mut json = object(it, now);
    if let Some(object) = json.as_object_mut() {
        object.insert("seatsUsed".to_owned(), json!(seats.map(|it| it.used)));
    }
    let taken = seats.map(|it| format!("{} of {} taken", it.used, it.limit));
    let mut lines = vec![
        ("id", it.id.to_string()),
        ("name", it.name.clone()),
        ("state", state(it, now).to_owned()),
        ("plan", it.plan.name().to_owned()),
        ("SCIM", scim(it).to_owned()),
        ("seats", taken.unwrap_or_else(|| "no limit".to_owned())),
        ("nested groups", nested(it.nested_groups).to_owned()),
        ("mapping rules", if it.mapping_rules { "on" } else { "off" }.to_owned()),
        ("entitlements", it.entitlements.name().to_owned()),
        ("NameID is compared with", it.name_id_attribute.name().to_owned()),
        ("created", it.created.to_string()),
    ];
    if let Some(at) = it.disabled {
        lines.push(("disabled since", at.to_string()));
    }
    if let Some(deletion) = it.deletion {
        lines.push(("deleted", deletion.at.to_string()));
        lines.push(("erased after", deletion.purge.to_string()));
    }
    if let Some(pause) = it.paused(now) {
        let until = pause.until.map_or_else(|| "it is resumed".to_owned(), |at| at.to_string());
        lines.push(("paused until", until));
    }
    Answer { json, text: fields(&lines) }
}

/// The same for programs, without what must be counted.
pub(super) fn object(it: &Organization, now: Timestamp) -> Value {
    let time = |at: Timestamp| at.to_string();
    let users = match it.scim {
        Scim::On => None,
        Scim::Off(users) => Some(users.name()),
    };
    json!({
        "id": it.id.to_string(),
        "name": it.name,
        "plan": it.plan.name(),
        "nestedGroups": it.nested_groups,
        "mappingRules": it.mapping_rules,
        "entitlements": it.entitlements.name(),
        "nameIdAttribute": it.name_id_attribute.name(),
        "created": it.created.to_string(),
        "seatLimit": it.seat_limit.seats(),
        "disabled": it.disabled.map(time),
        "deletion": it.deletion.map(|it| json!({ "at": time(it.at), "purge": time(it.purge) })),
        "scim": {
            "on": it.scim.is_on(),
            "users": users,
            "pause": it.paused(now).map(|it| json!({
                "since": time(it.since),
                "until": it.until.map(time),
            })),
        },
    })
}

/// What matters most about it, in a word.
pub(super) fn state(it: &Organization, now: Timestamp) -> &'static str {
    if it.deletion.is_some() {
        "deleted"
    } else if it.disabled.is_some() {
        "disabled"
    } else if !it.scim.is_on() {
        "SCIM off"
    } else if it.paused(now).is_some() {
        "SCIM paused"
    } else {
        "active"
    }
}

fn nested(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "refused" }
}

fn scim(it: &Organization) -> &'static str {
    match (it.plan, it.scim) {
        (Plan::Starter, _) => "not in this plan",
        (Plan::Growth | Plan::Enterprise, Scim::On) => "included",
        (Plan::Growth | Plan::Enterprise, Scim::Off(_)) => "switched off",
    }
}
