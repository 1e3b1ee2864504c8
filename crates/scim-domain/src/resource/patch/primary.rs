//! At most one element of a list is its primary one (RFC 7643 §2.4).

use crate::resource::{Value, document::keep_one_primary};

const PRIMARY: &str = "primary";

/// Whether an element says that it is the primary one.
pub(super) fn is_set(element: &Value) -> bool {
    element.as_object().and_then(|it| it.get(PRIMARY)).and_then(Value::as_bool) == Some(true)
}

/// Leaves `winner` as the primary element, or else the last one that claims to be; the others
/// become `false` (RFC 7644 §3.5.2).
pub(super) fn settle(list: &mut [Value], winner: Option<usize>) {
    let Some(winner) = winner else {
        return keep_one_primary(list);
    };
    for (_, element) in list.iter_mut().enumerate().filter(|(at, _)| *at != winner) {
        if let Value::Complex(object) = element
            && let Some(primary @ Value::Boolean(true)) = object.get_mut(PRIMARY)
        {
            *primary = Value::Boolean(false);
        }
    }
}
