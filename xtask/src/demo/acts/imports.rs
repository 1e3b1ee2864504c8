//! "Import Now": everything, page by page, Okta counting in its own steps of 100.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::demo::answer::text;
use crate::demo::okta::{self, PAGE, Request};
use crate::demo::stage::Stage;

/// The groups that a link can choose from: each role is there by its home group.
pub(super) fn home_groups(stage: &mut Stage<'_>) -> Result<()> {
    let groups = import(stage, okta::groups_page)?;
    let mut names: Vec<&str> = groups.iter().map(|group| text(group, "/displayName")).collect();
    names.sort_unstable();
    stage.note(&format!("{} groups: {}", names.len(), names.join(", ")));
    for role in super::links::roles(stage) {
        ensure!(names.contains(&role.name), "the role {} has no group to link", role.name);
    }
    for group in &groups {
        ensure!(group["members"].is_array(), "a group without a list of members imports as empty");
    }
    Ok(())
}

/// All users: nobody twice, nobody missing, each complete enough to import; a page past the end is
/// empty and no error.
pub(super) fn all_users(stage: &mut Stage<'_>) -> Result<()> {
    let users = import(stage, okta::users_page)?;
    let seen: HashSet<&str> = users.iter().map(|user| text(user, "/id")).collect();
    ensure!(seen.len() == users.len(), "the pages overlap: somebody was listed twice");
    let missing = stage.cast.ids().iter().filter(|id| !seen.contains(id.as_str())).count();
    ensure!(missing == 0, "{missing} users were created and are on no page");
    for user in &users {
        for member in ["/userName", "/name/givenName", "/name/familyName", "/emails/0/value"] {
            let id = text(user, "/id");
            ensure!(!text(user, member).is_empty(), "the user {id} has no {member} to import");
        }
        ensure!(user["active"].is_boolean(), "`active` of a user is no boolean");
    }
    let past = users.len() + PAGE;
    let page = stage.send(&okta::users_page(past))?.list()?;
    let right = page.per_page == 0 && page.total == users.len() as u64;
    ensure!(right, "a page past the end has {} of {} users", page.per_page, page.total);
    stage.note(&format!("{} users, each on exactly one page", users.len()));
    Ok(())
}

/// Asks for page after page until as many were asked for as there are in all.
pub(super) fn import(stage: &Stage<'_>, page: fn(usize) -> Request) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut start = 1;
    loop {
        let list = stage.send(&page(start))?.list()?;
        ensure!(list.start == start as u64, "page {start} says it starts at {}", list.start);
        all.extend(list.resources);
        start += PAGE;
        if start as u64 > list.total {
            let right = all.len() as u64 == list.total;
            ensure!(right, "{} of {} were on the pages", all.len(), list.total);
            return Ok(all);
        }
    }
}
