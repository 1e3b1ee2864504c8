//! Creates that refer to each other in a circle (RFC 7644 §3.7.1): each is made without what is not
//! there yet and gets it afterwards. If one of them fails, each refers to one that failed: what was
//! made is taken back.

use std::{collections::BTreeSet, sync::Arc};

use scim_domain::{Json, schema::ResourceKind};

use super::{
    Carried, Change, Made, Operation, Task,
    references::{self, Ids},
};
use crate::{
    Error,
    provisioning::{Caller, IfMatch, Provisioning, in_a_task},
};

/// A create of a circle on its way.
struct Member {
    at: usize,
    name: String,
    kind: ResourceKind,
    data: Json,
    /// What it gets when all are there.
    rest: Vec<(String, Json)>,
    made: Option<Made>,
}

/// The member that failed, and why.
type Broken = (usize, Error);

/// By place and name, what became of an operation.
pub(super) type Results = Vec<(usize, Option<String>, Carried)>;

impl Provisioning {
    /// Carries a circle out to its end, whatever becomes of the request.
    pub(super) async fn circle(
        &self,
        caller: &Arc<Caller>,
        operations: Vec<(usize, Operation)>,
        ids: &Ids,
    ) -> Results {
        let places: Vec<usize> = operations.iter().map(|(at, _)| *at).collect();
        let members = operations.into_iter().filter_map(|(at, it)| Member::of(at, it)).collect();
        let (this, caller, ids) = (self.clone(), Arc::clone(caller), ids.clone());
        let ended =
            in_a_task(async move { Ok(this.whole_circle(&caller, members, ids).await) }).await;
        ended.unwrap_or_else(|_| {
            let defect = || Error::Defect("a circle did not run to its end".to_owned());
            places.into_iter().map(|at| (at, None, Carried::failed(defect()))).collect()
        })
    }

    async fn whole_circle(
        &self,
        caller: &Arc<Caller>,
        mut members: Vec<Member>,
        ids: Ids,
    ) -> Results {
        let broken = match self.make(caller, &mut members, ids).await {
            Ok(()) => None,
            Err(broken) => Some(self.take_back(caller, &mut members, broken).await),
        };
        let result = |member: Member| {
            let carried = match (&broken, member.made) {
                (None, Some(made)) => Carried::Done { id: made.id, version: Some(made.version) },
                (_, left) => Carried::failed(torn(left.is_some())),
            };
            (member.at, Some(member.name), carried)
        };
        let mut results: Results = members.into_iter().map(result).collect();
        let Some((at, error)) = broken else { return results };
        if let Some(first) = results.iter_mut().find(|it| it.0 == at) {
            first.2 = Carried::failed(error);
        }
        results
    }

    /// Makes all members, then completes them.
    async fn make(
        &self,
        caller: &Arc<Caller>,
        members: &mut [Member],
        mut ids: Ids,
    ) -> Result<(), Broken> {
        let mut later: BTreeSet<String> = members.iter().map(|it| it.name.clone()).collect();
        for member in &mut *members {
            // Before anything is made, so that a reference that leads nowhere costs nothing.
            ids.fill_except(&mut member.data, &later).map_err(|it| (member.at, it))?;
        }
        for member in &mut *members {
            let data = std::mem::replace(&mut member.data, Json::Null);
            let (mut shell, rest) = references::split(data, &later);
            ids.fill(&mut shell).map_err(|it| (member.at, it))?;
            member.rest = rest;
            let made = self.create(caller, member.kind, shell).await;
            let made = made.map_err(|it| (member.at, it))?;
            ids.made(&member.name, &made.id);
            later.remove(&member.name);
            member.made = Some(made);
        }
        for member in &mut *members {
            self.complete(caller, member, &ids).await.map_err(|it| (member.at, it))?;
        }
        Ok(())
    }

    async fn complete(
        &self,
        caller: &Arc<Caller>,
        member: &mut Member,
        ids: &Ids,
    ) -> Result<(), Error> {
        let (rest, Some(made)) = (std::mem::take(&mut member.rest), &mut member.made) else {
            return Ok(());
        };
        if rest.is_empty() {
            return Ok(());
        }
        // To a group somebody else may have added members meanwhile: they stay.
        let op = match member.kind {
            ResourceKind::User => "replace",
            ResourceKind::Group => "add",
        };
        let named = |name: &str, value: Json| (name.to_owned(), value);
        let operation = |(path, value)| {
            Json::Object(vec![
                named("op", Json::String(op.to_owned())),
                named("path", Json::String(path)),
                named("value", value),
            ])
        };
        let operations = rest.into_iter().map(operation).collect();
        let message = Json::String("urn:ietf:params:scim:api:messages:2.0:PatchOp".to_owned());
        let body = Json::Object(vec![
            named("schemas", Json::Array(vec![message])),
            named("Operations", Json::Array(operations)),
        ]);
        let (change, any) = (Change::Patch(body), IfMatch::Absent);
        let version = self.change(caller, member.kind, &made.id, any, change, ids).await?;
        made.version = version.unwrap_or(made.version);
        Ok(())
    }

    /// Deletes what was made, the latest first. What somebody else has changed or owns stays; it is
    /// still in its member then.
    async fn take_back(
        &self,
        caller: &Arc<Caller>,
        members: &mut [Member],
        broken: Broken,
    ) -> Broken {
        let (at, mut error) = broken;
        for member in members.iter_mut().rev() {
            let Some(made) = member.made.take_if(|it| it.new) else { continue };
            let ours = IfMatch::Versions(vec![made.version]);
            let caller = Arc::clone(caller);
            let deleted = match member.kind {
                ResourceKind::User => self.delete_user(caller, &made.id, ours).await,
                ResourceKind::Group => self.delete_group(caller, &made.id, ours).await,
            };
            if deleted.is_err() {
                member.made = Some(made);
            }
        }
        if members.iter().any(|it| it.at == at && it.made.is_some()) {
            error = torn(true);
        }
        (at, error)
    }
}

impl Member {
    fn of(at: usize, operation: Operation) -> Option<Self> {
        // Nothing refers to a change, and a refused create refers to nothing: a circle has neither.
        let (Task::Create { kind, data }, Some(name)) = (operation.task, operation.bulk_id) else {
            return None;
        };
        Some(Self { at, name, kind, data, rest: Vec::new(), made: None })
    }
}

/// Why a member of a circle failed that was not the first to fail.
fn torn(left: bool) -> Error {
    let detail = if left {
        "The operations of this request that refer to each other in a circle could not all be \
         carried out. The resource of this one exists, perhaps without its references: it was there \
         before, or was changed meanwhile."
    } else {
        "The operations of this request that refer to each other in a circle could not all be \
         carried out. Nothing of this one was kept."
    };
    Error::Conflict(detail.to_owned())
}
