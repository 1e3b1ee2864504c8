//! Filters over every operator, nesting, value path and attribute of a resource type.

use std::fmt;

use proptest::{collection::vec, prelude::*, sample::select, strategy::SBoxedStrategy};
use serde_json::{Value as Json, json};

use super::{resources, texts};
use crate::schema::{Attribute, Kind, Mutability, ResourceType, Returned};

/// The operators of RFC 7644 §3.4.2.2 that take a value.
const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

/// A filter as RFC 7644 §3.4.2.2 builds it; it prints as a client writes it.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// Any of them.
    Or(Vec<Condition>),
    /// Not that.
    Not(Box<Condition>),
    /// The attribute has a value.
    Present(String),
    /// The attribute compares so with a literal.
    Compare(String, &'static str, Json),
    /// One element satisfies the conditions inside the brackets, and the one behind them.
    Element(String, Box<Condition>, Option<Box<Condition>>),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(all) => joined(f, all, " and "),
            Self::Or(all) => joined(f, all, " or "),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(path, operator, literal) => write!(f, "{path} {operator} {literal}"),
            Self::Element(path, inner, None) => write!(f, "{path}[{inner}]"),
            Self::Element(path, inner, Some(behind)) => write!(f, "{path}[{inner}].{behind}"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Condition], word: &str) -> fmt::Result {
    for (at, part) in all.iter().enumerate() {
        f.write_str(if at > 0 { word } else { "" })?;
        write!(f, "({part})")?;
    }
    Ok(())
}

/// What filters compare with, beside texts and moments of their own.
#[derive(Clone, Debug, Default)]
pub struct Literals {
    /// Texts that occur in the resources: ids, above all.
    pub texts: Vec<String>,
    /// Moments at which something happened.
    pub moments: Vec<String>,
}

/// An attribute under a name that filters may use.
#[derive(Clone, Debug)]
struct Subject {
    path: String,
    attribute: Attribute,
}

/// A filter that the resource type allows, over all its attributes.
pub fn filter(resource_type: &ResourceType, literals: &Literals) -> BoxedStrategy<Condition> {
    let (simple, whole) = subjects(resource_type);
    let all: Vec<_> = simple.iter().chain(&whole).cloned().collect();
    let listed: Vec<_> = all.iter().filter(|it| takes_brackets(it)).cloned().collect();
    let valued: Vec<_> = whole.iter().filter_map(with_value).collect();
    let (inside, about) = (literals.clone(), literals.clone());
    let element = select(listed).prop_flat_map(move |it| element(&it, &inside));
    let of_complex = select(valued).prop_flat_map(move |it| comparison(&it, &about));
    let literals = literals.clone();
    tree(
        prop_oneof![
            6 => select(simple).prop_flat_map(move |it| comparison(&it, &literals)),
            2 => presence(all),
            3 => element,
            1 => of_complex,
        ]
        .boxed(),
        4,
    )
}

/// Every name that a filter or an order may use, in some spelling.
pub fn paths(resource_type: &ResourceType) -> Vec<String> {
    let (simple, whole) = subjects(resource_type);
    simple.into_iter().chain(whole).map(|it| it.path).collect()
}

/// The same for the brackets behind an attribute: names are those of its parts.
pub fn inside(attribute: &Attribute, literals: &Literals) -> BoxedStrategy<Condition> {
    let parts = parts(attribute);
    let literals = literals.clone();
    let compared = select(parts.clone()).prop_flat_map(move |it| comparison(&it, &literals));
    tree(prop_oneof![4 => compared, 1 => presence(parts)].boxed(), 2)
}

/// A text that looks like a filter and may compare anything with anything by any operator.
pub fn ill_typed(resource_type: &ResourceType) -> BoxedStrategy<String> {
    let (simple, whole) = subjects(resource_type);
    let mut names: Vec<_> = simple.into_iter().chain(whole).map(|it| it.path).collect();
    names.extend(
        ["password", "nothing", "name.nothing", "urn:acme:other:x", "urn:", "emails[", ""]
            .map(str::to_owned),
    );
    let literal = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<f64>().prop_map(|it| it.to_string()),
        texts::text().prop_map(|it| json!(it).to_string()),
        texts::moment().prop_map(|it| format!("\"{it}\"")),
        "[^ ]{0,4}",
    ];
    let operator = select(&["eq", "NE", "co", "gt", "le", "pr", "and", "is", ""][..]);
    let term = (select(names), operator, literal).prop_map(|(name, operator, literal)| {
        if operator == "pr" { format!("{name} pr") } else { format!("{name} {operator} {literal}") }
    });
    (vec(term, 1..4), select(&[" and ", " or ", ") and not (", "] or ["][..]))
        .prop_map(|(all, word)| format!("({})", all.join(word)))
        .boxed()
}

/// Joins leaves to trees that stay inside the limits of the parser.
fn tree(leaf: BoxedStrategy<Condition>, depth: u32) -> BoxedStrategy<Condition> {
    leaf.prop_recursive(depth, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::And),
            vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|it| Condition::Not(Box::new(it))),
        ]
    })
    .boxed()
}

fn element(subject: &Subject, literals: &Literals) -> BoxedStrategy<Condition> {
    let path = subject.path.clone();
    let inner = inside(&subject.attribute, literals);
    let literals = literals.clone();
    let behind =
        select(parts(&subject.attribute)).prop_flat_map(move |it| comparison(&it, &literals));
    (inner, proptest::option::weighted(0.25, behind))
        .prop_map(move |(inner, behind)| {
            Condition::Element(path.clone(), Box::new(inner), behind.map(Box::new))
        })
        .boxed()
}

