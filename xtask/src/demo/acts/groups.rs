//! Groups that Okta makes: power comes by mapping alone, never by a name.

use anyhow::{Result, ensure};

use super::doors::operator;
use super::members::{current, named};
use crate::demo::answer::text;
use crate::demo::cast::{CAROL, DAVE};
use crate::demo::okta::{self, App};
use crate::demo::stage::Stage;

const PUSHED: &str = "Contractors";

/// Looks for the name, creates the group, fills it; answers its id.
pub(super) fn push_new(stage: &mut Stage<'_>) -> Result<String> {
    let found = stage.send(&stage.app.group_by_name(PUSHED))?.list()?;
    ensure!(found.total == 0, "a group {PUSHED} is there already");
    let id = create(stage, PUSHED)?;
    fill(stage, &id, PUSHED, &[CAROL, DAVE])?;
    let there = current(stage, &id)?.len();
    ensure!(there == 2, "two members were pushed, and {there} are in the group");
    stage.expect_access(DAVE, true, &[])?;
    let again = stage.send(&okta::create_group(PUSHED))?;
    stage.note(again.refused(409, Some("uniqueness"))?);
    Ok(id)
}

/// An operator gives the group a meaning; its members have the role at once.
pub(super) fn map(stage: &mut Stage<'_>, group: &str) -> Result<()> {
    operator(stage)?.map(group, "developer")?;
    stage.operator_did(&format!("group map --group {PUSHED} --role developer"));
    stage.expect_access(CAROL, true, &["case-reviewer", "developer"])?;
    stage.expect_access(DAVE, true, &["developer"])
}

/// The name of a role is free once its home group was renamed, and taking it gives nothing. (Z2)
pub(super) fn named_like_a_role(stage: &mut Stage<'_>) -> Result<()> {
    let id = create(stage, "Admin")?;
    fill(stage, &id, "Admin", &[CAROL])?;
    stage.expect_access(CAROL, true, &["case-reviewer", "developer"])?;
    stage.send(&okta::delete_group(&id))?.expect(&[204])?;
    Ok(())
}

/// "Delete the group in the target app": the group goes, its people stay.
pub(super) fn delete(stage: &mut Stage<'_>, group: &str) -> Result<()> {
    stage.send(&okta::delete_group(group))?.expect(&[204])?;
    let gone = stage.send(&okta::group(group))?;
    stage.note(gone.refused(404, None)?);
    stage.expect_access(CAROL, true, &["case-reviewer"])?;
    stage.expect_access(DAVE, true, &[])?;
    let dave = super::people::read(stage, &stage.cast.id(DAVE)?)?;
    ensure!(dave["active"] == true, "a user was deactivated along with a group");
    Ok(())
}

fn create(stage: &Stage<'_>, name: &str) -> Result<String> {
    let answer = stage.send(&okta::create_group(name))?;
    let group = answer.created()?;
    ensure!(text(group, "/displayName") == name, "the group's name came back changed");
    Ok(text(group, "/id").to_owned())
}

/// What either client sends right after it has created a group.
fn fill(stage: &Stage<'_>, id: &str, name: &str, people: &[usize]) -> Result<()> {
    let members = people.iter().map(|person| named(stage, *person)).collect::<Result<Vec<_>>>()?;
    let requests = match stage.app {
        App::CustomSaml => [okta::put_group(id, name, &[]), okta::put_group(id, name, &members)],
        App::Template => [okta::rename_group(id, name), okta::change_members(id, &[], &members)],
    };
    for request in requests {
        stage.send(&request)?.expect(&[200, 204])?;
    }
    Ok(())
}
