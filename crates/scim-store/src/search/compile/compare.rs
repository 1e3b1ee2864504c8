//! Comparisons of one attribute.

use scim_domain::{
    FoldedText, Timestamp, UserId,
    resource::filter::{Comparison, Literal},
    schema::{Nature, ResourceKind},
};
use sea_orm::{
    Value,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::{Narrowed, Scope};
use crate::{search::field::Field, statements::nestings};

impl Scope<'_> {
    /// Whether the attribute has a value, or that it has none.
    pub(super) fn presence(self, field: Field, present: bool) -> Narrowed {
        let is = |column: &'static str| {
            let column = Expr::col(column);
            if present { column.is_not_null() } else { column.is_null() }
        };
        match field {
            Field::Id | Field::Moment { .. } | Field::Folded { nullable: false, .. } => {
                Narrowed::verdict(present)
            }
            Field::Folded { column, nullable: true }
            | Field::Exact { column }
            | Field::Flag { column } => Narrowed::exact(is(column), false),
            Field::Terms { path, .. } => {
                let any = self.terms(&path, None);
                Narrowed::exact(if present { within(any) } else { within(any).not() }, false)
            }
            Field::Members { own, .. } => {
                let mut any = within(self.members(own));
                if self.nested && self.resource_type.kind == Nature::Stored(ResourceKind::Group) {
                    any = any.or(within(self.nestings()));
                }
                Narrowed::exact(if present { any } else { any.not() }, false)
            }
        }
    }

    /// A comparison with something other than null.
    pub(super) fn comparison(
        self,
        field: Field,
        comparison: Comparison,
        literal: &Literal,
    ) -> Narrowed {
        match (field, literal) {
            (Field::Folded { column, nullable }, Literal::Text(text)) => {
                self.column(column, nullable, comparison, FoldedText::of(text).as_str())
            }
            (Field::Exact { column }, Literal::Text(text)) => {
                self.column(column, true, comparison, text)
            }
            (Field::Id, Literal::Text(text)) => of_id(comparison, text),
            (Field::Flag { column }, Literal::Boolean(flag)) => of_flag(column, comparison, *flag),
            (Field::Moment { column }, Literal::Text(text)) => of_moment(column, comparison, text),
            (Field::Terms { path, case_exact: true }, Literal::Text(text)) => {
                self.of_terms(&path, comparison, text)
            }
            (Field::Terms { path, case_exact: false }, Literal::Text(text)) => {
                self.of_terms(&path, comparison, FoldedText::of(text).as_str())
            }
            (Field::Members { own, other }, Literal::Text(text)) => {
                self.of_members(own, other, comparison, text)
            }
            (
                Field::Folded { .. }
                | Field::Exact { .. }
                | Field::Id
                | Field::Flag { .. }
                | Field::Moment { .. }
                | Field::Terms { .. }
                | Field::Members { .. },
                Literal::Text(_) | Literal::Boolean(_) | Literal::Number(_) | Literal::Null,
            ) => Narrowed::OPEN,
        }
    }

    fn column(
        self,
        column: &'static str,
        nullable: bool,
        comparison: Comparison,
        text: &str,
    ) -> Narrowed {
        let holds = self.text(Expr::col(column), comparison, text);
        let condition = match (nullable, comparison) {
            (false, _) => holds,
            // Without a value, `ne` holds and nothing else does.
            (true, Comparison::Ne) => Expr::col(column).is_null().or(holds),
            (true, _) => Expr::col(column).is_not_null().and(holds),
        };
        let indexed = matches!(comparison, Comparison::Eq | Comparison::Sw) && !text.is_empty();
        Narrowed::exact(condition, indexed && !(nullable && column == "display_name_key"))
    }

    /// A comparison of a text that is there. Texts compare by code points, in SQL as in the domain.
    fn text(self, value: Expr, comparison: Comparison, text: &str) -> Expr {
        match comparison {
            Comparison::Eq => value.eq(text),
            Comparison::Ne => value.ne(text),
            Comparison::Gt => value.gt(text),
            Comparison::Ge => value.gte(text),
            Comparison::Lt => value.lt(text),
            Comparison::Le => value.lte(text),
            Comparison::Sw => match after_prefix(text) {
                // A range, which an index can answer.
                Some(end) => value.clone().gte(text).and(value.lt(end)),
                None => value.gte(text),
            },
            // An empty text is in every text that is there.
            Comparison::Co | Comparison::Ew if text.is_empty() => value.gte(""),
            Comparison::Co => Expr::from(self.dialect.position(value, text)).gt(0),
            Comparison::Ew => {
                let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
                Expr::from(self.dialect.tail(value, length)).eq(text)
            }
        }
    }

    /// The users with an index row of this path, and with such a text.
    fn terms(self, path: &str, term: Option<Expr>) -> SelectStatement {
        Query::select()
            .column("user_id")
            .from("user_terms")
            .and_where(Expr::col("organization_id").eq(self.organization))
            .and_where(Expr::col("path").eq(path))
            .and_where_option(term)
            .take()
    }

    fn of_terms(self, path: &str, comparison: Comparison, text: &str) -> Narrowed {
        let holds = self.text(Expr::col("term"), comparison, text);
        let some = within(self.terms(path, Some(holds)));
        match comparison {
            Comparison::Ne => {
                let none = within(self.terms(path, None)).not();
                Narrowed::exact(some.or(none), false)
            }
            Comparison::Eq | Comparison::Sw => Narrowed::exact(some, !text.is_empty()),
            Comparison::Co
            | Comparison::Ew
            | Comparison::Gt
            | Comparison::Ge
            | Comparison::Lt
            | Comparison::Le => Narrowed::exact(some, false),
        }
    }

    fn members(self, own: &'static str) -> SelectStatement {
        Query::select()
            .column(own)
            .from("group_members")
            .and_where(Expr::col("organization_id").eq(self.organization))
            .take()
    }

    fn of_members(
        self,
        own: &'static str,
        other: &'static str,
        comparison: Comparison,
        text: &str,
    ) -> Narrowed {
        if comparison != Comparison::Eq {
            return Narrowed::OPEN;
        }
        let Some(id) = id(text) else { return Narrowed::verdict(false) };
        let mut members = self.members(own);
        if !self.nested {
            members.and_where(Expr::col(other).eq(id));
            return Narrowed::exact(within(members), true);
        }
        let Nature::Stored(kind) = self.resource_type.kind else { return Narrowed::OPEN };
        let condition = match kind {
            ResourceKind::User => {
                let below = Query::select().column("group_id").from("below").take();
                members.and_where(Expr::col(other).in_subquery(below));
                members.with_cte(nestings::below(nestings::group(self.organization, id)));
                within(members)
            }
            ResourceKind::Group => {
                members.and_where(Expr::col(other).eq(id));
                let mut nested = self.nestings();
                nested.and_where(Expr::col("member_id").eq(id));
                within(members).or(within(nested))
            }
        };
        Narrowed::exact(condition, true)
    }

    /// The groups with groups as members.
    fn nestings(self) -> SelectStatement {
        Query::select()
            .column("group_id")
            .from("group_nestings")
            .and_where(Expr::col("organization_id").eq(self.organization))
            .take()
    }
}

