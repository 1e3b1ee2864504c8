//! Deciding what matches: the only truth about a filter, whatever a store narrows beforehand.

use std::cmp::Ordering;

use super::{Comparison, Filter, Literal};
use crate::{
    FoldedText, Timestamp,
    resource::{
        Object, Value,
        path::{AttributePath, is_present},
    },
    schema::{Attribute, Kind, ResourceType},
};

/// A filter prepared for many resources, or for many elements of one attribute.
#[derive(Debug)]
pub struct Matcher<'f> {
    root: Node<'f>,
}

#[derive(Debug)]
enum Node<'f> {
    All(Vec<Node<'f>>),
    Any(Vec<Node<'f>>),
    Not(Box<Node<'f>>),
    Constant(bool),
    Present(&'f AttributePath),
    Compare(&'f AttributePath, Test<'f>),
    Element(&'f AttributePath, Box<Node<'f>>),
}

/// A comparison with its literal in the form in which values are compared.
#[derive(Debug)]
struct Test<'f> {
    comparison: Comparison,
    wanted: Wanted<'f>,
    when_absent: bool,
}

#[derive(Debug)]
enum Wanted<'f> {
    Folded(FoldedText),
    Exact(&'f str),
    Boolean(bool),
    Number(&'f serde_json::Number),
    Moment(Timestamp),
    /// `null`, or a literal that the attribute's type never equals.
    Nothing,
}

/// How a path's attribute is looked up while a filter is prepared.
#[derive(Clone, Copy)]
enum Lookup<'a> {
    Resources(&'a ResourceType),
    Elements(&'a Attribute),
}

/// What is being looked at.
#[derive(Clone, Copy)]
enum Looked<'v> {
    Resource(&'v Object),
    Element(&'v Value),
}

impl<'f> Matcher<'f> {
    pub(super) fn for_resources(filter: &'f Filter, resource_type: &ResourceType) -> Self {
        Self { root: Node::of(filter, Lookup::Resources(resource_type)) }
    }

    pub(super) fn for_elements(filter: &'f Filter, attribute: &Attribute) -> Self {
        Self { root: Node::of(filter, Lookup::Elements(attribute)) }
    }

    /// Whether a whole resource matches; see [`Filter::matches`].
    pub fn matches(&self, resource: &Object) -> bool {
        self.root.holds(Looked::Resource(resource))
    }

    /// Whether one element matches; see [`Filter::matches_element`].
    pub fn matches_element(&self, element: &Value) -> bool {
        self.root.holds(Looked::Element(element))
    }
}

impl<'f> Node<'f> {
    fn of(filter: &'f Filter, lookup: Lookup<'_>) -> Self {
        match filter {
            Filter::And(all) => Self::All(all.iter().map(|it| Self::of(it, lookup)).collect()),
            Filter::Or(all) => Self::Any(all.iter().map(|it| Self::of(it, lookup)).collect()),
            Filter::Not(inner) => Self::Not(Box::new(Self::of(inner, lookup))),
            Filter::Present(path) => Self::Present(path),
            Filter::Compare(path, comparison, literal) => match lookup.target(path) {
                Some(target) => Self::Compare(path, Test::of(target, *comparison, literal)),
                None => Self::Constant(comparison.holds_when_absent(literal)),
            },
            Filter::Element(path, inner) => match lookup.attribute(path) {
                Some(attribute) => {
                    let inner = Self::of(inner, Lookup::Elements(attribute));
                    Self::Element(path, Box::new(inner))
                }
                None => Self::Constant(false),
            },
            Filter::Absent { matches: outcome } => Self::Constant(*outcome),
        }
    }

    fn holds(&self, looked: Looked<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|it| it.holds(looked)),
            Self::Any(all) => all.iter().any(|it| it.holds(looked)),
            Self::Not(inner) => !inner.holds(looked),
            Self::Constant(outcome) => *outcome,
            Self::Present(path) => looked.values(path).next().is_some(),
            Self::Compare(path, test) => test.holds(looked.values(path)),
            Self::Element(path, inner) => {
                looked.elements(path).iter().any(|it| inner.holds(Looked::Element(it)))
            }
        }
    }
}

impl<'a> Lookup<'a> {
    /// The attribute whose characteristics count for a comparison.
    fn target(self, path: &AttributePath) -> Option<&'a Attribute> {
        match (self, &path.sub_attribute) {
            (Self::Elements(attribute), Some(sub)) => attribute.sub(sub),
            (Self::Elements(attribute), None) => Some(attribute),
            (Self::Resources(resource_type), _) => {
                let found = resource_type.resolve(path)?;
                Some(found.sub_attribute.unwrap_or(found.attribute))
            }
        }
    }

    fn attribute(self, path: &AttributePath) -> Option<&'a Attribute> {
        match self {
            Self::Elements(attribute) => Some(attribute),
            Self::Resources(resource_type) => Some(resource_type.resolve(path)?.attribute),
        }
    }
}

impl<'v> Looked<'v> {
    fn elements(self, path: &AttributePath) -> &'v [Value] {
        match self {
            Self::Resource(it) => path.attribute_in(it).map(Value::elements).unwrap_or_default(),
            Self::Element(it) => std::slice::from_ref(it),
        }
    }

    /// The values at the end of the path that are not empty.
    fn values(self, path: &AttributePath) -> impl Iterator<Item = &'v Value> {
        self.elements(path)
            .iter()
            .filter_map(|it| path.value_in_element(it))
            .flat_map(Value::elements)
            .filter(|it| is_present(it))
    }
}

