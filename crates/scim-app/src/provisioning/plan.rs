//! What an organization's plan lets an identity provider do.

use scim_domain::resource::filter::{Comparison, Filter, Literal};

use super::Caller;
use crate::{Error, error::Forbidden};

/// How far SCIM goes for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everything.
    Full,
    /// The plan is without SCIM: access can still be taken away, so that losing a plan never means
    /// that a leaver keeps access.
    TakeAway,
}

impl Caller {
    pub(crate) const fn reach(&self) -> Reach {
        if self.organization.plan.includes_scim() { Reach::Full } else { Reach::TakeAway }
    }

    /// Fails unless the plan includes SCIM.
    pub(crate) fn full(&self) -> Result<(), Error> {
        match self.reach() {
            Reach::Full => Ok(()),
            Reach::TakeAway => Err(self.plan_refusal()),
        }
    }

    /// The refusal that names the plan.
    pub(crate) fn plan_refusal(&self) -> Error {
        Forbidden::Plan(self.organization.plan).into()
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
