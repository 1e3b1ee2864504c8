//! What a server offers, and what is skipped where it does not.

use serde_json::Value;

use super::{ENTERPRISE, GROUP, World};
use crate::answer::{Answer, short};
use crate::check::{Verdict, skip};

/// What a server may leave out of its users (RFC 7643 §4.1), of what the checks send.
const OPTIONAL: [&str; 6] = ["name", "displayName", "nickName", "title", "emails", "active"];

impl World<'_> {
    /// Skips unless `ServiceProviderConfig` offers a feature. Where there is none, what identity
    /// providers rely on is tried all the same.
    pub(crate) fn needs(&self, feature: &str) -> Verdict {
        let relied_on = self.config["schemas"].is_null() && matches!(feature, "patch" | "filter");
        if relied_on || self.config[feature]["supported"] == true {
            return Ok(());
        }
        skip(format!("not offered: ServiceProviderConfig has no {feature}.supported = true"))
    }

    /// Skips where a text, such as a path or a filter, names an attribute of users that the
    /// server does not offer.
    pub(crate) fn needs_attributes(&self, text: &str) -> Verdict {
        for word in text.split(|letter: char| !letter.is_ascii_alphanumeric()) {
            let known = OPTIONAL.iter().find(|name| name.eq_ignore_ascii_case(word));
            if let Some(name) = known.filter(|name| !self.offers(name)) {
                return skip(format!("not offered: the schema of users has no {name}"));
            }
        }
        Ok(())
    }

    /// Whether users may have an attribute; where no schema says it, they may.
    fn offers(&self, attribute: &str) -> bool {
        self.attributes.is_empty()
            || !OPTIONAL.contains(&attribute)
            || self.attributes.contains(&attribute.to_lowercase())
    }

    /// A user without what the server does not offer.
    pub(super) fn offered(&self, mut user: Value) -> Value {
        if let Some(members) = user.as_object_mut() {
            members.retain(|name, _| self.offers(name));
        }
        user
    }

    /// Skips where groups are not offered.
    pub(crate) fn needs_groups(&self) -> Verdict {
        let groups = |kind: &Value| kind["schema"] == GROUP || kind["name"] == "Group";
        if self.types.is_empty() || self.types.iter().any(groups) {
            return Ok(());
        }
        skip("not offered: ResourceTypes has no Group")
    }

    /// Skips where the enterprise extension is not offered.
    pub(crate) fn needs_enterprise(&self) -> Verdict {
        let extended = |kind: &Value| {
            let extensions = kind["schemaExtensions"].as_array();
            extensions.is_some_and(|all| all.iter().any(|it| it["schema"] == ENTERPRISE))
        };
        if self.types.iter().any(extended) {
            return Ok(());
        }
        skip("not offered: no resource type has the enterprise extension")
    }
}

/// Skips where a server says of a filter that it does not offer it, which it may (RFC 7644 §3.12).
pub(crate) fn filter_offered(answer: Answer) -> Verdict<Answer> {
    if answer.status == 400 && answer.json["scimType"] == "invalidFilter" {
        let said = answer.json["detail"].as_str().unwrap_or("invalidFilter");
        return skip(format!("not offered: the filter is refused ({})", short(said)));
    }
    Ok(answer)
}

/// Why a server does not do at all what is checked.
pub(crate) fn not_there(answer: Answer, what: &str) -> Verdict<Answer> {
    match answer.status {
        404 | 405 | 501 => skip(format!("not offered: {what} answers {}", answer.status)),
        _ => Ok(answer),
    }
}
