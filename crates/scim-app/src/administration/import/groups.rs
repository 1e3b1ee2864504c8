//! Groups, one at a time, with the members that each names.

use std::{collections::BTreeMap, sync::Arc};

use scim_domain::{
    FoldedText, GroupId, Json, ManagedBy, OrganizationId, Subject, Timestamp,
    group::Group,
    resource::{Document, document::Strictness, limits::MEMBERS},
    schema::Catalog,
    user::User,
};
use serde_json::json;
use uuid::Uuid;

use super::{GroupImport, ImportLine, ImportRun, Imported};
use crate::{
    Error,
    administration::Administration,
    catalogs,
    journal::{self, Entry},
    ports::{StoreError, UnitOfWork},
    provisioning::{Place, Pushed, Wish, push},
    reach::Reach,
};

/// How often a group is tried anew because others wrote it in this moment.
const ATTEMPTS: usize = 10;
/// Members that did not join, named in a report at most.
const NAMED: usize = 20;

/// What became of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedGroup {
    /// Of the line.
    pub outcome: Imported,
    /// How many members joined.
    pub joined: u64,
    /// How many of those that it names did not, because there is nobody of this id or name, or
    /// because groups cannot be members.
    pub left_out: u64,
    /// The first of those, as they are named.
    pub examples: Vec<String>,
}

impl ImportedGroup {
    fn of(outcome: Imported) -> Self {
        Self { outcome, joined: 0, left_out: 0, examples: Vec::new() }
    }
}

/// A member as a line names it.
enum Named {
    /// By an id.
    Id(Uuid),
    /// A user by its `userName`.
    User(String),
    /// A group by its `displayName`.
    Group(String),
    /// By nothing that could be looked up.
    Nothing(String),
}

/// Members of a line, looked up.
#[derive(Default)]
struct LookedUp {
    ids: Vec<Uuid>,
    /// How many groups, which earlier lines of a dry run would have made.
    expected: usize,
    /// Those that nobody is, as the line names them.
    unknown: Vec<String>,
}

/// What a line says of a group.
struct Said {
    name: FoldedText,
    document: Document,
    members: Vec<Named>,
}

/// A group in the unit that writes it.
struct Written {
    group: Group,
    before: Option<Group>,
    decision: scim_domain::Decision<()>,
    pushed: Pushed,
    /// How many more would join, if a dry run had made them.
    expected: usize,
    unknown: Vec<String>,
}

impl Administration {
    /// Takes in a group: makes it if nobody has its name, and lets the members join that it names,
    /// by `value` (an id), by `userName`, or, for groups in groups, by `displayName`. Nobody leaves,
    /// so a large group may come in several lines. Protected users join too.
    ///
    /// A new group is local and leads to no role. One that an identity provider manages is refused,
    /// unless it is already as the line says.
    ///
    /// A dry run tries each line by itself, and knows of the earlier ones which groups they make.
    pub async fn import_group(
        &self,
        organization: OrganizationId,
        line: &ImportLine,
        import: &mut GroupImport,
    ) -> Result<ImportedGroup, Error> {
        for _ in 0..ATTEMPTS {
            match self.import_group_unit(organization, line, import).await {
                Ok(done) => return Ok(done),
                Err(Error::Taken { .. } | Error::Store(StoreError::Stale)) => {}
                Err(error) => return refused(error),
            }
        }
        Err(Error::Store(StoreError::Stale))
    }

    async fn import_group_unit(
        &self,
        organization: OrganizationId,
        line: &ImportLine,
        import: &mut GroupImport,
    ) -> Result<ImportedGroup, Error> {
        let now = self.clock.now();
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let held = unit.organizations().hold(organization).await?;
        let catalog = catalogs::read(unit.read(), &held).await?;
        let reach = Reach::of(&held);
        let said = read(&catalog, &line.resource)?;
        let name = said.name.clone();
        let written = self.write_group(&mut *unit, reach, &catalog, said, import, now).await?;
        let mut done = written.told();
        match (import.run, &done.outcome) {
            // Nothing of it stays.
            (ImportRun::Dry, Imported::Created) => {
                drop(unit);
                if !import.foresee(&name) {
                    done.outcome = written.outcome_of_a_further_line();
                }
            }
            (ImportRun::Dry, Imported::Updated | Imported::Unchanged | Imported::Refused(_)) => {
                drop(unit);
            }
            (ImportRun::Real, Imported::Unchanged | Imported::Refused(_)) => {
                journal::conclude(unit).await?;
            }
            (ImportRun::Real, Imported::Created | Imported::Updated) => {
                self.commit_group(unit, reach, written).await?;
            }
        }
        Ok(done)
    }

