//! Groups, as an identity provider reads and writes them (RFC 7644 §3.3 to §3.6).

use std::sync::Arc;

use scim_domain::{
    Decision, GroupId, Json, Subject,
    group::{Group, StoredGroup},
    resource::{
        Document,
        document::Parsed,
        patch::{self, Operation},
    },
    schema::{Attribute, ResourceKind},
};
use serde_json::{Value, json};

use super::{
    Caller, GroupView, IfMatch, Members, Outcome, Provisioning, Session, Shown, limits,
    mapping_rules,
    membership::{self, Place, Pushed, Wish},
    outcome::{CREATED, UNCHANGED},
    plan::Reach,
};
use crate::{
    Error,
    journal::{self, Entry},
    ports::{Ahead, Snapshot, UniqueKey, UnitOfWork},
    quirks::Message,
    reach,
};

mod deletion;

impl Provisioning {
    /// One group (RFC 7644 §3.4.1). Its members are [`Members::Unread`] if they are more than are
    /// held in memory at once.
    pub async fn get_group(
        &self,
        session: &mut Session,
        id: &str,
        shown: Shown,
    ) -> Result<GroupView, Error> {
        let id = group_id(id)?;
        let organization = session.caller.organization();
        let found = session.snapshot.groups().find(organization, id).await?;
        let group = found.ok_or(Error::NotFound(ResourceKind::Group))?;
        let reach = session.caller.reaching();
        let members = self.members(reach, &mut *session.snapshot, id, shown).await?;
        Ok(GroupView { group, members })
    }

    /// The members of a group as the answer shows them.
    async fn members(
        &self,
        reach: reach::Reach,
        snapshot: &mut dyn Snapshot,
        group: GroupId,
        shown: Shown,
    ) -> Result<Members, Error> {
        if !shown.0 {
            return Ok(Members::Hidden);
        }
        let rows = reach.members_of(snapshot, &[group], self.members_at_once).await?;
        let all = rows.map(|rows| rows.into_iter().map(|(_, member)| member).collect());
        Ok(all.map_or(Members::Unread, Members::All))
    }

    /// Creates a group (RFC 7644 §3.3). It grants nothing until somebody maps it to a role, unless
    /// a mapping rule of the organization does.
    pub async fn create_group(
        &self,
        caller: Arc<Caller>,
        body: Json,
        shown: Shown,
    ) -> Result<Outcome<GroupView>, Error> {
        caller.full()?;
        caller.writes_groups()?;
        let request = read_group(&caller, body)?;
        let this = self.clone();
        super::to_its_end(async move || this.create_group_unit(&caller, request, shown).await).await
    }

    async fn create_group_unit(
        &self,
        caller: &Caller,
        request: GroupRequest,
        shown: Shown,
    ) -> Result<Outcome<GroupView>, Error> {
        let now = self.clock.now();
        let organization = caller.organization();
        let id = GroupId::new(self.ids.next());
        let decision = Group::create(id, request.parsed.document, now)?;
        let mut unit = self.begin(caller, Ahead::Nothing).await?;
        self.name_free(&mut *unit, caller, decision.outcome()).await?;
        unit.groups().insert(organization, &caller.catalog, decision.outcome()).await?;
        let mapped = mapping_rules::apply(&mut *unit, caller, decision.outcome(), now).await?;
        let roles = mapped.len();
        let decision = decision.and(mapped);
        let place = Place::of(caller.reaching(), id);
        let wish = Wish::set(request.members.unwrap_or_default());
        let pushed = membership::push(&mut *unit, place, wish, now).await?;
        let group = decision.outcome().clone();
        limits::check_push(caller, &mut *unit, place, &pushed.added).await?;
        let decision = pushed.tell(&mut *unit, place, &group, decision).await?;
        let mut notes = notes(caller, &pushed, &request.parsed.ignored);
        notes.extend(rules_note(roles));
        let stored = group.to_stored(caller.group_type());
        let entry = entry("group.created", id, &pushed, &request.parsed.ignored);
        self.journal(caller).commit(unit, entry, decision).await?;
        let members = match shown {
            Shown(true) => Members::All(pushed.added.into_members()),
            Shown(false) => Members::Hidden,
        };
        Ok(Outcome::new(GroupView { group: stored, members }, CREATED, notes))
    }

    /// Replaces a group (RFC 7644 §3.5.1). Missing `members` keep, an empty list empties.
    pub async fn replace_group(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
        body: Json,
        shown: Shown,
    ) -> Result<Outcome<GroupView>, Error> {
        let id = group_id(id)?;
        caller.writes_groups()?;
        let request = read_group(&caller, body)?;
        let this = self.clone();
        let write = async move || {
            let change = GroupChange::Replace(request);
            this.change_group(&caller, id, &if_match, change, Some(shown)).await
        };
        let outcome = super::to_its_end(write).await?;
        match outcome.value {
            Some(view) => Ok(Outcome { value: view, notes: outcome.notes }),
            None => Err(Error::Defect("a replaced group was not answered".to_owned())),
        }
    }

