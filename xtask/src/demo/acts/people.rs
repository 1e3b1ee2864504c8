//! Matching, creating and updating users.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::demo::answer::{Answer, text};
use crate::demo::cast::{ALICE, CAROL};
use crate::demo::okta;
use crate::demo::stage::{Stage, milliseconds};

/// A miss is an empty list, never an error.
pub(super) fn match_nobody(stage: &mut Stage<'_>) -> Result<()> {
    let name = stage.cast.person(ALICE)?.user_name.clone();
    let found = stage.send(&stage.app.user_by_name(&name))?.list()?;
    ensure!(found.total == 0, "{name} is there already: give the demo an organization without it");
    Ok(())
}

/// Each user is looked for and then created, as Okta does; the first is shown, the others go by.
pub(super) fn create_all(stage: &mut Stage<'_>) -> Result<()> {
    let first = stage.send(&okta::create_user(stage.cast.person(0)?))?;
    let id = created(stage, 0, &first)?;
    stage.cast.created(id);
    stage.expect_access(0, true, &[])?;
    let bar = stage.progress(stage.cast.len());
    bar.inc(1);
    let mut times = Vec::new();
    for number in 1..stage.cast.len() {
        let person = stage.cast.person(number)?;
        let found = stage.send_quietly(&stage.app.user_by_name(&person.user_name))?.list()?;
        ensure!(found.total == 0, "{} is there before it was created", person.user_name);
        let answer = stage.send_quietly(&okta::create_user(person))?;
        let id = created(stage, number, &answer)?;
        stage.cast.created(id);
        times.push(answer.time);
        bar.inc(1);
    }
    bar.finish_and_clear();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(Duration::ZERO);
    stage.note(&format!(
        "and {} more, each looked for and created: half within {}, 99 of 100 within {}",
        times.len(),
        milliseconds(at(50)),
        milliseconds(at(99)),
    ));
    Ok(())
}

/// The resource of a create holds what was sent, letter by letter.
fn created(stage: &Stage<'_>, number: usize, answer: &Answer) -> Result<String> {
    let person = stage.cast.person(number)?;
    let user = answer.created()?;
    let display = person.display_name();
    let sent = [
        ("/userName", person.user_name.as_str()),
        ("/externalId", &person.okta_id),
        ("/name/givenName", person.given),
        ("/name/familyName", person.family),
        ("/displayName", &display),
        ("/emails/0/value", &person.user_name),
    ];
    for (member, value) in sent {
        let got = text(user, member);
        ensure!(got == value, "{member} was sent as `{value}` and came back as `{got}`");
    }
    ensure!(user["active"] == true, "a user was created inactive");
    Ok(text(user, "/id").to_owned())
}

/// What Okta gets when it has lost an answer: 409, and an administrator can read why.
pub(super) fn create_twice(stage: &mut Stage<'_>) -> Result<()> {
    let again = stage.send(&okta::create_user(stage.cast.person(ALICE)?))?;
    stage.note(again.refused(409, Some("uniqueness"))?);
    let total = stage.send(&okta::test_users())?.list()?.total;
    ensure!(total >= stage.cast.len() as u64, "users are gone after a refused create");
    Ok(())
}

/// A match answers the one user, by its name as it was sent.
pub(super) fn match_somebody(stage: &mut Stage<'_>) -> Result<()> {
    let name = stage.cast.person(ALICE)?.user_name.clone();
    for asked in [name.clone(), name.to_uppercase()] {
        let user = matched(stage, &asked)?;
        ensure!(text(&user, "/id") == stage.cast.id(ALICE)?, "another user than {asked} was found");
        ensure!(text(&user, "/userName") == name, "the name lost its capitals");
    }
    Ok(())
}

/// The one user a look-up finds.
pub(super) fn matched(stage: &Stage<'_>, name: &str) -> Result<Value> {
    let found = stage.send(&stage.app.user_by_name(name))?.list()?;
    ensure!(found.total == 1, "{} users are called {name}", found.total);
    found.resources.into_iter().next().context("the page with the one user is empty")
}

/// Both clients read, change and PUT the whole object: read-only members, empty values and all.
/// What was PUT back unchanged makes no new version.
pub(super) fn update_profile(stage: &mut Stage<'_>) -> Result<()> {
    let id = stage.cast.id(CAROL)?;
    let mut user = read(stage, &id)?;
    let changes = json!({
        "displayName": "Carol Berg-Okafor",
        "name": { "givenName": "Carol", "familyName": "Berg-Okafor" },
        "title": "Reviewer",
        "nickName": "",
        "profileUrl": null,
    });
    merge(&mut user, changes)?;
    let answer = stage.send(&okta::put_user(&id, user))?;
    let updated = answer.expect(&[200])?.resource()?.clone();
    ensure!(text(&updated, "/name/familyName") == "Berg-Okafor", "the name was not updated");
    ensure!(text(&updated, "/title") == "Reviewer", "the title was not added");
    ensure!(updated["active"] == true, "a PUT of a profile changed `active`");
    let answer = stage.send(&okta::put_user(&id, updated.clone()))?;
    let same = answer.expect(&[200])?.resource()?;
    ensure!(*same == updated, "a PUT of what was read changed the user");
    stage.note("the second PUT, of what the first answered, changed nothing");
    Ok(())
}

/// A user as Okta reads it before a PUT.
pub(super) fn read(stage: &Stage<'_>, id: &str) -> Result<Value> {
    Ok(stage.send(&okta::user(id))?.expect(&[200])?.resource()?.clone())
}

/// Puts top-level members over those of a resource.
pub(super) fn merge(resource: &mut Value, changes: Value) -> Result<()> {
    let members = resource.as_object_mut().context("a resource is no object")?;
    if let Value::Object(changes) = changes {
        members.extend(changes);
    }
    Ok(())
}
