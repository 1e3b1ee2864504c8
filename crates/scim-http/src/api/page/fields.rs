//! Schemas as tables: a line for each property, those of objects inside under their object.

use std::fmt::Write as _;

use serde_json::Value;

use super::prose::Prose;

/// Deeper, nothing is shown.
const DEEPEST: usize = 6;

/// A line of a table.
pub(super) struct Field {
    pub(super) name: String,
    /// How deep inside it stands.
    pub(super) depth: usize,
    /// Where it stands, of a parameter.
    pub(super) place: Option<String>,
    pub(super) type_text: String,
    pub(super) required: bool,
    pub(super) description: Prose,
}

/// Reads schemas of a document.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'a>(pub(super) &'a Value);

impl<'a> Schemas<'a> {
    /// What a reference leads to, or the value itself.
    pub(super) fn resolve(self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        target.and_then(|it| self.0.pointer(it)).unwrap_or(value)
    }

    /// The lines of a body.
    pub(super) fn fields(self, schema: &'a Value) -> Vec<Field> {
        let mut lines = Vec::new();
        self.collect(schema, 0, &mut lines);
        lines
    }

    fn collect(self, schema: &'a Value, depth: usize, lines: &mut Vec<Field>) {
        if depth > DEEPEST {
            return;
        }
        let schema = self.resolve(schema);
        for part in parts(schema) {
            self.collect(part, depth, lines);
        }
        if schema["items"].is_object() {
            self.collect(&schema["items"], depth, lines);
        }
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let own = property["description"].as_str();
            let inherited = || self.resolve(property)["description"].as_str();
            lines.push(Field {
                name: name.clone(),
                depth,
                place: None,
                type_text: self.type_text(property),
                required: required.contains(&name.as_str()),
                description: Prose::of(own.or_else(inherited).unwrap_or_default()),
            });
            self.collect(property, depth + 1, lines);
        }
    }

    /// A parameter as a line.
    pub(super) fn parameter(self, parameter: &'a Value) -> Field {
        let text = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
        Field {
            name: text("name"),
            depth: 0,
            place: Some(text("in")),
            type_text: self.type_text(&parameter["schema"]),
            required: parameter["required"].as_bool().unwrap_or_default(),
            description: Prose::of(&text("description")),
        }
    }

    /// What a value may be, in a few words.
    pub(super) fn type_text(self, schema: &'a Value) -> String {
        let schema = self.resolve(schema);
        let several: Vec<_> = parts(schema).map(|it| self.type_text(it)).collect();
        if !several.is_empty() {
            return several.join(" or ");
        }
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            return values.join(" or ");
        }
        let types: Vec<_> = match &schema["type"] {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let named = types.iter().map(|it| match *it {
            "array" => format!("list of {}", self.type_text(&schema["items"])),
            "string" => schema["format"].as_str().unwrap_or("string").to_owned(),
            other => other.to_owned(),
        });
        let mut text = named.collect::<Vec<_>>().join(" or ");
        text.push_str(&limits(schema));
        text
    }
}

/// The schemas that one is made of.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|it| schema[it].as_array());
    lists.flatten()
}

/// What a value must keep to beside its type.
fn limits(schema: &Value) -> String {
    let bound = |name: &str| schema.get(name).filter(|it| it.is_number()).map(ToString::to_string);
    let range = |least: Option<String>, most: Option<String>, unit: &str| match (least, most) {
        (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
        (Some(least), None) => format!(", {least}{unit} or more"),
        (None, Some(most)) => format!(", up to {most}{unit}"),
        (None, None) => String::new(),
    };
    let mut text = range(bound("minimum"), bound("maximum"), "");
    text.push_str(&range(bound("minLength"), bound("maxLength"), " characters"));
    text.push_str(&range(bound("minItems"), bound("maxItems"), " items"));
    if let Some(default) = schema.get("default") {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {default} unless given");
    }
    text
}
