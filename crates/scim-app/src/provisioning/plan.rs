//! What an organization lets an identity provider do, by its plan and by whether SCIM is switched on.

use scim_domain::{
    organization::Organization,
    resource::filter::{Comparison, Filter, Literal},
};

use super::Caller;
use crate::{Error, error::Forbidden};

/// How far SCIM goes for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everything.
    Full,
    /// The plan is without SCIM, or SCIM is switched off: access can still be taken away, so that
    /// neither ever means that a leaver keeps access.
    TakeAway,
}

impl Reach {
    /// That of an organization's keys.
    pub(crate) const fn of(organization: &Organization) -> Self {
        let full = organization.plan.includes_scim() && organization.scim.is_on();
        if full { Self::Full } else { Self::TakeAway }
    }
}

impl Caller {
    pub(crate) const fn reach(&self) -> Reach {
        Reach::of(&self.organization)
    }

    /// Fails unless the plan includes SCIM, and SCIM is switched on.
    pub(crate) fn full(&self) -> Result<(), Error> {
        match self.reach() {
            Reach::Full => Ok(()),
            Reach::TakeAway => Err(self.plan_refusal()),
        }
    }

    /// The refusal that names the plan, or else that SCIM is switched off.
    pub(crate) fn plan_refusal(&self) -> Error {
        let plan = self.organization.plan;
        let why = if plan.includes_scim() { Forbidden::ScimOff } else { Forbidden::Plan(plan) };
        why.into()
    }

    /// Fails for a search that the plan does not allow: without SCIM, only to look one thing up, by
    /// a text. `active eq true` and `title eq null` look nothing up but list everybody.
    /// What looks one thing up among users finds nothing among groups, and the other way round.
    pub(crate) fn may_search(&self, filter: Option<&Filter>) -> Result<(), Error> {
        match (self.reach(), filter) {
            (Reach::Full, _)
            | (
                Reach::TakeAway,
                Some(
                    Filter::Compare(_, Comparison::Eq, Literal::Text(_))
                    | Filter::Absent { matches: false },
                ),
            ) => Ok(()),
            (Reach::TakeAway, Some(_) | None) => Err(self.plan_refusal()),
        }
    }
}
