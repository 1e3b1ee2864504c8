use scim_domain::{resource::sort::Sort, schema::ResourceType};
use sea_orm::sea_query::{Expr, ExprTrait, Order as Direction, SelectStatement};

use super::field::Field;

/// An order that SQL can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By id: the order of creation.
    Id { descending: bool },
    /// By a column; missing values last ascending and first descending, equals by id.
    Column { column: &'static str, nullable: bool, descending: bool },
}

/// The order, if SQL can make it.
pub(super) fn of(resource_type: &ResourceType, sort: Option<&Sort>) -> Option<Order> {
    let Some(sort) = sort else { return Some(Order::Id { descending: false }) };
    let descending = sort.descending;
    let (column, nullable) = match Field::of(resource_type, &sort.path)? {
        Field::Id => return Some(Order::Id { descending }),
        Field::Folded { column, nullable } => (column, nullable),
        Field::Exact { column } => (column, true),
        Field::Moment { column } => (column, false),
        // By the primary element, which the index rows do not tell.
        Field::Flag { .. } | Field::Terms { .. } | Field::Members { .. } => return None,
    };
    Some(Order::Column { column, nullable, descending })
}

impl Order {
    /// Whether an index has the rows in this order, so that a page needs no look at all of them.
    pub(super) fn is_indexed(self) -> bool {
        match self {
            Self::Id { .. } => true,
            Self::Column { column, nullable, .. } => !nullable && column.ends_with("name_key"),
        }
    }

    /// Orders by it, or the other way round.
    pub(super) fn apply(self, select: &mut SelectStatement, backwards: bool) {
        let direction =
            |descending| if descending == backwards { Direction::Asc } else { Direction::Desc };
        match self {
            Self::Id { descending } => {
                select.order_by("id", direction(descending));
            }
            Self::Column { column, nullable, descending } => {
                if nullable {
                    // Said in this way both databases do the same.
                    select.order_by_expr(Expr::col(column).is_null(), direction(descending));
                }
                select.order_by(column, direction(descending)).order_by("id", direction(false));
            }
        }
    }
}