    /// Changes a group (RFC 7644 §3.5.2). With `answer` the group is read back, with as many
    /// members as are held in memory at once; without, the cost is that of the change.
    pub async fn patch_group(
        &self,
        caller: Arc<Caller>,
        id: &str,
        if_match: IfMatch,
        body: Json,
        answer: Option<Shown>,
    ) -> Result<Outcome<Option<GroupView>>, Error> {
        let id = group_id(id)?;
        caller.writes_groups()?;
        let body = caller.understood(caller.group_type(), Message::Patch, body);
        let change = GroupChange::Patch(patch::read_operations(&body)?);
        drop(body);
        let this = self.clone();
        super::to_its_end(async move || {
            this.change_group(&caller, id, &if_match, change, answer).await
        })
        .await
    }

    async fn change_group(
        &self,
        caller: &Caller,
        id: GroupId,
        if_match: &IfMatch,
        change: GroupChange,
        answer: Option<Shown>,
    ) -> Result<Outcome<Option<GroupView>>, Error> {
        let now = self.clock.now();
        let organization = caller.organization();
        let place = Place::of(caller.reaching(), id);
        let mut unit = self.begin(caller, Ahead::Group(id)).await?;
        let before = group(caller, unit.groups().find_for_update(organization, id).await?)?;
        if_match.check(before.meta.version)?;
        let (mut decision, mut wish, ignored) =
            self.decide_group(caller, &mut *unit, place, &before, change).await?;
        if caller.reach() == Reach::TakeAway {
            decision = Decision::quiet(before.clone());
            wish = self.only_leaving(caller, &mut *unit, place, wish).await?;
        }
        // A local group that an identity provider writes is the identity provider's from now on.
        let attaches = !before.written_over_scim && caller.reach() == Reach::Full;
        if attaches {
            let told = before.attached_event();
            decision = decision.map(|group| group.attached()).and([told]);
        }
        let pushed = match wish {
            Some(wish) => membership::push(&mut *unit, place, wish, now).await?,
            None => Pushed::default(),
        };
        let renamed = decision.outcome().meta.version != before.meta.version;
        if pushed.changed() && !renamed {
            decision = decision.map(|group| group.touched(now));
        }
        let group = decision.outcome().clone();
        if group.display_name_key() != before.display_name_key() {
            self.name_free(&mut *unit, caller, &group).await?;
        }
        if attaches || group.meta.version != before.meta.version {
            unit.groups()
                .update(organization, &caller.catalog, &group, before.meta.version)
                .await?;
        }
        limits::check_push(caller, &mut *unit, place, &pushed.added).await?;
        let decision = pushed.tell(&mut *unit, place, &group, decision).await?;
        let notes = notes(caller, &pushed, &ignored);
        let view = match answer {
            Some(shown) => {
                let members = self.members(place.reach(), unit.read(), id, shown).await?;
                Some(GroupView { group: group.to_stored(caller.group_type()), members })
            }
            None => None,
        };
        if !renamed && !attaches && pushed.is_silent() {
            // Nothing to write: an unchanged name repeated with every push must cost nothing.
            journal::conclude(unit).await?;
            return Ok(Outcome::new(view, UNCHANGED, notes));
        }
        let (action, done) = action(&before, &group, renamed, &pushed);
        let mut entry = entry(action, id, &pushed, &ignored);
        if let (true, Some(detail)) = (attaches, entry.detail.as_object_mut()) {
            detail.insert("attached".to_owned(), json!(true));
        }
        self.journal(caller).commit(unit, entry, decision).await?;
        Ok(Outcome::new(view, done, notes))
    }

    async fn decide_group(
        &self,
        caller: &Caller,
        unit: &mut dyn UnitOfWork,
        place: Place,
        before: &Group,
        change: GroupChange,
    ) -> Result<(Decision<Group>, Option<Wish>, Vec<String>), Error> {
        let now = self.clock.now();
        match change {
            GroupChange::Replace(request) => {
                let document = request.parsed.document;
                let document = document.in_place_of(before.document(), caller.group_type())?;
                let decision = before.replace(document, now)?;
                Ok((decision, request.members.map(Wish::set), request.parsed.ignored))
            }
            GroupChange::Patch(operations) => {
                let options = caller.patch_options();
                let decision = before.patch(caller.group_type(), &operations, options, now)?;
                let members = decision.outcome().members.clone();
                let ignored = decision.outcome().ignored.clone();
                let wish = if members.is_empty() {
                    None
                } else {
                    let attribute = members_attribute(caller)?;
                    Some(Wish::of_changes(unit, place, attribute, members).await?)
                };
                Ok((decision.map(|it| it.group), wish, ignored))
            }
        }
    }

