//! PATCH operations over every op and form of path, as values that print as a client writes them:
//! a model may look at the parts, the service reads the text.

use std::fmt;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use super::{
    filters::{self, Condition, Literals},
    resources, texts,
};
use crate::schema::{Attribute, Kind, ResourceType};

/// One operation of a PATCH request (RFC 7644 §3.5.2).
#[derive(Clone)]
pub struct Operation {
    /// `add`, `remove` or `replace`.
    pub op: &'static str,
    /// Where.
    pub target: Target,
    /// With what.
    pub content: Content,
}

/// What a path, or a key of a value without a path, names.
#[derive(Clone, Debug)]
pub enum Target {
    /// The resource: no path at all.
    Resource,
    /// The resource, by the URN of its core schema.
    Core(String),
    /// All of an extension, by its URN.
    Extension(String),
    /// An attribute, or a part of it.
    Attribute(Box<Place>),
    /// Nothing that there is.
    Unknown(String),
    /// Something of a schema that nobody here knows.
    Foreign(String),
}

/// A path that names an attribute: `urn:attribute[filter].part`, each but the attribute optional.
#[derive(Clone, Debug)]
pub struct Place {
    /// The URN of its extension.
    pub extension: Option<String>,
    /// The attribute.
    pub attribute: Attribute,
    /// Which elements of it.
    pub filter: Option<Condition>,
    /// Which part of it.
    pub part: Option<Attribute>,
    /// The URN that stands before it without need, if one does.
    core: Option<String>,
}

/// The value of an operation.
#[derive(Clone, Debug)]
pub enum Content {
    /// There is none.
    Absent,
    /// One of an attribute.
    Json(Json),
    /// Attributes by name, in this order.
    Named(Vec<(Target, Content)>),
}

/// Up to so many operations for a resource: what is in its document is named often.
pub fn operations(
    resource_type: &ResourceType,
    document: &Json,
    most: usize,
) -> BoxedStrategy<Vec<Operation>> {
    vec(operation(resource_type, document), 1..=most).boxed()
}

/// The body of a PATCH request with these operations.
pub fn body(operations: &[Operation]) -> String {
    let all: Vec<_> = operations.iter().map(Operation::to_json).collect();
    let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    format!("{{\"schemas\":{schemas},\"Operations\":[{}]}}", all.join(","))
}

impl Operation {
    /// The operation as JSON.
    pub fn to_json(&self) -> String {
        let mut members = vec![format!("\"op\":\"{}\"", self.op)];
        let path = self.target.text(true);
        members.extend(path.map(|it| format!("\"path\":{}", json!(it))));
        // An extension's own attributes stand in its value without its URN.
        let urn = !matches!(self.target, Target::Extension(_));
        members.extend(self.content.text(urn).map(|it| format!("\"value\":{it}")));
        format!("{{{}}}", members.join(","))
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Target {
    /// The path; inside the value of an extension without its URN.
    fn text(&self, urn: bool) -> Option<String> {
        match self {
            Self::Resource => None,
            Self::Core(it) | Self::Extension(it) | Self::Unknown(it) | Self::Foreign(it) => {
                Some(it.clone())
            }
            Self::Attribute(place) => {
                let prefix = place.extension.as_ref().filter(|_| urn).or(place.core.as_ref());
                let prefix = prefix.map_or_else(String::new, |it| format!("{it}:"));
                let filter = place.filter.as_ref().map_or_else(String::new, |it| format!("[{it}]"));
                let part =
                    place.part.as_ref().map_or_else(String::new, |it| format!(".{}", it.name));
                Some(format!("{prefix}{}{filter}{part}", place.attribute.name))
            }
        }
    }
}

impl Content {
    fn text(&self, urn: bool) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Json(it) => Some(it.to_string()),
            Self::Named(all) => {
                let member = |(key, value): &(Target, Self)| {
                    let inner = urn && !matches!(key, Target::Extension(_));
                    let (key, value) = (key.text(urn)?, value.text(inner)?);
                    Some(format!("{}:{value}", json!(key)))
                };
                Some(format!("{{{}}}", all.iter().filter_map(member).collect::<Vec<_>>().join(",")))
            }
        }
    }
}

fn operation(resource_type: &ResourceType, document: &Json) -> BoxedStrategy<Operation> {
    let op = || select(&["add", "replace", "remove"][..]);
    let places = places(resource_type);
    let (known, named) = (document.clone(), document.clone());
    let at_place = (op(), place(&places, document)).prop_flat_map(move |(op, place)| {
        let target = Just(Target::Attribute(Box::new(place.clone())));
        (Just(op), target, content(op, &place, &known))
    });
    let entries = entries(&places, document, 4);
    let whole = (select(&["add", "replace"][..]), Just(Target::Resource), entries.clone());
    let core = resource_type.schema.id.to_string();
    let nested =
        (Just(Target::Core(core.clone())), entries.clone()).prop_map(|it| Content::Named(vec![it]));
    let nested = (select(&["add", "replace"][..]), Just(Target::Resource), nested);
    let by_core = (op(), Just(Target::Core(core)), prop_oneof![4 => entries, 1 => odd()]);
    let nowhere = (op(), nowhere(), odd());
    let extension = extensions(resource_type, &named, &op().boxed());
    prop_oneof![8 => at_place, 3 => whole, 1 => nested, 1 => by_core, 1 => nowhere, 2 => extension]
        .prop_map(|(op, target, content)| Operation { op, target, content })
        .boxed()
}

