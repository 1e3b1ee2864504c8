//! Sorting (RFC 7644 §3.4.2.3).

use std::cmp::Ordering;

mod bytes;
#[cfg(test)]
mod tests;

use crate::{
    FoldedText, Invalid, Timestamp,
    resource::{
        Object, Value,
        limits::STRING_BYTES,
        path::{AttributePath, is_present},
    },
    schema::{Attribute, Found, Kind, Mutability, ResourceType, Returned},
};

/// `sortBy` and `sortOrder`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// By which attribute.
    pub path: AttributePath,
    /// Whether largest first.
    pub descending: bool,
}

/// What a resource sorts by; missing values come last ascending and first descending.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    key: Key,
}

#[derive(Clone, Debug, PartialEq)]
enum Key {
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Moment(Timestamp),
    Text { text: String, unfolded: Option<String> },
    Missing,
}

impl Sort {
    /// Reads the parameters. An attribute that is unknown or unreadable is `invalidValue`; the
    /// order is `ascending` unless `descending` is said (any case).
    pub fn parse(
        resource_type: &ResourceType,
        sort_by: &str,
        sort_order: Option<&str>,
    ) -> Result<Self, Invalid> {
        let kind = resource_type.kind.name();
        let found = match resource_type.find(sort_by.trim_ascii()) {
            Found::Attribute(found) => found,
            Found::Unknown { nearest: Some(nearest) } => {
                let detail = format!(
                    "sortBy names no attribute of {kind}; the nearest that there is is {nearest}."
                );
                return Err(Invalid::value(detail));
            }
            Found::Core
            | Found::Extension(_)
            | Found::Foreign
            | Found::Unknown { nearest: None } => {
                return Err(Invalid::value(format!("sortBy names no attribute of {kind}.")));
            }
        };
        if is_unreadable(found.attribute) || is_unreadable(found.target()) {
            let detail =
                "sortBy names an attribute that can never be read, so nothing is sorted by it.";
            return Err(Invalid::value(detail));
        }
        let descending =
            sort_order.is_some_and(|it| it.trim_ascii().eq_ignore_ascii_case("descending"));
        Ok(Self { path: found.path(), descending })
    }

    /// The key of a resource: of a multi-valued attribute the primary value, else the first; of a
    /// complex one its `value`, else its first text; folded unless case-exact.
    pub fn key(&self, resource_type: &ResourceType, resource: &Object) -> SortKey {
        SortKey { key: self.find(resource_type, resource).unwrap_or(Key::Missing) }
    }

    fn find(&self, resource_type: &ResourceType, resource: &Object) -> Option<Key> {
        let found = resource_type.resolve(&self.path)?;
        let element = leading(self.path.attribute_in(resource)?)?;
        let target = found.target();
        if target.kind == Kind::Complex {
            let parts = element.as_object()?;
            return representative(target, parts);
        }
        let value = leading(self.path.value_in_element(element)?)?;
        Key::of(target, value)
    }
}

fn is_unreadable(attribute: &Attribute) -> bool {
    attribute.mutability == Mutability::WriteOnly || attribute.returned == Returned::Never
}

/// The element that stands for all: the primary one, else the first.
fn leading(value: &Value) -> Option<&Value> {
    let elements = value.elements();
    let is_primary = |it: &&Value| {
        it.as_object().and_then(|parts| parts.get("primary")).and_then(Value::as_bool) == Some(true)
    };
    elements.iter().find(is_primary).or_else(|| elements.first())
}

/// What stands for a complex value: its `value`, else its first text, in the schema's order.
fn representative(attribute: &Attribute, parts: &Object) -> Option<Key> {
    let value = attribute.sub("value").into_iter();
    let texts = attribute.sub_attributes.iter().filter(|it| it.kind == Kind::String);
    value.chain(texts).find_map(|sub| Key::of(sub, parts.get(&sub.name)?))
}

impl Key {
    fn of(attribute: &Attribute, value: &Value) -> Option<Self> {
        if !is_present(value) {
            return None;
        }
        match value {
            Value::String(text) if !attribute.case_exact => Some(Self::folded(text)),
            Value::Reference(text) if !attribute.case_exact => Some(Self::folded(text)),
            Value::String(text) | Value::Reference(text) | Value::Binary(text) => {
                Some(Self::exact(text.clone()))
            }
            Value::Boolean(it) => Some(Self::Boolean(*it)),
            Value::Integer(it) => Some(Self::Integer(*it)),
            Value::Decimal(it) => Some(Self::Decimal(*it)),
            Value::DateTime(it) => Some(Self::Moment(it.moment)),
            Value::Complex(_) | Value::List(_) => None,
        }
    }

    const fn exact(text: String) -> Self {
        Self::Text { text, unfolded: None }
    }

    /// Folding can make a text eleven times as long. Of one that became longer than any string may
    /// be, what it was made from is kept: it says the same in fewer bytes.
    fn folded(source: &str) -> Self {
        let text = FoldedText::of(source).as_str().to_owned();
        let unfolded = (text.len() > STRING_BYTES).then(|| source.to_owned());
        Self::Text { text, unfolded }
    }

    /// Keys of one attribute are of one kind; the rank only makes the order total.
    const fn rank(&self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Integer(_) => 1,
            Self::Decimal(_) => 2,
            Self::Moment(_) => 3,
            Self::Text { .. } => 4,
            Self::Missing => 5,
        }
    }
}

impl SortKey {
    /// The key of a resource whose type does not know the attribute.
    pub const MISSING: Self = Self { key: Key::Missing };

    /// Ascending order; missing last. Reverse it for descending.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (&self.key, &other.key) {
            (Key::Boolean(left), Key::Boolean(right)) => left.cmp(right),
            (Key::Integer(left), Key::Integer(right)) => left.cmp(right),
            (Key::Decimal(left), Key::Decimal(right)) => left.total_cmp(right),
            (Key::Moment(left), Key::Moment(right)) => left.cmp(right),
            (Key::Text { text: left, .. }, Key::Text { text: right, .. }) => left.cmp(right),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }

    /// Whether there is no value to sort by.
    pub fn is_missing(&self) -> bool {
        self.key == Key::Missing
    }

    /// The text to sort by, folded unless case-exact.
    pub fn as_text(&self) -> Option<&str> {
        if let Key::Text { text, .. } = &self.key { Some(text) } else { None }
    }

    /// The moment to sort by.
    pub const fn as_moment(&self) -> Option<Timestamp> {
        if let Key::Moment(moment) = &self.key { Some(*moment) } else { None }
    }
}
