//! From JSON to a schema: whether everything is there and of the right type.

use super::{Rule, Undeclarable, refusal::told};
use crate::{
    Json,
    schema::{
        Attribute, Kind, Mutability, Returned, Schema, Uniqueness, build,
        discovery::{kind, mutability, returned, uniqueness},
    },
};

type Result<T> = std::result::Result<T, Undeclarable>;

const KINDS: [Kind; 8] = [
    Kind::String,
    Kind::Boolean,
    Kind::Decimal,
    Kind::Integer,
    Kind::DateTime,
    Kind::Binary,
    Kind::Reference,
    Kind::Complex,
];
const MUTABILITIES: [Mutability; 4] =
    [Mutability::ReadOnly, Mutability::ReadWrite, Mutability::Immutable, Mutability::WriteOnly];
const RETURNED: [Returned; 4] =
    [Returned::Always, Returned::Never, Returned::Default, Returned::Request];
const UNIQUENESSES: [Uniqueness; 3] = [Uniqueness::None, Uniqueness::Server, Uniqueness::Global];

const OF_SCHEMA: &[&str] = &["schemas", "meta", "id", "name", "description", "attributes"];
const OF_ATTRIBUTE: &[&str] = &[
    "name",
    "type",
    "multiValued",
    "description",
    "required",
    "caseExact",
    "mutability",
    "returned",
    "uniqueness",
    "canonicalValues",
    "referenceTypes",
    "subAttributes",
    "indexed",
];

pub(super) fn schema(json: &Json) -> Result<Schema> {
    let it = Members::of("", json, OF_SCHEMA)?;
    let id = it.text("id")?.ok_or_else(|| Undeclarable::schema(Rule::Missing("id")))?;
    let attributes = it.list("attributes")?;
    let attributes: Vec<_> =
        attributes.iter().map(|attribute| read(None, attribute)).collect::<Result<_>>()?;
    if attributes.is_empty() {
        return Err(Undeclarable::schema(Rule::Missing("attributes")));
    }
    Ok(Schema {
        id: id.into(),
        name: it.text("name")?.unwrap_or(id).trim().to_owned(),
        description: it.text("description")?.unwrap_or_default().trim().to_owned(),
        attributes,
    })
}

/// Reads an attribute, or a part of the attribute of that name.
fn read(whole: Option<&str>, json: &Json) -> Result<Attribute> {
    let named = json.get("name").and_then(Json::as_str).map(told).unwrap_or_default();
    let at = whole.map_or_else(|| named.clone(), |whole| format!("{whole}.{named}"));
    let it = Members::of(&at, json, OF_ATTRIBUTE)?;
    let name = it.text("name")?.ok_or_else(|| it.refuse(Rule::Missing("the name")))?;
    let of_kind = it.word("type", &KINDS, kind, "a data type of RFC 7643 §2.3")?;
    let plain = build::attribute(of_kind.unwrap_or(Kind::String), name, "");
    let mutability = it.word("mutability", &MUTABILITIES, mutability, MUTABILITY)?;
    let mutability = mutability.unwrap_or(plain.mutability);
    // RFC 7643 §2.2: what is write-only is usually never returned.
    let shown = if mutability == Mutability::WriteOnly { Returned::Never } else { plain.returned };
    let parts = it.list("subAttributes")?;
    let parts: Vec<_> = parts.iter().map(|part| read(Some(&at), part)).collect::<Result<_>>()?;
    let attribute = Attribute {
        description: it.text("description")?.unwrap_or_default().trim().to_owned(),
        multi_valued: it.flag("multiValued")?.unwrap_or(plain.multi_valued),
        required: it.flag("required")?.unwrap_or(plain.required),
        case_exact: case_exact(&plain, it.flag("caseExact")?),
        returned: it.word("returned", &RETURNED, returned, RETURN)?.unwrap_or(shown),
        uniqueness: it
            .word("uniqueness", &UNIQUENESSES, uniqueness, "none, server or global")?
            .unwrap_or(plain.uniqueness),
        canonical_values: it.texts("canonicalValues")?,
        reference_types: it.texts("referenceTypes")?,
        indexed: it.flag("indexed")?.unwrap_or(plain.indexed),
        sub_attributes: parts.into_iter().map(|part| inherit(mutability, part)).collect(),
        mutability,
        ..plain
    };
    Ok(attribute)
}