/// That the resource is among those.
fn within(resources: SelectStatement) -> Expr {
    Expr::col("id").in_subquery(resources)
}

/// An id as it is stored. Any other text is no id of ours.
fn id(text: &str) -> Option<uuid::Uuid> {
    UserId::parse(text).map(UserId::uuid)
}

fn of_id(comparison: Comparison, text: &str) -> Narrowed {
    match (comparison, id(text)) {
        (Comparison::Eq, Some(id)) => Narrowed::exact(Expr::col("id").eq(id), true),
        (Comparison::Eq, None) => Narrowed::verdict(false),
        (Comparison::Ne, Some(id)) => Narrowed::exact(Expr::col("id").ne(id), false),
        (Comparison::Ne, None) => Narrowed::verdict(true),
        // These look at the id as a text, which only the domain has.
        (
            Comparison::Co
            | Comparison::Sw
            | Comparison::Ew
            | Comparison::Gt
            | Comparison::Ge
            | Comparison::Lt
            | Comparison::Le,
            _,
        ) => Narrowed::OPEN,
    }
}

fn of_flag(column: &'static str, comparison: Comparison, flag: bool) -> Narrowed {
    let there = Expr::col(column).is_not_null();
    match comparison {
        Comparison::Eq => Narrowed::exact(there.and(Expr::col(column).eq(flag)), false),
        Comparison::Ne => {
            let absent = Expr::col(column).is_null();
            Narrowed::exact(absent.or(Expr::col(column).ne(flag)), false)
        }
        Comparison::Co
        | Comparison::Sw
        | Comparison::Ew
        | Comparison::Gt
        | Comparison::Ge
        | Comparison::Lt
        | Comparison::Le => Narrowed::OPEN,
    }
}

fn of_moment(column: &'static str, comparison: Comparison, text: &str) -> Narrowed {
    let Some(moment) = Timestamp::parse(text) else { return Narrowed::OPEN };
    let (value, moment) = (Expr::col(column), Value::from(moment.micros()));
    let condition = match comparison {
        Comparison::Eq => value.eq(moment),
        Comparison::Ne => value.ne(moment),
        Comparison::Gt => value.gt(moment),
        Comparison::Ge => value.gte(moment),
        Comparison::Lt => value.lt(moment),
        Comparison::Le => value.lte(moment),
        // These look at the text of the moment.
        Comparison::Co | Comparison::Sw | Comparison::Ew => return Narrowed::OPEN,
    };
    Narrowed::exact(condition, false)
}

/// The first text that sorts after everything that starts with `prefix`; none if nothing does.
pub(super) fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            _ => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
