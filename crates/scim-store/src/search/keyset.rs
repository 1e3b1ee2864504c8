//! Parts by place: on from a place in the order, without a look at what was passed before.

use scim_app::ports::{Keyset, Place, StoreError};
use scim_domain::resource::sort::SortKey;
use sea_orm::{
    Value,
    sea_query::{Expr, ExprTrait},
};

use super::order::Order;
use crate::error::failed;

/// The condition that a resource is in the wanted direction of the place; none if everything is.
pub(super) fn condition(order: Order, keyset: Keyset<'_>) -> Result<Option<Expr>, StoreError> {
    let Some(place) = keyset.place else { return Ok(None) };
    let condition = match order {
        Order::Id { descending } => {
            let id = Expr::col("id");
            match (descending, keyset.backwards) {
                (false, false) => id.gt(place.id),
                (false, true) => id.lte(place.id),
                (true, false) => id.lt(place.id),
                (true, true) => id.gte(place.id),
            }
        }
        Order::Column { column, nullable, descending } => {
            let missing_ahead = descending == keyset.backwards;
            let ids = if keyset.backwards {
                Expr::col("id").lte(place.id)
            } else {
                Expr::col("id").gt(place.id)
            };
            if place.key.is_missing() {
                let missing = Expr::col(column).is_null();
                if missing_ahead { missing.and(ids) } else { missing.not().or(ids) }
            } else {
                let ahead = ahead(column, value(place)?, ids, missing_ahead);
                let missing = Expr::col(column).is_null();
                if nullable && missing_ahead { missing.or(ahead) } else { ahead }
            }
        }
    };
    Ok(Some(condition))
}

/// Beyond a value, or equal to it with such an id. A range first, so that an index leads there:
/// neither database makes a range of an `or`.
fn ahead(column: &'static str, value: Value, ids: Expr, larger: bool) -> Expr {
    let column = || Expr::col(column);
    if larger {
        column().gte(value.clone()).and(column().gt(value).or(ids))
    } else {
        column().lte(value.clone()).and(column().lt(value).or(ids))
    }
}

/// What a column holds for a key.
fn value(place: &Place) -> Result<Value, StoreError> {
    let text = SortKey::as_text(&place.key).map(Value::from);
    let moment = || place.key.as_moment().map(|it| Value::from(it.micros()));
    text.or_else(moment).ok_or_else(|| failed("a place in another order"))
}
