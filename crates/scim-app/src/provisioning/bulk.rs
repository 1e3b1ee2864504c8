//! Many operations in one request (RFC 7644 §3.7). Each is a unit of work of its own, carried out
//! by the use case that serves the same request when it comes alone: what holds there holds here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use scim_domain::{Json, schema::ResourceKind};

mod circle;
mod order;
mod references;

use self::{
    order::{Step, order},
    references::Ids,
};
use super::{Caller, IfMatch, Provisioning, Shown};
use crate::Error;

/// Answers to operations show nothing of the resource but id and version.
const NOTHING: Shown = Shown(false);

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The name that the client gave to what a create makes; unique in the request. Operations
    /// refer to it as `bulkId:` and this.
    pub bulk_id: Option<String>,
    /// What is asked for.
    pub task: Task,
}

/// What an operation asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// POST: make a resource.
    Create {
        /// Of which kind.
        kind: ResourceKind,
        /// Out of what.
        data: Json,
    },
    /// PUT, PATCH or DELETE.
    Change {
        /// The kind of the resource.
        kind: ResourceKind,
        /// Its id, or `bulkId:` and the name of one that the same request makes.
        at: String,
        /// The version it must have.
        if_match: IfMatch,
        /// What becomes of it.
        change: Change,
    },
    /// The adapter has refused it. It counts as failed, and so does whatever refers to it.
    Refused,
}

/// What becomes of a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// PUT.
    Replace(Json),
    /// PATCH.
    Patch(Json),
    /// DELETE.
    Delete,
}

/// What became of an operation.
#[derive(Debug)]
pub enum Carried {
    /// It was carried out.
    Done {
        /// The resource.
        id: String,
        /// Its version, unless it was deleted.
        version: Option<u64>,
    },
    /// Nothing of it was applied.
    Failed {
        /// The resource it was about, where there is one.
        id: Option<String>,
        /// Why.
        error: Error,
    },
    /// The adapter had refused it.
    Refused,
}

impl Carried {
    /// Whether it was carried out.
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    const fn failed(error: Error) -> Self {
        Self::Failed { id: None, error }
    }
}

/// The resource of a create.
struct Made {
    id: String,
    /// The version in which we left it.
    version: u64,
    /// Whether it is new, and not a user that sign-in had made and that was adopted.
    new: bool,
}

impl Provisioning {
    /// Carries out the operations of a request, in its order, except that what an operation refers
    /// to is made before it, and that operations that refer to each other in a circle are made
    /// together: all of them or none.
    ///
    /// With `fail_on_errors`, nothing is begun any more after so many failures. Answered are the
    /// operations that were begun, by their places in the request. A reference to a name that
    /// nothing in the request has is `invalidValue`, one to an operation that failed a conflict
    /// (RFC 7644 §3.7.1).
    pub async fn bulk(
        &self,
        caller: &Arc<Caller>,
        operations: Vec<Operation>,
        fail_on_errors: Option<u64>,
    ) -> BTreeMap<usize, Carried> {
        let steps = order(&needs(&operations));
        let names = operations.iter().filter_map(created);
        let mut ids = Ids::of(names.map(|(name, _)| name));
        let mut waiting: BTreeMap<_, _> = operations.into_iter().enumerate().collect();
        let mut carried = BTreeMap::new();
        let mut failures = 0;
        for step in steps {
            if fail_on_errors.is_some_and(|most| failures >= most) {
                break;
            }
            let done = match step {
                Step::One(at) => match waiting.remove(&at) {
                    Some(it) => vec![(at, it.bulk_id, self.one(caller, it.task, &ids).await)],
                    None => Vec::new(),
                },
                Step::Circle(all) => {
                    let all = all.into_iter().filter_map(|at| Some((at, waiting.remove(&at)?)));
                    self.circle(caller, all.collect(), &ids).await
                }
            };
            for (at, bulk_id, what) in done {
                match (&what, bulk_id) {
                    (Carried::Done { id, .. }, Some(name)) => ids.made(&name, id),
                    (Carried::Done { .. }, None) => {}
                    (Carried::Failed { .. } | Carried::Refused, _) => failures += 1,
                }
                carried.insert(at, what);
            }
        }
        carried
    }