const MUTABILITY: &str = "readWrite, immutable, writeOnly or readOnly";
const RETURN: &str = "always, default, request or never";

/// Base64 is case-exact by nature, whatever a schema says (RFC 7643 §2.3.6; its own schemas say
/// otherwise); of texts the declaration decides, and of the rest there is nothing to decide.
const fn case_exact(plain: &Attribute, declared: Option<bool>) -> bool {
    match (plain.kind, declared) {
        (Kind::String | Kind::Reference, Some(declared)) => declared,
        (
            Kind::String
            | Kind::Reference
            | Kind::Boolean
            | Kind::Decimal
            | Kind::Integer
            | Kind::DateTime
            | Kind::Binary
            | Kind::Complex,
            _,
        ) => plain.case_exact,
    }
}

/// A part of an attribute of this mutability.
fn inherit(whole: Mutability, part: Attribute) -> Attribute {
    match whole {
        Mutability::Immutable => Attribute { mutability: whole, ..part },
        Mutability::WriteOnly => Attribute { mutability: whole, returned: Returned::Never, ..part },
        Mutability::ReadWrite | Mutability::ReadOnly => part,
    }
}

/// An object of a declaration.
struct Members<'j> {
    at: &'j str,
    json: &'j Json,
}

impl<'j> Members<'j> {
    fn of(at: &'j str, json: &'j Json, known: &[&str]) -> Result<Self> {
        let it = Self { at, json };
        let Json::Object(members) = json else {
            let key = if at.is_empty() { "it" } else { "an attribute" };
            return Err(it.refuse(Rule::Type { key, wanted: "an object" }));
        };
        for (name, _) in members {
            if !known.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                return Err(it.refuse(Rule::Unknown(told(name))));
            }
        }
        Ok(it)
    }

    fn refuse(&self, rule: Rule) -> Undeclarable {
        Undeclarable::at(self.at, rule)
    }

    /// A member that is there and not null.
    fn get(&self, key: &str) -> Option<&'j Json> {
        self.json.get(key).filter(|it| !matches!(it, Json::Null))
    }

    fn text(&self, key: &'static str) -> Result<Option<&'j str>> {
        let Some(json) = self.get(key) else { return Ok(None) };
        let text = json.as_str();
        text.map(Some).ok_or_else(|| self.refuse(Rule::Type { key, wanted: "a string" }))
    }

    fn flag(&self, key: &'static str) -> Result<Option<bool>> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.refuse(Rule::Type { key, wanted: "true or false" })),
        }
    }

    fn list(&self, key: &'static str) -> Result<&'j [Json]> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Json::Array(all)) => Ok(all),
            Some(_) => Err(self.refuse(Rule::Type { key, wanted: "a list" })),
        }
    }

    fn texts(&self, key: &'static str) -> Result<Vec<String>> {
        let wrong = || self.refuse(Rule::Type { key, wanted: "a list of strings" });
        let texts = self.list(key)?.iter().map(|it| it.as_str().map(str::to_owned));
        texts.map(|it| it.ok_or_else(wrong)).collect()
    }

    /// One of a few words, in any case.
    fn word<T: Copy>(
        &self,
        key: &'static str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
        wanted: &'static str,
    ) -> Result<Option<T>> {
        let Some(word) = self.text(key)? else { return Ok(None) };
        let found = all.iter().copied().find(|it| name(*it).eq_ignore_ascii_case(word));
        found.map(Some).ok_or_else(|| self.refuse(Rule::Type { key, wanted }))
    }
}