fn comparison(subject: &Subject, literals: &Literals) -> BoxedStrategy<Condition> {
    let attribute = &subject.attribute;
    let operators: Vec<_> =
        OPERATORS.into_iter().filter(|operator| allows(attribute.kind, operator)).collect();
    let path = subject.path.clone();
    (select(operators), literal(attribute, literals))
        .prop_map(move |(operator, literal)| Condition::Compare(path.clone(), operator, literal))
        .boxed()
}

fn presence(subjects: Vec<Subject>) -> impl Strategy<Value = Condition> {
    (select(subjects), select(&["pr", "eq", "ne"][..])).prop_map(|(it, how)| match how {
        "pr" => Condition::Present(it.path),
        _ => Condition::Compare(it.path, how, Json::Null),
    })
}

/// Which operators RFC 7644 §3.4.2.2 allows for a type; substrings of dates are ours.
fn allows(kind: Kind, operator: &str) -> bool {
    let equality = ["eq", "ne"].contains(&operator);
    let substring = ["co", "sw", "ew"].contains(&operator);
    match kind {
        Kind::String | Kind::Reference | Kind::DateTime => true,
        Kind::Boolean | Kind::Complex => equality,
        Kind::Binary => equality || substring,
        Kind::Integer | Kind::Decimal => !substring,
    }
}

fn literal(attribute: &Attribute, literals: &Literals) -> BoxedStrategy<Json> {
    let among = |some: &[String], others: SBoxedStrategy<String>| {
        let known = if some.is_empty() { others.clone() } else { select(some.to_vec()).sboxed() };
        prop_oneof![1 => known, 2 => others].prop_map(Json::from).boxed()
    };
    match attribute.kind {
        Kind::DateTime => among(&literals.moments, texts::moment()),
        Kind::String | Kind::Reference => {
            let own = resources::element(attribute);
            prop_oneof![3 => own, 2 => among(&literals.texts, texts::text()), 1 => Just(json!(""))]
                .boxed()
        }
        Kind::Boolean | Kind::Integer | Kind::Decimal | Kind::Binary => {
            resources::element(attribute)
        }
        Kind::Complex => Just(Json::Null).boxed(),
    }
}

/// The simple attributes and sub-attributes of a type, and the complex ones.
fn subjects(resource_type: &ResourceType) -> (Vec<Subject>, Vec<Subject>) {
    let core = resource_type.common.iter().chain(&resource_type.schema.attributes);
    let core = core.map(|it| (None, it));
    let extensions = resource_type.extensions.iter().flat_map(|extension| {
        extension.schema.attributes.iter().map(|it| (Some(&*extension.schema.id), it))
    });
    let mut all = Vec::new();
    for (urn, attribute) in core.chain(extensions).filter(|(_, it)| is_readable(it)) {
        let path =
            urn.map_or_else(|| attribute.name.to_string(), |it| format!("{it}:{}", attribute.name));
        for part in attribute.sub_attributes.iter().filter(|it| is_readable(it)) {
            all.push(Subject { path: format!("{path}.{}", part.name), attribute: part.clone() });
        }
        all.push(Subject { path, attribute: attribute.clone() });
    }
    // Names count in any case, and those of the core also behind its URN (RFC 7644 §3.10).
    let odd = all.iter().enumerate().filter(|(at, _)| at.is_multiple_of(4));
    let odd: Vec<_> = odd.map(|(at, it)| otherwise(it, &resource_type.schema.id, at)).collect();
    all.extend(odd);
    all.into_iter().partition(|it| it.attribute.kind != Kind::Complex)
}

fn otherwise(subject: &Subject, core: &str, at: usize) -> Subject {
    let capitals = subject.path.contains(':') || at.is_multiple_of(8);
    let path = if capitals {
        subject.path.to_ascii_uppercase()
    } else {
        format!("{core}:{}", subject.path)
    };
    Subject { path, attribute: subject.attribute.clone() }
}

fn is_readable(attribute: &Attribute) -> bool {
    attribute.mutability != Mutability::WriteOnly && attribute.returned != Returned::Never
}

/// A list, or a complex attribute; not a part of one.
fn takes_brackets(subject: &Subject) -> bool {
    let part = subject.path.rsplit(':').next().is_some_and(|it| it.contains('.'));
    !part && (subject.attribute.multi_valued || subject.attribute.kind == Kind::Complex)
}

/// What may be named inside the brackets behind an attribute.
fn parts(attribute: &Attribute) -> Vec<Subject> {
    let named = |it: &Attribute| Subject { path: it.name.to_string(), attribute: it.clone() };
    if attribute.sub_attributes.is_empty() {
        return vec![Subject { path: "value".to_owned(), attribute: attribute.clone() }];
    }
    attribute.sub_attributes.iter().filter(|it| is_readable(it)).map(named).collect()
}

/// A complex attribute that is compared by its `value`.
fn with_value(subject: &Subject) -> Option<Subject> {
    let mut parts = subject.attribute.sub_attributes.iter();
    let value = parts.find(|it| &*it.name == "value" && it.kind != Kind::Complex)?;
    Some(Subject { path: subject.path.clone(), attribute: value.clone() })
}
