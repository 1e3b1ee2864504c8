//! Filters as text that parses back to the same tree.

use std::fmt;

use super::{Comparison, Filter, Literal};
use crate::resource::path::AttributePath;

impl Comparison {
    /// The keyword of the operator.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", serde_json::Value::String(text.clone())),
            Self::Boolean(it) => write!(f, "{it}"),
            Self::Number(it) => write!(f, "{it}"),
            Self::Null => f.write_str("null"),
        }
    }
}

/// How names are written: in full, or as inside brackets.
#[derive(Clone, Copy)]
enum Names {
    Full,
    Inside,
}

impl fmt::Display for Filter {
    /// [`Filter::Absent`], which only a search over several types makes, prints as a condition with
    /// the same outcome, since every resource has an `id`. A tree at the parser's limits may print
    /// to a text just beyond them, since quotes and `not` are written out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_filter(f, self, Names::Full)
    }
}

fn write_filter(f: &mut fmt::Formatter<'_>, filter: &Filter, names: Names) -> fmt::Result {
    match filter {
        Filter::And(all) => write_joined(f, all, true, names),
        Filter::Or(all) => write_joined(f, all, false, names),
        Filter::Not(inner) => {
            f.write_str("not (")?;
            write_filter(f, inner, names)?;
            f.write_str(")")
        }
        Filter::Present(path) => {
            write_path(f, path, names)?;
            f.write_str(" pr")
        }
        Filter::Compare(path, comparison, literal) => {
            write_path(f, path, names)?;
            write!(f, " {} {literal}", comparison.keyword())
        }
        Filter::Element(path, inner) => {
            write!(f, "{path}[")?;
            write_filter(f, inner, Names::Inside)?;
            f.write_str("]")
        }
        Filter::Absent { matches: outcome } => write_constant(f, *outcome),
    }
}

fn write_joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Filter],
    and: bool,
    names: Names,
) -> fmt::Result {
    if parts.is_empty() {
        // All of none is true, any of none is false.
        return write_constant(f, and);
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(if and { " and " } else { " or " })?;
        }
        let group = match part {
            Filter::And(_) => and,
            Filter::Or(_) => true,
            Filter::Not(_)
            | Filter::Present(_)
            | Filter::Compare(..)
            | Filter::Element(..)
            | Filter::Absent { .. } => false,
        };
        if group {
            f.write_str("(")?;
        }
        write_filter(f, part, names)?;
        if group {
            f.write_str(")")?;
        }
    }
    Ok(())
}

fn write_constant(f: &mut fmt::Formatter<'_>, outcome: bool) -> fmt::Result {
    f.write_str(if outcome { "id pr" } else { "id eq null" })
}

fn write_path(f: &mut fmt::Formatter<'_>, path: &AttributePath, names: Names) -> fmt::Result {
    match names {
        Names::Full => write!(f, "{path}"),
        Names::Inside => f.write_str(path.sub_attribute.as_deref().unwrap_or("value")),
    }
}
