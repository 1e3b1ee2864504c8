//! Literals of a filter: how they are written, and which suit an attribute.

use super::{Comparison, Literal, cursor::Cursor};
use crate::{
    Invalid, Timestamp,
    schema::{Attribute, Kind},
};

impl Comparison {
    /// All operators.
    pub(super) const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// Which operators there are, for error details.
    pub(super) const LIST: &'static str = "eq, ne, co, sw, ew, gt, ge, lt, le or pr";

    /// The operator that a keyword names, in any case.
    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| word.eq_ignore_ascii_case(it.keyword()))
    }

    /// Whether it looks inside a text.
    pub const fn is_substring(self) -> bool {
        match self {
            Self::Co | Self::Sw | Self::Ew => true,
            Self::Eq | Self::Ne | Self::Gt | Self::Ge | Self::Lt | Self::Le => false,
        }
    }

    /// Whether it asks for identity and not for order or content.
    pub const fn is_equality(self) -> bool {
        match self {
            Self::Eq | Self::Ne => true,
            Self::Co | Self::Sw | Self::Ew | Self::Gt | Self::Ge | Self::Lt | Self::Le => false,
        }
    }

    /// Whether an attribute without value satisfies the comparison with this literal.
    pub fn holds_when_absent(self, literal: &Literal) -> bool {
        let null = *literal == Literal::Null;
        self == Self::Eq && null || self == Self::Ne && !null
    }
}

/// Reads a literal (RFC 8259 `string`, `number`, `true`, `false`, `null`), or an unquoted run as a
/// text.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Literal, Invalid> {
    if cursor.peek() == Some('"') {
        return quoted(cursor).map(Literal::Text);
    }
    let start = *cursor;
    let word = cursor.word();
    if word.is_empty() {
        return Err(start.fault("a value to compare with was expected"));
    }
    if word.starts_with('\'') {
        return Err(start.fault("a text is written in double quotes"));
    }
    if word.contains('\0') {
        return Err(start.fault("a text must not contain the character NUL"));
    }
    Ok(match word.to_ascii_lowercase().as_str() {
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        "null" => Literal::Null,
        _ => number(word).map_or_else(|| Literal::Text(word.to_owned()), Literal::Number),
    })
}

/// A JSON number. Fractions are read by the standard library, whose result prints back exactly.
fn number(word: &str) -> Option<serde_json::Number> {
    let read: serde_json::Number = serde_json::from_str(word).ok()?;
    if read.is_f64() { serde_json::Number::from_f64(word.parse().ok()?) } else { Some(read) }
}

/// A JSON string; `serde_json` refuses lone surrogates, bare controls and unknown escapes.
fn quoted(cursor: &mut Cursor<'_>) -> Result<String, Invalid> {
    let start = *cursor;
    let rest = start.rest();
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|&(_, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    let Some((end, _)) = end else {
        return Err(start.fault("the text that starts here has no closing double quote"));
    };
    let json = rest.get(..=end).unwrap_or_default();
    let text: String = serde_json::from_str(json).map_err(|_| {
        start.fault("the text that starts here has a control character or a wrong \\ escape in it")
    })?;
    if text.contains('\0') {
        return Err(start.fault("a text must not contain the character NUL"));
    }
    cursor.advance(json.len());
    Ok(text)
}

/// The literal as the attribute's type wants it; otherwise what was expected in its place.
pub(super) fn suit(
    target: &Attribute,
    comparison: Comparison,
    literal: Literal,
) -> Result<Literal, String> {
    let kind = target.kind;
    let suited = match literal {
        Literal::Null if comparison.is_equality() => Some(Literal::Null),
        Literal::Null => return Err("null can only be compared by eq and ne".to_owned()),
        Literal::Text(text) => suit_text(kind, comparison, text),
        Literal::Boolean(_) => (kind == Kind::Boolean).then_some(literal),
        Literal::Number(_) => matches!(kind, Kind::Integer | Kind::Decimal).then_some(literal),
    };
    suited.ok_or_else(|| expected(target))
}

fn suit_text(kind: Kind, comparison: Comparison, text: String) -> Option<Literal> {
    match kind {
        Kind::String | Kind::Reference | Kind::Binary => Some(Literal::Text(text)),
        Kind::DateTime => {
            let fits = comparison.is_substring() || Timestamp::parse(&text).is_some();
            fits.then_some(Literal::Text(text))
        }
        // Entra writes booleans as texts.
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Literal::Boolean(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Literal::Boolean(false)),
        Kind::Boolean | Kind::Integer | Kind::Decimal | Kind::Complex => None,
    }
}

/// What a literal should have been.
fn expected(target: &Attribute) -> String {
    let name = &target.name;
    match target.kind {
        Kind::String | Kind::Reference | Kind::Binary => {
            format!("a text in double quotes was expected, since {name} is a text")
        }
        Kind::DateTime => format!(
            "a date and time such as \"2026-01-31T08:00:00Z\" was expected, since {name} is one"
        ),
        Kind::Boolean => format!("true or false was expected, since {name} is a boolean"),
        Kind::Integer | Kind::Decimal => format!("a number was expected, since {name} is one"),
        Kind::Complex => format!("{name} is complex: one of its sub-attributes was expected"),
    }
}

/// Whether an attribute's type allows an operator (RFC 7644 §3.4.2.2, table 3).
pub(super) fn allows(target: &Attribute, comparison: Comparison) -> bool {
    match target.kind {
        Kind::String | Kind::Reference | Kind::DateTime => true,
        Kind::Boolean | Kind::Complex => comparison.is_equality(),
        Kind::Binary => comparison.is_equality() || comparison.is_substring(),
        Kind::Integer | Kind::Decimal => !comparison.is_substring(),
    }
}
