//! Leaving and coming back.

use anyhow::{Result, ensure};
use serde_json::json;

use super::doors::operator;
use super::links::{Linked, of};
use super::members::current;
use super::people::{matched, merge, read};
use crate::demo::answer::text;
use crate::demo::cast::{ALICE, BOB};
use crate::demo::okta::{self, App};
use crate::demo::stage::Stage;

/// All access is gone; the user is still there to be found, in her groups.
pub(super) fn deactivate(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    let id = stage.cast.id(ALICE)?;
    set_active(stage, &id, false)?;
    stage.expect_access(ALICE, false, &[])?;
    let name = stage.cast.person(ALICE)?.user_name.clone();
    let found = matched(stage, &name)?;
    ensure!(found["active"] == false, "the user is not inactive");
    let admins = current(stage, &of(linked, "admin")?.id)?;
    let still = admins.iter().any(|member| text(member, "/value") == id);
    ensure!(still, "a deactivated user left her groups and could not come back to them");
    let again = stage.send(&okta::create_user(stage.cast.person(ALICE)?))?;
    stage.note(again.refused(409, Some("uniqueness"))?);
    Ok(())
}

/// The match finds the same id, and everything comes back with `active`.
pub(super) fn reactivate(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    let id = stage.cast.id(ALICE)?;
    let name = stage.cast.person(ALICE)?.user_name.clone();
    ensure!(text(&matched(stage, &name)?, "/id") == id, "the user has another id than before");
    set_active(stage, &id, true)?;
    let user = read(stage, &id)?;
    ensure!(user["active"] == true, "the user is still inactive");
    let admins = &of(linked, "admin")?.id;
    ensure!(text(&user, "/groups/0/value") == admins, "the user came back without her group");
    stage.expect_access(ALICE, true, &["admin"])
}

/// Without the plan nobody gets in anew, and everybody can still be put out. (Z5)
pub(super) fn without_plan(stage: &mut Stage<'_>) -> Result<()> {
    operator(stage)?.set_plan("starter")?;
    stage.operator_did("organization set-plan --plan starter");
    stage.expect_access(ALICE, true, &["admin"])?;
    let refused = stage.send(&okta::create_group("Latecomers"))?;
    stage.note(refused.refused(403, None)?);
    set_active(stage, &stage.cast.id(BOB)?, false)?;
    stage.expect_access(BOB, false, &[])?;
    operator(stage)?.set_plan("growth")?;
    stage.operator_did("organization set-plan --plan growth");
    Ok(())
}

/// Switches a user off or on the client's way.
fn set_active(stage: &Stage<'_>, id: &str, active: bool) -> Result<()> {
    let request = match stage.app {
        App::CustomSaml => {
            let mut user = read(stage, id)?;
            merge(&mut user, json!({ "active": active }))?;
            okta::put_user(id, user)
        }
        App::Template => okta::patch_active(id, active),
    };
    let answer = stage.send(&request)?;
    answer.expect(&[200, 204])?;
    if answer.status == 200 {
        let user = answer.resource()?;
        ensure!(text(user, "/id") == id, "another user was answered");
        ensure!(user["active"] == active, "the answer does not say active: {active}");
    }
    Ok(())
}
