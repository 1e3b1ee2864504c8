//! What a reader of JSON or of a query says of a number, in words for people.

#[cfg(test)]
mod tests;

/// What a reader of JSON says, and what a person would say.
const IN_JSON: [(&str, &str); 6] = [
    ("expected u8", "expected a whole number from 0 to 255"),
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected u64", "expected a whole number, 0 or more"),
    ("expected usize", "expected a whole number, 0 or more"),
    ("expected i64", "expected a whole number"),
];

/// What a reader of a query says, and what a person would say of the parameter.
const IN_QUERY: [(&str, &str); 3] = [
    ("invalid digit found in string", "must be a whole number, 0 or more"),
    ("cannot parse integer from empty string", "must be a whole number, 0 or more, and is empty"),
    ("number too large to fit in target type", "is too large a number"),
];

/// The same of a body, without names of types.
pub(super) fn in_body(said: &str) -> String {
    let ends = |rest: &str| !rest.starts_with(|it: char| it.is_ascii_alphanumeric());
    let found = IN_JSON.iter().find_map(|(type_name, words)| {
        let (before, after) = said.rsplit_once(type_name).filter(|it| ends(it.1))?;
        Some(format!("{before}{words}{after}"))
    });
    found.unwrap_or_else(|| said.to_owned())
}

/// The same of a query, with the name of the parameter. `refusal` is what is said of another query.
pub(super) fn in_query(
    said: &str,
    query: &str,
    refusal: impl Fn(&str) -> Option<String>,
) -> String {
    let Some((_, words)) = IN_QUERY.iter().find(|(it, _)| said == *it) else {
        return said.to_owned();
    };
    let mut parameters = query.split('&');
    let alone = parameters.find(|it| refusal(it).as_deref() == Some(said));
    let name = alone.and_then(|it| it.split('=').next()).unwrap_or("a parameter");
    format!("{name} {words}")
}
