//! Filters (RFC 7644 §3.4.2.2): one tree, limited by the parser itself, and the one function that
//! decides what matches.
//!
//! What a comparison means here, where the RFC leaves room:
//! - Over several values one suffices, for every operator: `emails.type ne "home"` holds if some
//!   e-mail has another type, and `not (emails.type eq "home")` if none is of type home.
//! - Without any value, `eq null` and `ne` with anything but `null` hold, and nothing else does.
//!   So `x eq null` is `not (x pr)`, and `x ne null` is `x pr`.
//! - Texts that are not case-exact compare folded ([`crate::FoldedText`]), for every operator;
//!   case-exact ones by code points.
//! - Dates compare as moments; `co`, `sw` and `ew` look at their text.

mod cursor;
mod display;
mod literal;
mod matcher;
mod parser;
mod scope;
#[cfg(test)]
mod tests;

pub use matcher::Matcher;

use crate::{
    Invalid,
    resource::{Object, Value, document::Strictness, path::AttributePath},
    schema::{Attribute, ResourceType},
};

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text (also for references, dates and Base64), as sent.
    Text(String),
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(serde_json::Number),
    /// `null`: equal to an attribute without a value.
    Null,
}

/// A filter whose every attribute is known to the resource type it was parsed for.
///
/// An attribute that only another searched type knows is [`Filter::Absent`]. It prints as a filter
/// that parses back to the same tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// Any of them.
    Or(Vec<Filter>),
    /// Not that.
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(AttributePath),
    /// The attribute compares so. The parser makes sure that the literal suits the attribute: a
    /// text for a date is a date, and the path never ends at a complex attribute.
    Compare(AttributePath, Comparison, Literal),
    /// One element of the attribute satisfies the inner filter, whose paths are sub-attributes of
    /// it, written as `attribute.sub_attribute` in full. Inside a list of simple values, the path
    /// without sub-attribute stands for the element itself, which clients call `value`.
    Element(AttributePath, Box<Filter>),
    /// The attribute exists in another resource type only: never has a value here.
    Absent {
        /// Whether the comparison was `eq null` or `ne something`, which an absent value satisfies.
        matches: bool,
    },
}

/// A filter as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// The filter.
    pub filter: Filter,
    /// Whether a text in it stands without the quotes that RFC 7644 §3.4.2.2 asks for.
    pub unquoted: bool,
}

impl Filter {
    /// Parses a filter for one resource type. `others` are further types of the same search.
    ///
    /// Tolerated: names, operators, `and`/`or`/`not`, `true`/`false`/`null` in any case; an
    /// unquoted run without blanks, quotes or brackets as a text; "True"/"False" for a boolean
    /// attribute. `emails eq "x"` compares `emails.value`;
    /// `emails[type eq "work"].value eq "x"` asks both of one element. Refuses with
    /// `invalidFilter` and the position: syntax errors, unknown and unreadable (`password`)
    /// attributes, operators that a type does not allow, and the limits in
    /// [`crate::resource::limits`] before they cost anything.
    pub fn parse(
        text: &str,
        resource_type: &ResourceType,
        others: &[&ResourceType],
    ) -> Result<Self, Invalid> {
        Self::understand(text, resource_type, others, Strictness::Tolerant).map(|it| it.filter)
    }

    /// [`Filter::parse`], telling what was to be forgiven; a strict key is forgiven nothing.
    pub fn understand(
        text: &str,
        resource_type: &ResourceType,
        others: &[&ResourceType],
        strictness: Strictness,
    ) -> Result<Understood, Invalid> {
        parser::parse(text, scope::Scope::Resource { resource_type, others }, strictness)
    }

    /// Parses the inside of `attribute[…]`, where names are sub-attributes of `attribute`.
    pub fn parse_element(
        text: &str,
        resource_type: &ResourceType,
        attribute: &AttributePath,
    ) -> Result<Self, Invalid> {
        let scope = scope::Scope::of_element(resource_type, attribute)?;
        parser::parse(text, scope, Strictness::Tolerant).map(|it| it.filter)
    }

    /// Whether a whole resource (with everything computed that [`Filter::mentions`] names) matches.
    /// For many resources, make one [`Filter::matcher`].
    pub fn matches(&self, resource_type: &ResourceType, resource: &Object) -> bool {
        self.matcher(resource_type).matches(resource)
    }

    /// Whether one element of a multi-valued attribute matches; `self` came from
    /// [`Filter::parse_element`] or out of [`Filter::Element`]. For many elements, make one
    /// [`Filter::element_matcher`].
    pub fn matches_element(&self, attribute: &Attribute, element: &Value) -> bool {
        self.element_matcher(attribute).matches_element(element)
    }

    /// Prepares the filter for many resources of a type: attributes are looked up and literals
    /// folded once.
    pub fn matcher(&self, resource_type: &ResourceType) -> Matcher<'_> {
        Matcher::for_resources(self, resource_type)
    }

    /// Prepares the inside of a value path for many elements of an attribute.
    pub fn element_matcher(&self, attribute: &Attribute) -> Matcher<'_> {
        Matcher::for_elements(self, attribute)
    }

    /// Whether the top-level attribute is named anywhere (`groups`, `members`: then the caller
    /// must load them before it evaluates).
    pub fn mentions(&self, attribute: &str) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(|it| it.mentions(attribute)),
            Self::Not(inner) => inner.mentions(attribute),
            // What is inside an element's brackets belongs to the same attribute.
            Self::Present(path) | Self::Compare(path, _, _) | Self::Element(path, _) => {
                path.extension.is_none() && path.attribute.eq_ignore_ascii_case(attribute)
            }
            Self::Absent { .. } => false,
        }
    }
}