    /// What remains of a push when the plan only lets access be taken away.
    async fn only_leaving(
        &self,
        caller: &Caller,
        unit: &mut dyn UnitOfWork,
        place: Place,
        wish: Option<Wish>,
    ) -> Result<Option<Wish>, Error> {
        let Some(wish) = wish else { return Err(caller.plan_refusal()) };
        if wish.takes_nothing_away() {
            return Err(caller.plan_refusal());
        }
        let members = membership::members(unit, place).await?;
        let wish = wish.without_joining(&members);
        if wish.takes_nothing_away() {
            return Err(caller.plan_refusal());
        }
        Ok(Some(wish))
    }

    /// Fails when another group has the name of this one; a group never clashes with itself.
    async fn name_free(
        &self,
        unit: &mut dyn UnitOfWork,
        caller: &Caller,
        group: &Group,
    ) -> Result<(), Error> {
        let organization = caller.organization();
        let key = group.display_name_key();
        let holder = unit.read().groups().find_by_name(organization, key).await?;
        let Some(holder) = holder.filter(|it| it.id != group.id) else { return Ok(()) };
        let mapped = unit.read().roles().mapped(organization, &[holder.id]).await?;
        let detail = if mapped.iter().any(|(_, role)| role.home) {
            "A group with this displayName already exists: it is the group of a role. Link your \
             group to it instead of pushing a new one."
        } else {
            "A group with this displayName already exists. Link your group to it, or rename one \
             of the two."
        };
        Err(Error::Taken { key: UniqueKey::GroupDisplayName, detail: detail.to_owned() })
    }
}

fn read_group(caller: &Caller, body: Json) -> Result<GroupRequest, Error> {
    let body = caller.understood(caller.group_type(), Message::Resource, body);
    let parsed = Document::from_request(caller.group_type(), &body, caller.key.strictness)?;
    let rows = parsed.rows.as_ref();
    let members = rows.map(|it| patch::read_rows("members", it)).transpose()?;
    Ok(GroupRequest { parsed: Parsed { rows: None, ..parsed }, members })
}

fn group(caller: &Caller, found: Option<StoredGroup>) -> Result<Group, Error> {
    let stored = found.ok_or(Error::NotFound(ResourceKind::Group))?;
    Ok(Group::from_stored(caller.group_type(), &stored)?)
}

fn members_attribute(caller: &Caller) -> Result<&Attribute, Error> {
    let members = caller.group_type().schema.attributes.iter().find(|it| it.in_rows);
    members.ok_or_else(|| Error::Defect("the Group schema has no members".to_owned()))
}

/// The body of POST or PUT.
#[derive(Clone)]
struct GroupRequest {
    parsed: Parsed,
    /// `None` when `members` is missing, which keeps them.
    members: Option<Vec<String>>,
}

/// A change of a group as a request asks for it.
#[derive(Clone)]
enum GroupChange {
    Replace(GroupRequest),
    Patch(Vec<Operation>),
}

fn group_id(text: &str) -> Result<GroupId, Error> {
    GroupId::parse(text).ok_or(Error::NotFound(ResourceKind::Group))
}

/// What became of the group: for the audit log, and as a phrase.
fn action(
    before: &Group,
    after: &Group,
    document_changed: bool,
    pushed: &Pushed,
) -> (&'static str, &'static str) {
    if after.display_name() != before.display_name() {
        ("group.renamed", "renamed")
    } else if document_changed {
        ("group.updated", "updated")
    } else if pushed.changed() {
        ("group.members_changed", "members changed")
    } else if after.written_over_scim != before.written_over_scim {
        ("group.attached", "taken over")
    } else {
        ("group.members_skipped", UNCHANGED)
    }
}

/// The phrase about roles that the new group leads to by mapping rules.
fn rules_note(roles: usize) -> Option<String> {
    match roles {
        0 => None,
        1 => Some("mapped to 1 role by a mapping rule".to_owned()),
        number => Some(format!("mapped to {number} roles by mapping rules")),
    }
}

fn notes(caller: &Caller, pushed: &Pushed, ignored: &[String]) -> Vec<String> {
    let mut notes = pushed.notes();
    notes.extend(caller.left_out(ignored));
    notes
}

fn entry(action: &'static str, id: GroupId, pushed: &Pushed, ignored: &[String]) -> Entry {
    let mut detail = pushed.detail();
    if let (Value::Object(detail), false) = (&mut detail, ignored.is_empty()) {
        detail.insert("ignored".to_owned(), json!(ignored));
    }
    Entry { action, subject: Subject::Group(id), detail }
}
