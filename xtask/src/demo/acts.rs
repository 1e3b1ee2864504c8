//! The acts of the story, in Okta's order.

mod doors;
mod groups;
mod imports;
mod life;
mod links;
mod members;
mod people;
mod tidy;

use anyhow::Result;

use super::stage::Stage;

/// Plays everything for one of Okta's clients.
///
/// # Errors
/// Names the step that was not answered as Okta needs it.
pub fn play(stage: &mut Stage<'_>) -> Result<()> {
    if stage.operator.is_some() {
        stage.step("Refused without the permission", doors::without_permission)?;
        stage.step("Refused on a plan below Growth", doors::below_growth)?;
    }
    stage.step("Test connector configuration", doors::test_connector)?;
    stage.step("Import groups: every role has its home group", imports::home_groups)?;
    stage.step("Match: nobody is there yet", people::match_nobody)?;
    stage.step("Create users", people::create_all)?;
    stage.step("Create again: refused, and nothing changes", people::create_twice)?;
    stage.step("Match: found, whatever the case", people::match_somebody)?;
    stage.step("Import users, page by page", imports::all_users)?;
    stage.step("Update a profile: read, then PUT what was read", people::update_profile)?;
    let linked = stage.step("Link groups to the roles by renaming", links::link)?;
    stage.step("Push memberships", |stage| members::push(stage, &linked))?;
    stage.step("Move somebody to another group", |stage| members::move_bob(stage, &linked))?;
    stage.step("Push now: the whole membership", |stage| members::push_now(stage, &linked))?;
    stage.step("Remove a member", |stage| members::remove(stage, &linked))?;
    let pushed = stage.step("Push a new group: it grants nothing", groups::push_new)?;
    if stage.operator.is_some() {
        stage.step("Map the pushed group to a role", |stage| groups::map(stage, &pushed))?;
    }
    stage.step("A group named like a role grants nothing", groups::named_like_a_role)?;
    stage.step("Deactivate", |stage| life::deactivate(stage, &linked))?;
    stage.step("Reactivate: same id, same groups", |stage| life::reactivate(stage, &linked))?;
    stage.step("Delete the pushed group", |stage| groups::delete(stage, &pushed))?;
    if stage.operator.is_some() {
        stage.step("The plan is lost: access can still be taken away", life::without_plan)?;
        stage.step("The key loses its permission at once", doors::permission_taken)
    } else {
        stage.step("Tidy up", |stage| tidy::everything(stage, &linked))
    }
}