/// Operations on an extension as a whole, and with it as a key.
fn extensions(
    resource_type: &ResourceType,
    document: &Json,
    op: &BoxedStrategy<&'static str>,
) -> BoxedStrategy<(&'static str, Target, Content)> {
    let mut all = vec![(op.clone(), nowhere(), odd()).boxed()];
    for extension in &resource_type.extensions {
        let urn = extension.schema.id.to_string();
        let attributes = extension.schema.attributes.iter();
        let places: Vec<_> = attributes.map(|it| bare(Some(&urn), it)).collect();
        let content = prop_oneof![5 => entries(&places, document, 3), 1 => odd()].boxed();
        let target = Just(Target::Extension(urn.clone()));
        let key = (target.clone(), content.clone()).prop_map(|it| Content::Named(vec![it]));
        let whole = (select(&["add", "replace"][..]), Just(Target::Resource), key);
        all.push(prop_oneof![3 => (op.clone(), target, content), 1 => whole].boxed());
    }
    proptest::strategy::Union::new(all).boxed()
}

/// Several attributes by name; no two of them have the same.
fn entries(places: &[Place], document: &Json, most: usize) -> BoxedStrategy<Content> {
    let known = document.clone();
    let one = place(places, document).prop_flat_map(move |place| {
        (Just(Target::Attribute(Box::new(place.clone()))), content("replace", &place, &known))
    });
    let unknown = (Just(Target::Unknown("favouriteColour".to_owned())), odd());
    vec(prop_oneof![12 => one, 1 => unknown], 0..=most)
        .prop_map(|mut all| {
            let mut seen = Vec::new();
            all.retain(|(target, content)| {
                let key = target.text(false).unwrap_or_default().to_ascii_lowercase();
                let new = !seen.contains(&key) && !matches!(content, Content::Absent);
                seen.push(key);
                new
            });
            Content::Named(all)
        })
        .boxed()
}

fn nowhere() -> BoxedStrategy<Target> {
    prop_oneof![
        select(&["favouriteColour", "name.colour", "emails[type eq \"work\"].colour"][..])
            .prop_map(|it| Target::Unknown(it.to_owned())),
        select(&["urn:acme:other", "urn:acme:other:colour"][..])
            .prop_map(|it| Target::Foreign(it.to_owned())),
    ]
    .boxed()
}

/// Every attribute of a type as a place.
fn places(resource_type: &ResourceType) -> Vec<Place> {
    let core = resource_type.common.iter().chain(&resource_type.schema.attributes);
    let mut all: Vec<_> = core.map(|it| bare(None, it)).collect();
    for (at, place) in all.iter_mut().enumerate() {
        place.core = (at.is_multiple_of(5)).then(|| resource_type.schema.id.to_string());
    }
    for extension in &resource_type.extensions {
        all.extend(
            extension.schema.attributes.iter().map(|it| bare(Some(&extension.schema.id), it)),
        );
    }
    all
}

fn bare(extension: Option<&str>, attribute: &Attribute) -> Place {
    let extension = extension.map(str::to_owned);
    Place { extension, attribute: attribute.clone(), filter: None, part: None, core: None }
}

/// One of the places, whole, in part, or some of its elements.
fn place(places: &[Place], document: &Json) -> BoxedStrategy<Place> {
    let literals = Literals { texts: texts_of(document), moments: Vec::new() };
    // Lists of labelled values have the most rules.
    let lists = places.iter().filter(|it| it.attribute.multi_valued).cloned().collect::<Vec<_>>();
    let any = select(places.to_vec()).boxed();
    let one = if lists.is_empty() { any } else { prop_oneof![any, select(lists)].boxed() };
    one.prop_flat_map(move |place| {
        let whole = Just(place.clone()).boxed();
        let filter = filter(&place.attribute, &literals);
        let parts = place.attribute.sub_attributes.clone();
        let filtered = {
            let place = place.clone();
            filter.prop_map(move |it| Place { filter: Some(it), ..place.clone() }).boxed()
        };
        let part = move |of: BoxedStrategy<Place>| {
            (of, select(parts.clone()))
                .prop_map(|(it, part)| Place { part: Some(part), ..it })
                .boxed()
        };
        match (place.attribute.multi_valued, place.attribute.kind == Kind::Complex) {
            (false, false) => whole,
            (false, true) => prop_oneof![whole.clone(), part(whole)].boxed(),
            (true, false) => prop_oneof![whole, filtered].boxed(),
            (true, true) => prop_oneof![
                3 => whole.clone(),
                1 => part(whole),
                2 => filtered.clone(),
                3 => part(filtered),
            ]
            .boxed(),
        }
    })
    .boxed()
}