    /// Writes group and members.
    async fn write_group(
        &self,
        unit: &mut dyn UnitOfWork,
        reach: Reach,
        catalog: &Catalog,
        said: Said,
        import: &GroupImport,
        now: Timestamp,
    ) -> Result<Written, Error> {
        let organization = reach.organization;
        let found = unit.read().groups().find_by_name(organization, &said.name).await?;
        let before = match found {
            Some(it) => unit.groups().find_for_update(organization, it.id).await?,
            None => None,
        };
        let before = before.map(|it| Group::from_stored(&catalog.group, &it)).transpose()?;
        let decision = if let Some(before) = &before {
            before.replace(before.document().with(&said.document), now)?
        } else {
            let decision = Group::record(GroupId::new(self.ids.next()), said.document, now)?;
            unit.groups().insert(organization, catalog, decision.outcome()).await?;
            decision
        };
        let group = decision.outcome().clone();
        let decision = decision.map(drop);
        let LookedUp { ids, expected, unknown } =
            look_up(unit, catalog, reach, said.members, import).await?;
        let place = Place::of(reach, group.id);
        let pushed = push(unit, place, Wish::all_join(ids), now).await?;
        let mut written = Written { group, before, decision, pushed, expected, unknown };
        if let Some(before) = written.before.as_ref().filter(|_| written.differs()) {
            local(before)?;
            if written.group.meta.version == before.meta.version {
                written.group = before.touched(now);
            }
            let version = before.meta.version;
            unit.groups().update(organization, catalog, &written.group, version).await?;
        }
        Ok(written)
    }

    async fn commit_group(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        reach: Reach,
        written: Written,
    ) -> Result<(), Error> {
        let Written { group, before, decision, pushed, .. } = written;
        let place = Place::of(reach, group.id);
        let renewed = !decision.events().is_empty();
        let decision = pushed.tell(&mut *unit, place, &group, decision).await?;
        let action = match (&before, renewed) {
            (None, _) => "group.created",
            (Some(_), true) => "group.updated",
            (Some(_), false) => "group.members_changed",
        };
        let mut detail = pushed.detail();
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("import".to_owned(), json!(true));
        }
        let entry = Entry { action, subject: Subject::Group(group.id), detail };
        Ok(self.journal(reach.organization).commit(unit, entry, decision).await?)
    }
}

impl Written {
    /// Whether an existing group is another one now.
    fn differs(&self) -> bool {
        self.joined() > 0
            || self.before.as_ref().is_some_and(|it| it.meta.version != self.group.meta.version)
    }

    fn outcome(&self) -> Imported {
        match &self.before {
            None => Imported::Created,
            Some(_) if self.differs() => Imported::Updated,
            Some(_) => Imported::Unchanged,
        }
    }

    /// Of a line about a group that an earlier line of a dry run makes.
    fn outcome_of_a_further_line(&self) -> Imported {
        if self.joined() > 0 { Imported::Updated } else { Imported::Unchanged }
    }

    fn joined(&self) -> usize {
        self.pushed.joined() + self.expected
    }

    fn told(&self) -> ImportedGroup {
        ImportedGroup {
            outcome: self.outcome(),
            joined: number(self.joined()),
            left_out: number(self.left_out().count()),
            examples: self.left_out().map(str::to_owned).take(NAMED).collect(),
        }
    }

    /// The members that did not join, as the line names them.
    fn left_out(&self) -> impl Iterator<Item = &str> {
        let skipped = self.pushed.skipped().map(|(value, _)| value);
        self.unknown.iter().map(String::as_str).chain(skipped)
    }
}

