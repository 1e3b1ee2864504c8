//! How much a request may have its filters look at.

use super::path::Place;
use crate::{
    Invalid, Reason,
    resource::{Object, Value, filter::Filter},
};

/// Bytes compared, summed over the terms of the filters. A thousand operations that each look for
/// one e-mail among a hundred stay far below; a request made to burn time does not.
const MOST: usize = 64 * 1024 * 1024;
/// What it costs to look at a value at all, in the same unit.
const LOOK: usize = 64;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// All of it.
    pub const fn new() -> Self {
        Self(MOST)
    }

    /// Pays for the filter of a place before it is applied. `holder` holds the attribute.
    pub fn pay(&mut self, holder: &Object, place: &Place<'_>) -> Result<(), Invalid> {
        let (Some(filter), Some(value)) = (&place.filter, holder.get(&place.found.attribute.name))
        else {
            return Ok(());
        };
        let Some(left) = self.0.checked_sub(terms(filter) * size(value)) else {
            let detail = "The filters in the paths of this request look at too many values.";
            return Err(Invalid::new(Reason::TooMany, detail));
        };
        self.0 = left;
        Ok(())
    }
}

fn terms(filter: &Filter) -> usize {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().map(terms).sum(),
        Filter::Not(inner) | Filter::Element(_, inner) => terms(inner),
        Filter::Present(_) | Filter::Compare(..) | Filter::Absent { .. } => 1,
    }
}

fn size(value: &Value) -> usize {
    let inside = match value {
        Value::List(all) => all.iter().map(size).sum(),
        Value::Complex(object) => object.iter().map(|(_, it)| size(it)).sum(),
        Value::String(_)
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::DateTime(_)
        | Value::Reference(_)
        | Value::Binary(_) => value.as_text().map_or(0, str::len),
    };
    LOOK + inside
}