/// A filter of elements: what clients send, and anything.
fn filter(attribute: &Attribute, literals: &Literals) -> BoxedStrategy<Condition> {
    let part = |name: &str| attribute.sub_attributes.iter().find(|it| &*it.name == name).cloned();
    let any = filters::inside(attribute, literals);
    let equal = |name: &'static str, value: BoxedStrategy<Json>| {
        value.prop_map(move |it| Condition::Compare(name.to_owned(), "eq", it)).boxed()
    };
    let mut usual = vec![any.clone()];
    let simple = attribute.sub_attributes.iter().filter(|it| it.kind != Kind::Complex);
    let simple: Vec<_> = simple.cloned().collect();
    if !simple.is_empty() {
        let one = select(simple).prop_flat_map(|part| {
            let name = part.name.to_string();
            resources::element(&part).prop_map(move |it| Condition::Compare(name.clone(), "eq", it))
        });
        usual.push(one.boxed());
    }
    if let Some(kind) = part("type") {
        usual.push(equal("type", resources::element(&kind)));
        let both = (equal("type", resources::element(&kind)), any);
        usual.push(both.prop_map(|(one, other)| Condition::And(vec![one, other])).boxed());
    }
    if part("value").is_some_and(|it| it.kind == Kind::String) && !literals.texts.is_empty() {
        let known = select(literals.texts.clone()).prop_map(Json::from);
        usual.push(equal("value", known.boxed()));
    }
    if part("primary").is_some() {
        usual.push(equal("primary", Just(json!(true)).boxed()));
    }
    proptest::strategy::Union::new(usual).boxed()
}

/// A value for an operation at a place: most often one that fits.
fn content(op: &str, place: &Place, document: &Json) -> BoxedStrategy<Content> {
    let chooses = place.filter.is_some() || place.part.is_some() && place.attribute.multi_valued;
    let target = place.part.as_ref().unwrap_or(&place.attribute);
    let whole = if chooses && place.part.is_none() {
        resources::element(target)
    } else {
        resources::value(target)
    };
    let known = known(place, document);
    let known = if known.is_empty() { whole.clone() } else { select(known).boxed() };
    let listed = whole.clone().prop_map(|it| json!([it]));
    let nothing = select(vec![json!(null), json!(""), json!([]), json!([null]), json!({})]);
    let value = prop_oneof![
        6 => whole.prop_map(Content::Json),
        3 => known.prop_map(Content::Json),
        2 => nothing.prop_map(Content::Json),
        1 => listed.prop_map(Content::Json),
        1 => odd(),
    ];
    if op == "remove" {
        prop_oneof![2 => Just(Content::Absent), 1 => value].boxed()
    } else {
        prop_oneof![60 => value, 1 => Just(Content::Absent)].boxed()
    }
}

/// A value of no particular type.
fn odd() -> BoxedStrategy<Content> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i8>().prop_map(Json::from),
        texts::text().prop_map(Json::from),
        Just(json!("True")),
    ];
    let pair = (select(&["value", "type", "primary", "x"][..]), leaf.clone());
    prop_oneof![
        3 => leaf.clone(),
        1 => vec(leaf, 0..3).prop_map(Json::from),
        1 => vec(pair, 0..3).prop_map(|all| {
            all.into_iter().map(|(name, it)| (name.to_owned(), it)).collect::<serde_json::Map<_, _>>().into()
        }),
    ]
    .prop_map(Content::Json)
    .boxed()
}

/// What the document has at a place: the whole, its elements, or their parts.
fn known(place: &Place, document: &Json) -> Vec<Json> {
    let holder = place.extension.as_ref().map_or(Some(document), |urn| document.get(urn));
    let Some(whole) = holder.and_then(|it| it.get(&*place.attribute.name)) else {
        return Vec::new();
    };
    let elements = whole.as_array().map_or(std::slice::from_ref(whole), Vec::as_slice);
    match &place.part {
        Some(part) => elements.iter().filter_map(|it| it.get(&*part.name)).cloned().collect(),
        None => elements.iter().chain([whole]).cloned().collect(),
    }
}

/// Every text of a document.
fn texts_of(json: &Json) -> Vec<String> {
    match json {
        Json::String(it) => vec![it.clone()],
        Json::Array(all) => all.iter().flat_map(texts_of).collect(),
        Json::Object(all) => all.values().flat_map(texts_of).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) => Vec::new(),
    }
}