/// What is wrong with this line alone is its outcome; everything else ends the import.
fn refused(error: Error) -> Result<ImportedGroup, Error> {
    match error {
        Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_) => {
            Ok(ImportedGroup::of(Imported::Refused(error.to_string())))
        }
        Error::Unauthenticated(_)
        | Error::NotFound(_)
        | Error::Missing { .. }
        | Error::Taken { .. }
        | Error::PreconditionFailed
        | Error::Paused { .. }
        | Error::Busy
        | Error::Store(_)
        | Error::Defect(_) => Err(error),
    }
}

fn local(group: &Group) -> Result<(), Error> {
    match group.managed_by() {
        ManagedBy::Local => Ok(()),
        ManagedBy::IdentityProvider => Err(Error::Conflict(
            "An identity provider manages this group: change it there, or detach it first."
                .to_owned(),
        )),
    }
}

fn read(catalog: &Arc<Catalog>, resource: &Json) -> Result<Said, Error> {
    let mut resource = resource.clone();
    let members = match resource.take("members") {
        Some(Json::Array(all)) => all,
        None | Some(Json::Null) => Vec::new(),
        Some(one) => vec![one],
    };
    if members.len() > MEMBERS {
        let detail = format!("More than {MEMBERS} members: give the group in several lines.");
        return Err(Error::Conflict(detail));
    }
    let document = Document::from_request(&catalog.group, &resource, Strictness::Strict)?.document;
    let name = document.get("displayName").and_then(|it| it.as_text()).unwrap_or_default();
    let name = FoldedText::of_name("displayName", name)?;
    Ok(Said { name, document, members: members.iter().map(named).collect() })
}

fn named(member: &Json) -> Named {
    let text = |name: &str| member.get(name).and_then(Json::as_str).filter(|it| !it.is_empty());
    if let Some(name) = text("userName") {
        return Named::User(name.to_owned());
    }
    if let Some(name) = text("displayName") {
        return Named::Group(name.to_owned());
    }
    let value = text("value").or(member.as_str()).unwrap_or_default();
    match Uuid::parse_str(value) {
        Ok(id) => Named::Id(id),
        Err(_) => Named::Nothing(value.to_owned()),
    }
}

/// Looks all of them up: users in one statement, groups in another.
async fn look_up(
    unit: &mut dyn UnitOfWork,
    catalog: &Catalog,
    reach: Reach,
    members: Vec<Named>,
    import: &GroupImport,
) -> Result<LookedUp, Error> {
    let organization = reach.organization;
    let (mut found, mut users, mut groups) =
        (LookedUp::default(), BTreeMap::new(), BTreeMap::new());
    for member in members {
        let (named, attribute, name) = match member {
            Named::Id(id) => {
                found.ids.push(id);
                continue;
            }
            Named::Nothing(value) => {
                found.unknown.push(value);
                continue;
            }
            Named::User(name) => (&mut users, "userName", name),
            Named::Group(name) => (&mut groups, "displayName", name),
        };
        match FoldedText::of_name(attribute, &name) {
            Ok(key) => drop(named.insert(key, name)),
            Err(_) => found.unknown.push(name),
        }
    }
    let keys: Vec<_> = groups.keys().cloned().collect();
    for stored in unit.read().groups().find_by_names(organization, &keys).await? {
        let group = Group::from_stored(&catalog.group, &stored)?;
        groups.remove(group.display_name_key());
        found.ids.push(group.id.uuid());
    }
    if reach.nested {
        let named = groups.len();
        groups.retain(|key, _| !import.foresees(key));
        found.expected = named - groups.len();
    }
    let keys: Vec<_> = users.keys().cloned().collect();
    for stored in unit.read().users().find_by_names(organization, &keys).await? {
        let user = User::from_stored(&catalog.user, &stored)?;
        users.remove(user.user_name_key());
        found.ids.push(user.id.uuid());
    }
    found.unknown.extend(groups.into_values());
    found.unknown.extend(users.into_values());
    Ok(found)
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}
