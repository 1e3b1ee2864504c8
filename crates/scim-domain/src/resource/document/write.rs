//! The stored form of a document, written without an error that could happen.

use std::fmt::Write;

use crate::{
    resource::{Object, Value},
    schema::ResourceType,
};

/// [`Document::to_json`](super::Document::to_json): attributes in the order of the schemas, so
/// that equal documents are equal texts as far as their lists and parts are in the same order.
pub(super) fn document(resource_type: &ResourceType, attributes: &Object) -> String {
    let mut out = String::with_capacity(512);
    out.push_str("{\"schemas\":[");
    write_text(&mut out, &resource_type.schema.id);
    let extensions = || resource_type.extensions.iter().map(|it| &it.schema.id);
    for urn in extensions().filter(|it| attributes.get(it).is_some()) {
        out.push(',');
        write_text(&mut out, urn);
    }
    out.push(']');
    let common = resource_type.common.iter().map(|it| &it.name);
    let core = resource_type.schema.attributes.iter().map(|it| &it.name);
    for name in common.chain(core).chain(extensions()) {
        if let Some(value) = attributes.get(name) {
            out.push(',');
            member(&mut out, name, value);
        }
    }
    out.push('}');
    out
}

/// A JSON string with its quotes.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|it| it < 0x20 || it == b'"' || it == b'\\') {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut special = special.chars();
        match special.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            // Writing to a string does not fail.
            Some(it) => _ = write!(out, "\\u{:04x}", u32::from(it)),
            None => {}
        }
        rest = special.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn member(out: &mut String, name: &str, value: &Value) {
    write_text(out, name);
    out.push(':');
    write_value(out, value);
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::String(it) | Value::Reference(it) | Value::Binary(it) => write_text(out, it),
        Value::DateTime(it) => write_text(out, &it.text),
        Value::Boolean(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Integer(it) => _ = write!(out, "{it}"),
        Value::Decimal(it) => match serde_json::Number::from_f64(*it) {
            Some(number) => _ = write!(out, "{number}"),
            None => out.push_str("null"),
        },
        Value::Complex(object) => {
            out.push('{');
            for (index, (name, value)) in object.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                member(out, name, value);
            }
            out.push('}');
        }
        Value::List(all) => {
            out.push('[');
            for (index, value) in all.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
    }
}
