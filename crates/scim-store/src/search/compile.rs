//! From a filter to the narrowest condition that columns and index rows can answer.
//!
//! Every condition made here is true or false and never null, so that `not` means the same in SQL
//! as in the domain.

use scim_domain::{
    resource::{
        filter::{Comparison, Filter, Literal},
        path::AttributePath,
    },
    schema::ResourceType,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use uuid::Uuid;

mod compare;
#[cfg(test)]
mod tests;

use super::field::Field;
use crate::dialect::Dialect;

/// A condition that every match satisfies.
#[derive(Clone, Debug)]
pub(super) struct Narrowed {
    /// The condition; everything without one.
    pub(super) condition: Option<Expr>,
    /// Whether everything that satisfies it is a match.
    pub(super) exact: bool,
    /// Whether an index leads to what satisfies it.
    pub(super) indexed: bool,
}

impl Narrowed {
    /// Everything, and the domain must look at each.
    const OPEN: Self = Self { condition: None, exact: false, indexed: false };

    const fn exact(condition: Expr, indexed: bool) -> Self {
        Self { condition: Some(condition), exact: true, indexed }
    }

    fn verdict(matches: bool) -> Self {
        Self::exact(Expr::val(matches).eq(true), !matches)
    }
}

/// Where conditions are made for.
#[derive(Clone, Copy)]
struct Scope<'a> {
    dialect: Dialect,
    resource_type: &'a ResourceType,
    organization: Uuid,
    /// Whether groups may be members of groups.
    nested: bool,
}

/// Narrows a filter, or everything if there is none.
pub(super) fn narrow(
    dialect: Dialect,
    resource_type: &ResourceType,
    organization: Uuid,
    filter: Option<&Filter>,
    nested: bool,
) -> Narrowed {
    let scope = Scope { dialect, resource_type, organization, nested };
    filter.map_or(Narrowed { condition: None, exact: true, indexed: false }, |it| scope.narrow(it))
}

impl Scope<'_> {
    fn narrow(self, filter: &Filter) -> Narrowed {
        match filter {
            Filter::And(all) => self.all(all),
            Filter::Or(all) => self.any(all),
            Filter::Not(inner) => self.not(inner),
            Filter::Present(path) => self.present(path),
            Filter::Compare(path, comparison, literal) => self.compare(path, *comparison, literal),
            Filter::Element(path, inner) => self.element(path, inner),
            Filter::Absent { matches } => Narrowed::verdict(*matches),
        }
    }

    /// Each part narrows by itself; what is not exact about one is left to the domain.
    fn all(self, parts: &[Filter]) -> Narrowed {
        let mut whole = Narrowed { condition: None, exact: true, indexed: false };
        for part in parts.iter().map(|it| self.narrow(it)) {
            whole.exact &= part.exact;
            whole.indexed |= part.indexed;
            whole.condition = match (whole.condition, part.condition) {
                (Some(one), Some(other)) => Some(one.and(other)),
                (one, other) => one.or(other),
            };
        }
        whole
    }

    /// One part that lets everything through lets everything through.
    fn any(self, parts: &[Filter]) -> Narrowed {
        let mut whole: Option<Narrowed> = None;
        for part in parts.iter().map(|it| self.narrow(it)) {
            let Some(condition) = part.condition else { return Narrowed::OPEN };
            whole = Some(match whole {
                None => Narrowed { condition: Some(condition), ..part },
                Some(so_far) => Narrowed {
                    condition: so_far.condition.map(|it| it.or(condition)),
                    exact: so_far.exact && part.exact,
                    indexed: so_far.indexed && part.indexed,
                },
            });
        }
        whole.unwrap_or(Narrowed::OPEN)
    }

    /// What is not exact cannot be turned around: among its candidates are some that do not match.
    fn not(self, inner: &Filter) -> Narrowed {
        match self.narrow(inner) {
            Narrowed { condition: Some(condition), exact: true, .. } => {
                Narrowed::exact(condition.not(), false)
            }
            Narrowed { .. } => Narrowed::OPEN,
        }
    }

    fn present(self, path: &AttributePath) -> Narrowed {
        match Field::of(self.resource_type, path) {
            Some(field) => self.presence(field, true),
            None => Narrowed::OPEN,
        }
    }

    fn compare(self, path: &AttributePath, comparison: Comparison, literal: &Literal) -> Narrowed {
        if let Some(verdict) = self.of_type(path, comparison, literal) {
            return verdict;
        }
        let Some(field) = Field::of(self.resource_type, path) else { return Narrowed::OPEN };
        match (comparison, literal) {
            (Comparison::Eq, Literal::Null) => self.presence(field, false),
            (Comparison::Ne, Literal::Null) => self.presence(field, true),
            (_, Literal::Text(_) | Literal::Boolean(_) | Literal::Number(_) | Literal::Null) => {
                self.comparison(field, comparison, literal)
            }
        }
    }

    /// Every resource of a table is of one type, so `meta.resourceType eq "User"` is all or nothing.
    fn of_type(
        self,
        path: &AttributePath,
        comparison: Comparison,
        literal: &Literal,
    ) -> Option<Narrowed> {
        let names_the_type = path.extension.is_none()
            && &*path.attribute == "meta"
            && path.sub_attribute.as_deref() == Some("resourceType");
        match (comparison, literal) {
            (Comparison::Eq, Literal::Text(text)) if names_the_type => {
                Some(Narrowed::verdict(text == self.resource_type.kind.name()))
            }
            (Comparison::Ne, Literal::Text(text)) if names_the_type => {
                Some(Narrowed::verdict(text != self.resource_type.kind.name()))
            }
            (_, Literal::Text(_) | Literal::Boolean(_) | Literal::Number(_) | Literal::Null) => {
                None
            }
        }
    }

    /// One element must satisfy all of the inner filter. What it says of the indexed value alone
    /// holds for the attribute as well, so it narrows; it is exact if it says nothing else.
    fn element(self, path: &AttributePath, inner: &Filter) -> Narrowed {
        match inner {
            Filter::Compare(inside, comparison, literal) if inside.attribute == path.attribute => {
                // An element without the value satisfies `ne`, and its attribute need not.
                if *comparison == Comparison::Ne || *literal == Literal::Null {
                    return Narrowed::OPEN;
                }
                self.compare(inside, *comparison, literal)
            }
            Filter::And(parts) => {
                let parts = parts.iter().map(|it| self.element(path, it));
                let narrowing = parts.filter_map(|it| Some((it.condition?, it.indexed)));
                narrowing.fold(Narrowed::OPEN, |whole, (condition, indexed)| Narrowed {
                    condition: Some(match whole.condition {
                        Some(so_far) => so_far.and(condition),
                        None => condition,
                    }),
                    exact: false,
                    indexed: whole.indexed || indexed,
                })
            }
            Filter::Compare(..)
            | Filter::Or(_)
            | Filter::Not(_)
            | Filter::Present(_)
            | Filter::Element(..)
            | Filter::Absent { .. } => Narrowed::OPEN,
        }
    }
}
