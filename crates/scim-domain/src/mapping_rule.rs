//! Rules by which a group that an identity provider creates leads to a role at once.

use serde_json::{Value, json};

use crate::{
    Event, EventKind, FoldedText, GroupId, MappingRuleId, RoleId, Subject, Timestamp,
    invalid::Invalid, organization::label, role::RoleKey,
};

#[cfg(test)]
mod tests;

/// Rules of an organization, at most: all of them are looked at when a group is created.
pub const MOST_RULES: usize = 200;

/// How the name of a rule is compared with that of a group. There are no patterns: what a rule
/// means must be plain to whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The whole name.
    Exact,
    /// Its beginning.
    Prefix,
}

impl Matching {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Exact, Self::Prefix];

    /// By the name that CLI, API and database use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI, API and database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
        }
    }
}

/// A name, and how it is compared: folded, as all names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    matching: Matching,
    name: String,
    key: FoldedText,
}

impl NamePattern {
    /// A pattern of a name of 1 to 200 characters that a group could have.
    ///
    /// Refuses a prefix that ends with a blank: blanks at the ends of names are not compared, so
    /// it would match more than it says.
    pub fn new(matching: Matching, name: &str) -> Result<Self, Invalid> {
        if matching == Matching::Prefix
            && name.ends_with(char::is_whitespace)
            && !name.trim().is_empty()
        {
            return Err(Invalid::value(format!(
                "The prefix \"{}\" ends with a blank, and blanks at the end are not compared: it \
                 would match every name that begins with \"{}\". Leave the blank out if that is \
                 what you mean, or end the prefix with a hyphen or another character.",
                name.trim_start(),
                name.trim()
            )));
        }
        let name = label("name of the mapping rule", name)?;
        let key = FoldedText::of_name("name", &name)?;
        Ok(Self { matching, name, key })
    }

    /// A pattern from the store.
    pub fn read(matching: Matching, name: String) -> Self {
        let key = FoldedText::of(&name);
        Self { matching, name, key }
    }

    /// How it is compared.
    pub const fn matching(&self) -> Matching {
        self.matching
    }

    /// The name, as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name, folded.
    pub const fn key(&self) -> &FoldedText {
        &self.key
    }

    /// Whether a folded `displayName` matches.
    pub fn matches(&self, display_name: &FoldedText) -> bool {
        match self.matching {
            Matching::Exact => *display_name == self.key,
            Matching::Prefix => display_name.as_str().starts_with(self.key.as_str()),
        }
    }

    /// The SCIM filter that finds the groups that match.
    pub fn filter(&self) -> String {
        let operator = match self.matching {
            Matching::Exact => "eq",
            Matching::Prefix => "sw",
        };
        format!("displayName {operator} {}", Value::from(self.name.as_str()))
    }
}

/// A rule: groups of such a name lead to a role from the moment an identity provider creates them.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingRule {
    /// Its id.
    pub id: MappingRuleId,
    /// Which groups.
    pub pattern: NamePattern,
    /// To which role.
    pub role: RoleId,
    /// When it was made.
    pub created: Timestamp,
}

impl MappingRule {
    /// What the audit log and events say of it. `role` is the key of its role.
    pub fn facts(&self, role: &RoleKey) -> Value {
        json!({
            "id": self.id.to_string(),
            "matching": self.pattern.matching().name(),
            "name": self.pattern.name(),
            "role": role.as_str(),
        })
    }

    /// The event of what became of the rule itself.
    pub fn event(&self, kind: EventKind, role: &RoleKey) -> Event {
        Event::new(kind, Subject::MappingRule(self.id), self.facts(role))
    }

    /// The event that a group leads to the role by this rule.
    pub fn mapped(&self, group: GroupId, role: &RoleKey) -> Event {
        let data = json!({ "role": role.as_str(), "rule": self.facts(role) });
        Event::new(EventKind::GroupMapped, Subject::Group(group), data)
    }
}
