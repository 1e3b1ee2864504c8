//! Pushing memberships, the one thing that changes what people may do.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::links::{Linked, of};
use crate::demo::answer::{members, text};
use crate::demo::cast::{ALICE, BOB, CAROL, DAVE};
use crate::demo::okta::{self, App};
use crate::demo::stage::Stage;

/// Nobody has this id; Okta knows such users when somebody deleted them here behind its back.
const UNKNOWN: &str = "0199aaaa-0000-7000-8000-00000000dead";

/// The first members, and what each may do by it.
pub(super) fn push(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    change(stage, of(linked, "admin")?, &[ALICE], &[])?;
    stage.expect_access(ALICE, true, &["admin"])?;
    change(stage, of(linked, "analyst")?, &[BOB], &[])?;
    stage.expect_access(BOB, true, &["analyst"])?;
    if let Ok(reviewers) = of(linked, "case-reviewer") {
        change(stage, reviewers, &[CAROL], &[])?;
        stage.expect_access(CAROL, true, &["case-reviewer"])?;
    }
    let user = super::people::read(stage, &stage.cast.id(ALICE)?)?;
    let admins = of(linked, "admin")?;
    ensure!(text(&user, "/groups/0/value") == admins.id, "the user does not show her group");
    Ok(())
}

/// Out of one group, into another.
pub(super) fn move_bob(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    change(stage, of(linked, "analyst")?, &[], &[BOB])?;
    stage.expect_access(BOB, true, &[])?;
    change(stage, of(linked, "developer")?, &[BOB], &[])?;
    stage.expect_access(BOB, true, &["developer"])
}

/// The whole membership at once, of a group and of an empty one; one member is unknown, another's
/// `display` is null, and neither sinks the push.
pub(super) fn push_now(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    let admins = of(linked, "admin")?;
    let mut everybody = vec![named(stage, ALICE)?, okta::member(&stage.cast.id(DAVE)?, None)];
    everybody.push(okta::member(UNKNOWN, Some("gone@elsewhere.example")));
    replace(stage, admins, &everybody)?;
    stage.expect_access(ALICE, true, &["admin"])?;
    stage.expect_access(DAVE, true, &["admin"])?;
    let left = current(stage, &admins.id)?.len();
    ensure!(left == 2, "two members were known, and {left} are in the group");
    stage.note("of three members pushed, one is unknown here: the other two are in the group");
    let analysts = of(linked, "analyst")?;
    replace(stage, analysts, &[])?;
    let left = current(stage, &analysts.id)?.len();
    ensure!(left == 0, "an empty membership was pushed, and {left} are in the group");
    Ok(())
}

/// Taking one out leaves the others alone.
pub(super) fn remove(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    change(stage, of(linked, "admin")?, &[], &[DAVE])?;
    stage.expect_access(DAVE, true, &[])?;
    stage.expect_access(ALICE, true, &["admin"])
}

/// Adds and removes people the client's way: a rename and one PATCH, or a read and a PUT.
pub(super) fn change(
    stage: &Stage<'_>,
    group: &Linked,
    added: &[usize],
    removed: &[usize],
) -> Result<()> {
    stage.note(&format!("{}: {}", group.role.okta, changes(stage, added, removed)?));
    let added = added.iter().map(|person| named(stage, *person)).collect::<Result<Vec<_>>>()?;
    let removed =
        removed.iter().map(|person| stage.cast.id(*person)).collect::<Result<Vec<_>>>()?;
    match stage.app {
        App::CustomSaml => {
            let mut whole = current(stage, &group.id)?;
            whole.retain(|member| !removed.iter().any(|gone| text(member, "/value") == gone));
            whole.extend(added);
            stage.send(&okta::put_group(&group.id, group.role.okta, &whole))?.expect(&[200])?;
        }
        App::Template => {
            stage.send(&okta::rename_group(&group.id, group.role.okta))?.expect(&[200, 204])?;
            let request = okta::change_members(&group.id, &removed, &added);
            stage.send(&request)?.expect(&[200, 204])?;
        }
    }
    Ok(())
}

/// Who comes and who goes, for people.
fn changes(stage: &Stage<'_>, added: &[usize], removed: &[usize]) -> Result<String> {
    let signed = |sign: &str, people: &[usize]| {
        let shown = |person: &usize| Ok(format!("{sign} {}", stage.cast.person(*person)?.given));
        people.iter().map(shown).collect::<Result<Vec<_>>>()
    };
    Ok([signed("+", added)?, signed("−", removed)?].concat().join(", "))
}

/// Sets the whole membership the client's way.
fn replace(stage: &Stage<'_>, group: &Linked, whole: &[Value]) -> Result<()> {
    let request = match stage.app {
        App::CustomSaml => okta::put_group(&group.id, group.role.okta, whole),
        App::Template => okta::replace_members(&group.id, whole),
    };
    stage.send(&request)?.expect(&[200, 204])?;
    Ok(())
}

/// The members a group has now, as Okta reads them.
pub(super) fn current(stage: &Stage<'_>, group: &str) -> Result<Vec<Value>> {
    Ok(members(stage.send(&okta::group(group))?.expect(&[200])?.resource()?))
}

/// A member with the display that Okta sends.
pub(super) fn named(stage: &Stage<'_>, person: usize) -> Result<Value> {
    let id = stage.cast.id(person)?;
    Ok(okta::member(&id, Some(&stage.cast.person(person)?.user_name)))
}