    async fn one(&self, caller: &Arc<Caller>, task: Task, ids: &Ids) -> Carried {
        match task {
            Task::Create { kind, mut data } => match ids.fill(&mut data) {
                Ok(()) => match self.create(caller, kind, data).await {
                    Ok(made) => Carried::Done { id: made.id, version: Some(made.version) },
                    Err(error) => Carried::failed(error),
                },
                Err(error) => Carried::failed(error),
            },
            Task::Change { kind, at, if_match, change } => {
                let id = match ids.resolve(&at) {
                    Ok(id) => id,
                    Err(error) => return Carried::failed(error),
                };
                match self.change(caller, kind, &id, if_match, change, ids).await {
                    Ok(version) => Carried::Done { id, version },
                    Err(error) => Carried::Failed { id: Some(id), error },
                }
            }
            Task::Refused => Carried::Refused,
        }
    }

    async fn create(
        &self,
        caller: &Arc<Caller>,
        kind: ResourceKind,
        data: Json,
    ) -> Result<Made, Error> {
        let caller = Arc::clone(caller);
        Ok(match kind {
            ResourceKind::User => {
                let made = self.create_user(caller, data, NOTHING).await?;
                let (new, user) = (made.made_new(), made.value.user);
                Made { id: user.id.to_string(), version: user.meta.version, new }
            }
            ResourceKind::Group => {
                let made = self.create_group(caller, data, NOTHING).await?;
                let (new, group) = (made.made_new(), made.value.group);
                Made { id: group.id.to_string(), version: group.meta.version, new }
            }
        })
    }

    /// Answers the version afterwards.
    async fn change(
        &self,
        caller: &Arc<Caller>,
        kind: ResourceKind,
        id: &str,
        if_match: IfMatch,
        mut change: Change,
        ids: &Ids,
    ) -> Result<Option<u64>, Error> {
        match &mut change {
            Change::Replace(data) => ids.fill(data)?,
            Change::Patch(data) => ids.fill_patch(data)?,
            Change::Delete => {}
        }
        let caller = Arc::clone(caller);
        let version = match (kind, change) {
            (ResourceKind::User, Change::Replace(data)) => {
                let put = self.replace_user(caller, id, if_match, data, NOTHING).await?;
                Some(put.value.user.meta.version)
            }
            (ResourceKind::User, Change::Patch(data)) => {
                let patched = self.patch_user(caller, id, if_match, data, NOTHING).await?;
                Some(patched.value.user.meta.version)
            }
            (ResourceKind::Group, Change::Replace(data)) => {
                let put = self.replace_group(caller, id, if_match, data, NOTHING).await?;
                Some(put.value.group.meta.version)
            }
            (ResourceKind::Group, Change::Patch(data)) => {
                let patched = self.patch_group(caller, id, if_match, data, Some(NOTHING)).await?;
                patched.value.map(|it| it.group.meta.version)
            }
            (ResourceKind::User, Change::Delete) => {
                self.delete_user(caller, id, if_match).await?;
                None
            }
            (ResourceKind::Group, Change::Delete) => {
                self.delete_group(caller, id, if_match).await?;
                None
            }
        };
        Ok(version)
    }
}

/// The name and the data of a create.
fn created(operation: &Operation) -> Option<(&str, &Json)> {
    match (&operation.bulk_id, &operation.task) {
        (Some(name), Task::Create { data, .. }) => Some((name, data)),
        // What was refused is known by its name: whatever refers to it fails for that reason.
        (Some(name), Task::Refused) => Some((name, &Json::Null)),
        (_, Task::Create { .. } | Task::Change { .. } | Task::Refused) => None,
    }
}

/// Which operations come before each: those that make what it refers to, and the one before it on
/// the same resource, since their order is part of what the client means.
fn needs(operations: &[Operation]) -> Vec<BTreeSet<usize>> {
    let names = operations.iter().enumerate();
    let names: BTreeMap<&str, usize> =
        names.filter_map(|(at, it)| Some((created(it)?.0, at))).collect();
    let mut last: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(operations.len());
    for (index, operation) in operations.iter().enumerate() {
        let mut before = BTreeSet::new();
        let mut refers = |name: &str| before.extend(names.get(name).copied());
        match &operation.task {
            Task::Create { data, .. } => references::each(data, &mut refers),
            Task::Change { kind, at, change, .. } => {
                references::of(at).into_iter().for_each(&mut refers);
                match change {
                    Change::Replace(data) => references::each(data, &mut refers),
                    Change::Patch(data) => references::each_in_patch(data, &mut refers),
                    Change::Delete => {}
                }
                before.extend(last.insert((kind.name(), at), index));
            }
            Task::Refused => {}
        }
        all.push(before);
    }
    all
}
