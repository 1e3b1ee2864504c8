//! The comparison of an answer with what a story expects.
//!
//! An object must have what the pattern names, and may have more; a list must have as many
//! elements, each like its pattern. `{name}` stands for a captured text. `<any>` is present and
//! neither null nor empty, `<any:name>` also captures a text; `<id>` and `<id:name>` are an id of
//! ours; `<number>` is a whole number; `<absent>` is not there or null, `<empty>` may also
//! be empty, which RFC 7643 §2.5 does not tell apart; `<has:text>` is a text with that in it, in
//! any case.

use std::collections::BTreeMap;

use scim_domain::UserId;
use serde_json::Value;

/// What was captured so far.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) fn insert(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("{name} is unknown"))
    }

    /// The text with what was captured in the place of its names.
    pub(super) fn put_in(&self, text: &str) -> String {
        let put = |text: String, (name, value): (&String, &String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        self.0.iter().fold(text.to_owned(), put)
    }

    /// Compares, and captures; the error says where and why.
    pub(super) fn compare(&mut self, pattern: &Value, found: Option<&Value>) -> Result<(), String> {
        let found = found.filter(|it| !it.is_null());
        match (pattern, found) {
            (Value::String(text), found) => {
                self.text(text, found).ok_or_else(|| format!("expected {text}, found {found:?}"))
            }
            (Value::Null, None) => Ok(()),
            (pattern, None) => Err(format!("expected {pattern}, found nothing")),
            (Value::Object(patterns), Some(Value::Object(members))) => {
                for (key, pattern) in patterns {
                    let key = self.put_in(key);
                    self.compare(pattern, members.get(&key))
                        .map_err(|it| format!("{key}: {it}"))?;
                }
                Ok(())
            }
            (Value::Array(patterns), Some(Value::Array(elements))) => {
                if patterns.len() != elements.len() {
                    let (expected, got) = (patterns.len(), elements.len());
                    return Err(format!("expected {expected} elements, found {got}"));
                }
                for (index, (pattern, element)) in patterns.iter().zip(elements).enumerate() {
                    self.compare(pattern, Some(element))
                        .map_err(|it| format!("[{index}]: {it}"))?;
                }
                Ok(())
            }
            (pattern, Some(found)) if pattern == found => Ok(()),
            (pattern, Some(found)) => Err(format!("expected {pattern}, found {found}")),
        }
    }

    fn text(&mut self, pattern: &str, found: Option<&Value>) -> Option<()> {
        let matcher = pattern.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
        let (matcher, argument) = match matcher {
            Some(it) => it.split_once(':').unwrap_or((it, "")),
            None => return (found?.as_str()? == self.put_in(pattern)).then_some(()),
        };
        let fits = match (matcher, found) {
            ("absent", found) => found.is_none(),
            ("empty", found) => found.is_none_or(is_empty),
            ("any", found) => !is_empty(found?),
            ("id", found) => UserId::parse(found?.as_str()?).is_some(),
            ("number", found) => found?.is_u64(),
            ("has", found) => {
                let part = self.put_in(argument).to_lowercase();
                return found?.as_str()?.to_lowercase().contains(&part).then_some(());
            }
            (unknown, _) => panic!("<{unknown}> is no matcher"),
        };
        if let (true, false, Some(text)) =
            (fits, argument.is_empty(), found.and_then(Value::as_str))
        {
            self.insert(argument, text);
        }
        fits.then_some(())
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
