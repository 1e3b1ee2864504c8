//! Linking Okta groups to roles. There is no request for a link: Okta takes the id from the import
//! and renames the group; the role must stay with it.

use anyhow::{Context as _, Result, ensure};

use crate::demo::answer::{members, text};
use crate::demo::okta::{self, App};
use crate::demo::stage::Stage;

/// A role by the names it goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// The name of its home group before a link.
    pub(super) name: &'static str,
    /// Its key, which never changes.
    pub(super) key: &'static str,
    /// The name of the Okta group linked to it.
    pub(super) okta: &'static str,
}

const ROLES: [Role; 4] = [
    Role { name: "Admin", key: "admin", okta: "Okta Admins" },
    Role { name: "Analyst", key: "analyst", okta: "Okta Analysts" },
    Role { name: "Developer", key: "developer", okta: "Okta Engineering" },
    Role { name: "Case Reviewer", key: "case-reviewer", okta: "Okta Reviewers" },
];

/// The roles to link: the customer's own one is there only where the demo could create it.
pub(super) fn roles(stage: &Stage<'_>) -> &'static [Role] {
    if stage.operator.is_some() { &ROLES } else { ROLES.split_at(3).0 }
}

/// A group of ours that Okta knows by id and now calls by its own name.
#[derive(Clone, Debug)]
pub(super) struct Linked {
    /// The role it was the home group of when it was linked.
    pub(super) role: Role,
    /// The group's id.
    pub(super) id: String,
}

/// Refreshes the groups, and renames the home group of every role.
pub(super) fn link(stage: &mut Stage<'_>) -> Result<Vec<Linked>> {
    let groups = super::imports::import(stage, okta::groups_page)?;
    let mut chosen = Vec::new();
    for role in roles(stage) {
        let group = groups.iter().find(|group| text(group, "/displayName") == role.name);
        let group = group.with_context(|| format!("no group {} to link", role.name))?;
        // The story replaces memberships, and must never do so with somebody's real ones.
        let name = role.name;
        ensure!(members(group).is_empty(), "the group {name} has members: play elsewhere");
        chosen.push((role, text(group, "/id").to_owned()));
    }
    let mut linked = Vec::new();
    for (role, id) in chosen {
        rename(stage, &id, role.okta)?;
        stage.note(&format!("{} is now called {}", role.name, role.okta));
        linked.push(Linked { role: *role, id });
    }
    if let Some(operator) = &stage.operator {
        let keys = operator.roles()?;
        stage.effect(&format!("the roles are still [{}]", keys.join(", ")));
        let expected = ["admin", "analyst", "case-reviewer", "developer"];
        ensure!(keys == expected, "the roles should be {expected:?}");
    }
    Ok(linked)
}

/// Renames a group the client's way, twice, as Okta repeats it: the second time must be no conflict
/// with itself. Nobody leaves or joins by it.
pub(super) fn rename(stage: &Stage<'_>, id: &str, name: &str) -> Result<()> {
    let before = stage.send_quietly(&okta::group(id))?.expect(&[200])?.resource()?.clone();
    for _ in 0..2 {
        let request = match stage.app {
            App::CustomSaml => okta::put_group(id, name, &members(&before)),
            App::Template => okta::rename_group(id, name),
        };
        stage.send(&request)?.expect(&[200, 204])?;
    }
    let after = stage.send_quietly(&okta::group(id))?.expect(&[200])?.resource()?.clone();
    ensure!(text(&after, "/displayName") == name, "the group was not renamed to {name}");
    ensure!(members(&after) == members(&before), "renaming a group changed its members");
    Ok(())
}

/// The linked group of a role.
pub(super) fn of<'l>(linked: &'l [Linked], key: &str) -> Result<&'l Linked> {
    let found = linked.iter().find(|group| group.role.key == key);
    found.with_context(|| format!("no group is linked to the role {key}"))
}
