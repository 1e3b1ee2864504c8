//! Columns of a CSV file, and the users that its rows are.

use std::sync::Arc;

use anyhow::bail;
use scim_domain::Json;
use scim_domain::resource::limits::VALUES;
use scim_domain::schema::{Attribute, AttributeRef, Found, Kind, Mutability, ResourceType};

use super::cells;

/// Where the cells of a column belong.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    extension: Option<Arc<str>>,
    attribute: Arc<str>,
    /// Which element of a list, from 0; none where it is no list.
    element: Option<usize>,
    part: Option<Arc<str>>,
    /// Which element of the part, where that is a list itself.
    part_element: Option<usize>,
    kind: Kind,
}

/// A path with the numbers of elements apart from the names.
#[derive(Debug, Default)]
struct Numbered {
    names: Vec<String>,
    /// After the first name.
    element: Option<usize>,
    /// After the second.
    part_element: Option<usize>,
}

impl Column {
    /// Reads a header. None for what nobody but the service sets, such as `id`.
    ///
    /// # Errors
    /// A header that names no attribute; says which is near.
    pub fn read(resource_type: &ResourceType, header: &str) -> anyhow::Result<Option<Self>> {
        let header = header.trim();
        let (urn, path) = match header.rfind(':') {
            Some(colon) => header.split_at(colon + 1),
            None => ("", header),
        };
        let numbered = Numbered::read(path);
        let name = numbered.names.join(".");
        let found = match resource_type.find(&format!("{urn}{name}")) {
            Found::Attribute(found) => Some(found),
            Found::Core | Found::Extension(_) | Found::Foreign => None,
            Found::Unknown { nearest } => match resource_type.in_extension(&name) {
                Some(found) => Some(found),
                None => bail!("the column {header:?} names no attribute{}", did_you_mean(nearest)),
            },
        };
        let Some(found) = found else { bail!("the column {header:?} names no attribute") };
        if !is_written(found.attribute) || !is_written(found.target()) {
            return Ok(None);
        }
        Self::at(header, found, &numbered).map(Some)
    }

    fn at(header: &str, found: AttributeRef<'_>, numbered: &Numbered) -> anyhow::Result<Self> {
        let AttributeRef { extension, attribute, sub_attribute } = found;
        let part = match sub_attribute {
            Some(part) => Some(part),
            None if attribute.kind == Kind::Complex => match attribute.sub("value") {
                Some(value) => Some(value),
                None => bail!("the column {header:?} must name a part of {}", attribute.name),
            },
            None => None,
        };
        Ok(Self {
            extension: extension.map(|it| it.id.clone()),
            attribute: attribute.name.clone(),
            element: place(header, attribute, numbered.element)?,
            part: part.map(|it| it.name.clone()),
            part_element: match part {
                Some(part) => place(header, part, numbered.part_element)?,
                None => None,
            },
            kind: part.unwrap_or(attribute).kind,
        })
    }

    /// Puts a value into the user that is being read.
    fn put(&self, user: &mut Json, text: &str) {
        let mut slot = user;
        if let Some(urn) = &self.extension {
            slot = member(slot, urn);
        }
        slot = member(slot, &self.attribute);
        if let Some(at) = self.element {
            slot = element(slot, at);
        }
        if let Some(part) = &self.part {
            slot = member(slot, part);
        }
        if let Some(at) = self.part_element {
            slot = element(slot, at);
        }
        *slot = typed(self.kind, text);
    }
}

/// The user of a row. Empty cells say nothing.
pub fn user<'a>(columns: &[Option<Column>], cells: impl Iterator<Item = &'a str>) -> Json {
    let mut user = Json::Object(Vec::new());
    for (column, cell) in columns.iter().zip(cells) {
        if let (Some(column), false) = (column, cell.is_empty()) {
            column.put(&mut user, cells::plain(cell));
        }
    }
    close_ranks(&mut user);
    user
}

impl Numbered {
    fn read(path: &str) -> Self {
        let mut numbered = Self::default();
        for segment in path.split('.') {
            match (segment.parse(), numbered.names.len()) {
                (Ok(number), 1) => numbered.element = Some(number),
                (Ok(number), 2) => numbered.part_element = Some(number),
                (Ok(_) | Err(_), _) => numbered.names.push(segment.to_owned()),
            }
        }
        numbered
    }
}

/// The place of an element, from 0, where an attribute is a list.
fn place(header: &str, of: &Attribute, number: Option<usize>) -> anyhow::Result<Option<usize>> {
    match (of.multi_valued, number) {
        (true, None) => Ok(Some(0)),
        (true, Some(number)) if (1..=VALUES).contains(&number) => Ok(Some(number - 1)),
        (true, Some(_)) => bail!("the column {header:?} is beyond {VALUES} values"),
        (false, None) => Ok(None),
        (false, Some(_)) => bail!("the column {header:?} numbers what is no list"),
    }
}

fn did_you_mean(nearest: Option<String>) -> String {
    nearest.map_or_else(String::new, |it| format!(": did you mean {it}?"))
}

fn is_written(attribute: &Attribute) -> bool {
    match attribute.mutability {
        Mutability::ReadWrite | Mutability::Immutable => true,
        Mutability::ReadOnly | Mutability::WriteOnly => false,
    }
}

/// The value of a cell. What is not of the type stays a text, which is refused with the path.
fn typed(kind: Kind, text: &str) -> Json {
    match kind {
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Json::Bool(true),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Json::Bool(false),
        Kind::Integer | Kind::Decimal => match text.parse() {
            Ok(number) => Json::Number(number),
            Err(_) => Json::String(text.to_owned()),
        },
        Kind::Boolean
        | Kind::String
        | Kind::Reference
        | Kind::Binary
        | Kind::DateTime
        | Kind::Complex => Json::String(text.to_owned()),
    }
}

/// The member of an object, made where it is missing.
fn member<'a>(slot: &'a mut Json, name: &str) -> &'a mut Json {
    if !matches!(slot, Json::Object(_)) {
        *slot = Json::Object(Vec::new());
    }
    let Json::Object(members) = slot else { return slot };
    let at = members.iter().position(|(it, _)| it == name).unwrap_or_else(|| {
        members.push((name.to_owned(), Json::Null));
        members.len() - 1
    });
    &mut members[at].1
}

/// The element of a list, made where it is missing.
fn element(slot: &mut Json, at: usize) -> &mut Json {
    if !matches!(slot, Json::Array(_)) {
        *slot = Json::Array(Vec::new());
    }
    let Json::Array(elements) = slot else { return slot };
    if elements.len() <= at {
        elements.resize(at + 1, Json::Null);
    }
    &mut elements[at]
}

/// Takes out of lists what no cell has filled.
fn close_ranks(json: &mut Json) {
    match json {
        Json::Array(elements) => elements.retain(|it| *it != Json::Null),
        Json::Object(members) => members.iter_mut().for_each(|(_, it)| close_ranks(it)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[cfg(test)]
mod tests;
