//! What the filter in a path's brackets says about one element (RFC 7644 §3.4.2.2).

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::values::{self, moment};
use crate::{
    FoldedText,
    schema::{Attribute, Kind},
    testing::filters::Condition,
};

/// Whether it holds for an element.
pub fn holds(condition: &Condition, attribute: &Attribute, element: &Json) -> bool {
    match condition {
        Condition::And(all) => all.iter().all(|it| holds(it, attribute, element)),
        Condition::Or(all) => all.iter().any(|it| holds(it, attribute, element)),
        Condition::Not(inner) => !holds(inner, attribute, element),
        Condition::Present(name) => !at(element, name).is_empty(),
        Condition::Compare(name, operator, literal) => {
            let found = at(element, name);
            let target = part(attribute, name).unwrap_or(attribute);
            if found.is_empty() {
                // Nothing is equal to null, and differs from anything else.
                return (*operator == "eq") == literal.is_null() && ["eq", "ne"].contains(operator);
            }
            found.iter().any(|it| compares(target, it, operator, literal))
        }
        Condition::Element(..) => unreachable!("brackets do not nest"),
    }
}

/// Makes the element that a conjunction of `eq` describes. Says whether it is one.
pub fn describe(
    condition: &Condition,
    attribute: &Attribute,
    made: &mut Map<String, Json>,
) -> bool {
    match condition {
        Condition::And(all) => all.iter().all(|it| describe(it, attribute, made)),
        Condition::Compare(_, "eq", Json::Null) => part_of(condition, attribute).is_some(),
        Condition::Compare(_, "eq", literal) => {
            let Some(part) = part_of(condition, attribute) else { return false };
            let Ok(Some(value)) = values::read(part, literal, false) else { return false };
            made.insert(part.name.to_string(), value);
            true
        }
        _ => false,
    }
}

fn part_of<'a>(condition: &Condition, attribute: &'a Attribute) -> Option<&'a Attribute> {
    let Condition::Compare(name, ..) = condition else { return None };
    part(attribute, name)
}

/// Whether a part is mentioned.
pub fn asks_about(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter().any(|it| asks_about(it, name)),
        Condition::Not(inner) => asks_about(inner, name),
        Condition::Present(it) | Condition::Compare(it, ..) | Condition::Element(it, ..) => {
            it == name
        }
    }
}

/// The ids of a filter that is no more than a list of them.
pub fn ids_named(condition: &Condition) -> Option<Vec<String>> {
    match condition {
        Condition::Compare(name, "eq", Json::String(id)) if name == "value" => {
            Some(vec![id.clone()])
        }
        Condition::Or(all) => {
            all.iter().map(ids_named).collect::<Option<Vec<_>>>().map(|it| it.concat())
        }
        _ => None,
    }
}

fn part<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Attribute> {
    attribute.sub_attributes.iter().find(|it| &*it.name == name)
}

/// The values of a part; an element that is no object is its own `value`.
fn at(element: &Json, name: &str) -> Vec<Json> {
    let found = if element.is_object() { element.get(name) } else { Some(element) };
    match found {
        Some(Json::Array(all)) => all.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

fn compares(target: &Attribute, value: &Json, operator: &str, literal: &Json) -> bool {
    let inside = ["co", "sw", "ew"].contains(&operator);
    let ordering = match target.kind {
        _ if literal.is_null() => return operator == "ne",
        Kind::DateTime if !inside => moment(text(value)).cmp(&moment(text(literal))),
        Kind::Integer | Kind::Decimal => match (value.as_i64(), literal.as_i64()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => value.as_f64().partial_cmp(&literal.as_f64()).unwrap(),
        },
        Kind::Boolean => value.as_bool().cmp(&literal.as_bool()),
        Kind::String | Kind::Reference if !target.case_exact => {
            let (one, other) = (FoldedText::of(text(value)), FoldedText::of(text(literal)));
            return texts(one.as_str(), operator, other.as_str());
        }
        _ => return texts(text(value), operator, text(literal)),
    };
    ordered(ordering, operator)
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn texts(one: &str, operator: &str, other: &str) -> bool {
    match operator {
        "co" => one.contains(other),
        "sw" => one.starts_with(other),
        "ew" => one.ends_with(other),
        _ => ordered(one.cmp(other), operator),
    }
}

fn ordered(ordering: Ordering, operator: &str) -> bool {
    match operator {
        "eq" => ordering.is_eq(),
        "ne" => ordering.is_ne(),
        "gt" => ordering.is_gt(),
        "ge" => ordering.is_ge(),
        "lt" => ordering.is_lt(),
        _ => ordering.is_le(),
    }
}
