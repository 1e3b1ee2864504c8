//! Roles of the backend, and the groups that lead to them.

use std::{collections::HashSet, fmt};

use crate::{
    GroupId, RoleId, Timestamp, access::Via, fold::FoldedText, invalid::Invalid,
    organization::label,
};

mod resource;
#[cfg(test)]
mod tests;

/// A role's key: a slug of its first name, unique in the organization, never changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey(String);

impl RoleKey {
    /// The slug of a name: ASCII letters and digits in lower case, everything else a hyphen.
    /// A name without any gives `role`.
    pub fn of_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in FoldedText::of(name).as_str().chars() {
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "role".to_owned() } else { slug.to_owned() })
    }

    /// The next key to try when this one is taken: `name-2`, `name-3`, …
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// A key from the store or from a caller who names a role.
    pub fn read(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the backend lets somebody do. scimd hands the permissions through and knows no meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its key.
    pub key: RoleKey,
    /// Its name, for people; unique among roles when folded.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What the backend grants with it.
    pub permissions: Vec<String>,
    /// Whether it came with the organization and cannot be deleted.
    pub built_in: bool,
    /// Whether each grant and the loss of the last holder are told on their own.
    pub privileged: bool,
    /// The group made with it. Its mapping to the role cannot be taken away.
    pub home_group: GroupId,
    /// When it was created.
    pub created: Timestamp,
}

/// The roles every organization starts with: name, description, whether privileged.
pub const BUILT_IN: &[(&str, &str, bool)] = &[
    ("Admin", "Manages the organization: users, roles, keys and settings", true),
    ("Analyst", "Reviews inquiries, reports and cases", false),
    ("Developer", "Works with API keys, webhooks and templates", false),
];

/// Roles of an organization, at most: the list of them is not paged.
pub const MOST_ROLES: usize = 500;
/// Permissions of a role, at most.
pub const MOST_PERMISSIONS: usize = 500;
/// Characters of a permission, at most.
pub const LONGEST_PERMISSION: usize = 200;
/// Characters of a description, at most.
pub const LONGEST_DESCRIPTION: usize = 1_000;

impl Role {
    /// The role at the end of a way.
    pub fn reached(&self, via: Via) -> MappedRole {
        MappedRole {
            id: self.id,
            key: self.key.clone(),
            name: self.name.clone(),
            privileged: self.privileged,
            home: via == Via::Group(self.home_group),
        }
    }

    /// A role's name: a label that also folds to something.
    pub fn name(text: &str) -> Result<(String, FoldedText), Invalid> {
        let name = label("name of the role", text)?;
        let key = FoldedText::of_name("name", &name)?;
        Ok((name, key))
    }

    /// What a role is for: trimmed, at most 1,000 characters, without control characters but for
    /// the ends of lines; may be empty.
    pub fn description(text: &str) -> Result<String, Invalid> {
        let text = text.trim();
        let unfit = |it: char| it.is_control() && it != '\n';
        if text.chars().count() > LONGEST_DESCRIPTION || text.chars().any(unfit) {
            return Err(Invalid::value(format!(
                "The description of a role must have at most {LONGEST_DESCRIPTION} characters and \
                 no control characters but the ends of lines."
            )));
        }
        Ok(text.to_owned())
    }

    /// What the backend grants with a role: each once, in the order given, without blanks around
    /// them. They are handed through as they are, so all that is asked of them is that they can be
    /// told apart by whoever reads them: at most 500, of 1 to 200 characters, without control,
    /// invisible and unassigned ones.
    pub fn permissions(texts: &[String]) -> Result<Vec<String>, Invalid> {
        let mut permissions: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for text in texts.iter().map(|it| it.trim()) {
            if text.is_empty() {
                return Err(Invalid::value("A permission must not be empty: leave it out."));
            }
            FoldedText::of_name("permissions", text)?;
            if text.chars().count() > LONGEST_PERMISSION {
                return Err(Invalid::value(format!(
                    "A permission must have at most {LONGEST_PERMISSION} characters."
                )));
            }
            if seen.insert(text) {
                permissions.push(text.to_owned());
            }
        }
        if permissions.len() > MOST_PERMISSIONS {
            return Err(Invalid::value(format!(
                "A role must have at most {MOST_PERMISSIONS} permissions."
            )));
        }
        Ok(permissions)
    }
}

/// What the values of a user's `roles` name: roles of the organization, each once, and the values
/// that name none. A value names the role of its key, compared folded.
pub fn named<'r, 'v>(
    roles: &'r [Role],
    values: impl Iterator<Item = &'v str>,
) -> (Vec<&'r Role>, Vec<&'v str>) {
    let (mut known, mut unknown): (Vec<&Role>, _) = (Vec::new(), Vec::new());
    for value in values {
        let folded = FoldedText::of(value);
        match roles.iter().find(|it| FoldedText::of(it.key.as_str()) == folded) {
            Some(role) if known.iter().any(|it| it.id == role.id) => {}
            Some(role) => known.push(role),
            None => unknown.push(value),
        }
    }
    (known, unknown)
}

/// The name of a role's home group: the role's own, or where that is taken `Admin (role)`,
/// `Admin (role 2)`, and so on. `attempt` counts from 0.
pub fn home_group_name(role: &str, attempt: u32) -> String {
    match attempt {
        0 => role.to_owned(),
        1 => format!("{role} (role)"),
        _ => format!("{role} (role {attempt})"),
    }
}

/// A role as far as a way to it needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRole {
    /// The role.
    pub id: RoleId,
    /// Its key.
    pub key: RoleKey,
    /// Its name.
    pub name: String,
    /// Whether it is privileged.
    pub privileged: bool,
    /// Whether the way is its home group.
    pub home: bool,
}