impl<'f> Test<'f> {
    fn of(target: &Attribute, comparison: Comparison, literal: &'f Literal) -> Self {
        let wanted = match literal {
            Literal::Text(text) => Wanted::text(target, comparison, text),
            Literal::Boolean(it) => Wanted::Boolean(*it),
            Literal::Number(it) => Wanted::Number(it),
            Literal::Null => Wanted::Nothing,
        };
        Self { comparison, wanted, when_absent: comparison.holds_when_absent(literal) }
    }

    fn holds<'v>(&self, values: impl Iterator<Item = &'v Value>) -> bool {
        let mut absent = true;
        for value in values {
            absent = false;
            if self.holds_for(value) {
                return true;
            }
        }
        absent && self.when_absent
    }

    fn holds_for(&self, value: &Value) -> bool {
        let comparison = self.comparison;
        let outcome = match &self.wanted {
            Wanted::Folded(wanted) => value.as_text().map(|text| {
                compare_texts(comparison, FoldedText::of(text).as_str(), wanted.as_str())
            }),
            Wanted::Exact(wanted) => {
                value.as_text().map(|text| compare_texts(comparison, text, wanted))
            }
            Wanted::Boolean(wanted) => {
                value.as_bool().map(|it| ordered(comparison, it.cmp(wanted)))
            }
            Wanted::Number(wanted) => {
                compare_numbers(value, wanted).map(|it| ordered(comparison, it))
            }
            Wanted::Moment(wanted) => moment(value).map(|it| ordered(comparison, it.cmp(wanted))),
            Wanted::Nothing => None,
        };
        // A value that is there differs from null and from anything of another type.
        outcome.unwrap_or(comparison == Comparison::Ne)
    }
}

impl<'f> Wanted<'f> {
    fn text(target: &Attribute, comparison: Comparison, text: &'f str) -> Self {
        match target.kind {
            Kind::String | Kind::Reference if !target.case_exact => {
                Self::Folded(FoldedText::of(text))
            }
            Kind::String | Kind::Reference | Kind::Binary => Self::Exact(text),
            Kind::DateTime if comparison.is_substring() => Self::Exact(text),
            Kind::DateTime => Timestamp::parse(text).map_or(Self::Nothing, Self::Moment),
            Kind::Boolean | Kind::Integer | Kind::Decimal | Kind::Complex => Self::Nothing,
        }
    }
}

fn compare_texts(comparison: Comparison, text: &str, wanted: &str) -> bool {
    match comparison {
        Comparison::Co => text.contains(wanted),
        Comparison::Sw => text.starts_with(wanted),
        Comparison::Ew => text.ends_with(wanted),
        // UTF-8 sorts bytewise as it does by code points.
        Comparison::Eq
        | Comparison::Ne
        | Comparison::Gt
        | Comparison::Ge
        | Comparison::Lt
        | Comparison::Le => ordered(comparison, text.cmp(wanted)),
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    if let Value::DateTime(it) = value { Some(it.moment) } else { None }
}

fn compare_numbers(value: &Value, wanted: &serde_json::Number) -> Option<Ordering> {
    match value {
        Value::Integer(it) => match wanted.as_i64() {
            Some(wanted) => Some(it.cmp(&wanted)),
            #[expect(clippy::cast_precision_loss, reason = "the literal has no exact integer")]
            None => (*it as f64).partial_cmp(&wanted.as_f64()?),
        },
        Value::Decimal(it) => it.partial_cmp(&wanted.as_f64()?),
        Value::String(_)
        | Value::Boolean(_)
        | Value::DateTime(_)
        | Value::Reference(_)
        | Value::Binary(_)
        | Value::Complex(_)
        | Value::List(_) => None,
    }
}

fn ordered(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Ge => ordering.is_ge(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Le => ordering.is_le(),
        Comparison::Co | Comparison::Sw | Comparison::Ew => false,
    }
}
