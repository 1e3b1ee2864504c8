//! Resource types: the standard ones, one with everything at once, and any.

use std::{fmt, ops::Deref, sync::Arc};

use proptest::{collection::vec, prelude::*, sample::select};

use crate::schema::{Attribute, Catalog, Extension, Kind, Mutability, ResourceType, Schema};

/// The URN of the custom extension of [`every_kind`] and [`any_user`].
pub const ODD: &str = "urn:acme:params:scim:2.0:Odd";

const KINDS: [(&str, Kind); 7] = [
    ("text", Kind::String),
    ("flag", Kind::Boolean),
    ("share", Kind::Decimal),
    ("level", Kind::Integer),
    ("since", Kind::DateTime),
    ("badge", Kind::Binary),
    ("page", Kind::Reference),
];

/// A resource type that was drawn; says in short what is special about it.
#[derive(Clone)]
pub struct Drawn(pub ResourceType);

impl Deref for Drawn {
    type Target = ResourceType;

    fn deref(&self) -> &ResourceType {
        &self.0
    }
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        let odd = self.extensions.iter().filter(|it| &*it.schema.id == ODD);
        for attribute in odd.flat_map(|it| &it.schema.attributes) {
            let Attribute { name, kind, multi_valued, mutability, case_exact, .. } = attribute;
            let list = if *multi_valued { "list of " } else { "" };
            let exact = if *case_exact { "exact " } else { "" };
            write!(f, "\n  {name}: {mutability:?} {list}{exact}{kind:?}")?;
            for part in &attribute.sub_attributes {
                write!(f, " {}", part.name)?;
            }
        }
        Ok(())
    }
}

/// A resource type, standard or not.
pub fn any() -> BoxedStrategy<Drawn> {
    let standard = Catalog::standard();
    prop_oneof![
        1 => Just(Drawn(standard.user.clone())),
        2 => Just(Drawn(every_kind())),
        1 => Just(Drawn(standard.group.clone())),
        2 => any_user().prop_map(Drawn),
    ]
    .boxed()
}

/// Users with an extension that has an attribute of every kind, single, as a list, and as a part
/// of a complex one.
pub fn every_kind() -> ResourceType {
    let simple: Vec<Attribute> = KINDS
        .iter()
        .flat_map(|(name, kind)| {
            [attribute(name, *kind, false), attribute(&format!("{name}s"), *kind, true)]
        })
        .collect();
    let parts =
        Attribute { sub_attributes: simple.clone(), ..attribute("parts", Kind::Complex, true) };
    let whole =
        Attribute { sub_attributes: simple.clone(), ..attribute("whole", Kind::Complex, false) };
    extended(simple.into_iter().chain([parts, whole]).collect())
}

/// Users with any custom extension.
pub fn any_user() -> BoxedStrategy<ResourceType> {
    vec(any_attribute(), 1..5)
        .prop_map(|drawn| {
            let numbered = drawn.into_iter().enumerate();
            let named = |(at, it): (usize, Attribute)| Attribute {
                name: format!("{}{at}", it.name).into(),
                ..it
            };
            extended(numbered.map(named).collect())
        })
        .boxed()
}

fn any_attribute() -> BoxedStrategy<Attribute> {
    let simple = any_simple();
    let complex = (
        proptest::sample::subsequence(KINDS.to_vec(), 1..4),
        proptest::arbitrary::any::<bool>(),
        proptest::arbitrary::any::<bool>(),
    )
        .prop_map(|(kinds, multi_valued, valued)| {
            let mut parts: Vec<Attribute> =
                kinds.iter().map(|(name, kind)| attribute(name, *kind, false)).collect();
            if valued {
                parts.push(attribute("value", Kind::String, false));
                parts.push(attribute("type", Kind::String, false));
                parts.push(attribute("primary", Kind::Boolean, false));
            }
            let whole = attribute("complex", Kind::Complex, multi_valued);
            Attribute { sub_attributes: parts, ..whole }
        });
    prop_oneof![2 => simple, 1 => complex].boxed()
}

fn any_simple() -> impl Strategy<Value = Attribute> {
    let mutability = prop_oneof![
        6 => Just(Mutability::ReadWrite),
        2 => Just(Mutability::Immutable),
        1 => Just(Mutability::ReadOnly),
        1 => Just(Mutability::WriteOnly),
    ];
    (
        select(&KINDS[..]),
        proptest::arbitrary::any::<bool>(),
        proptest::arbitrary::any::<bool>(),
        mutability,
    )
        .prop_map(|((name, kind), multi_valued, exact, mutability)| {
            let made = attribute(name, kind, multi_valued);
            Attribute { case_exact: exact || made.case_exact, mutability, ..made }
        })
}

/// An attribute with the defaults of RFC 7643 §2.2.
fn attribute(name: &str, kind: Kind, multi_valued: bool) -> Attribute {
    let catalog = Catalog::standard();
    // Any optional text has them.
    let plain = catalog.user.schema.attributes.iter().find(|it| &*it.name == "title").unwrap();
    let case_exact = matches!(kind, Kind::Reference | Kind::Binary);
    Attribute { name: name.into(), kind, multi_valued, case_exact, ..plain.clone() }
}

fn extended(attributes: Vec<Attribute>) -> ResourceType {
    let mut user = Catalog::standard().user.clone();
    let schema = Schema {
        id: ODD.into(),
        name: "Odd".to_owned(),
        description: "Everything at once".to_owned(),
        attributes,
    };
    user.extensions.push(Extension { schema: Arc::new(schema), required: false, declared: false });
    user
}
