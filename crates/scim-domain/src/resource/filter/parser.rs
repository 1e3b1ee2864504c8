//! The grammar of filters (RFC 7644 §3.4.2.2, figure 1), by recursive descent.
//!
//! Every limit is checked before the parser goes deeper, so that no text costs more than its
//! allowed length.

use super::{
    Comparison, Filter, Literal, Understood,
    cursor::Cursor,
    literal,
    scope::{Comparable, Scope, Subject},
};
use crate::{
    Invalid, Reason,
    resource::{
        document::Strictness,
        limits::{FILTER_BYTES, FILTER_DEPTH, FILTER_TERMS},
        path::AttributePath,
    },
    schema::Kind,
};

struct Parser<'t, 's> {
    cursor: Cursor<'t>,
    scope: Scope<'s>,
    strictness: Strictness,
    /// Whether a text stood without quotes.
    unquoted: bool,
    depth: usize,
    terms: usize,
}

/// Parses a whole text.
pub(super) fn parse(
    text: &str,
    scope: Scope<'_>,
    strictness: Strictness,
) -> Result<Understood, Invalid> {
    if text.len() > FILTER_BYTES {
        let detail =
            format!("The filter is longer than the {FILTER_BYTES} bytes that are allowed.");
        return Err(Invalid::new(Reason::InvalidFilter, detail));
    }
    let cursor = Cursor::new(text);
    let mut parser = Parser { cursor, scope, strictness, unquoted: false, depth: 0, terms: 0 };
    let filter = parser.any()?;
    if parser.cursor.rest().is_empty() {
        Ok(Understood { filter, unquoted: parser.unquoted })
    } else {
        Err(parser.cursor.fault("and, or, or the end of the filter was expected"))
    }
}

impl<'s> Parser<'_, 's> {
    /// Alternatives joined by `or`, which binds least. Leaves no blanks behind itself.
    fn any(&mut self) -> Result<Filter, Invalid> {
        let first = self.all()?;
        self.joined(first, "or", Self::all, Filter::Or)
    }

    /// Conditions joined by `and`.
    fn all(&mut self) -> Result<Filter, Invalid> {
        let first = self.one()?;
        self.joined(first, "and", Self::one, Filter::And)
    }

    fn joined(
        &mut self,
        first: Filter,
        keyword: &str,
        next: fn(&mut Self) -> Result<Filter, Invalid>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, Invalid> {
        if !self.cursor.eat_keyword(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first, next(self)?];
        while self.cursor.eat_keyword(keyword) {
            parts.push(next(self)?);
        }
        Ok(join(parts))
    }

    /// A group, a negation, a presence test, a comparison or a value path.
    fn one(&mut self) -> Result<Filter, Invalid> {
        self.cursor.skip_blanks();
        let filter = if self.cursor.eat('(') {
            self.nested(')')?
        } else if self.eat_not() {
            Filter::Not(Box::new(self.nested(')')?))
        } else {
            self.term()?
        };
        self.cursor.skip_blanks();
        Ok(filter)
    }

    /// Takes `not (`; without the bracket, `not` is a name like any other.
    fn eat_not(&mut self) -> bool {
        let mut ahead = self.cursor;
        if !ahead.eat_keyword("not") {
            return false;
        }
        ahead.skip_blanks();
        let found = ahead.eat('(');
        if found {
            self.cursor = ahead;
        }
        found
    }

    /// What stands between an opening bracket, which is taken, and its closing one.
    fn nested(&mut self, closing: char) -> Result<Filter, Invalid> {
        if self.depth >= FILTER_DEPTH {
            let what = format!("brackets are nested deeper than the {FILTER_DEPTH} levels allowed");
            return Err(self.cursor.fault(what));
        }
        self.depth += 1;
        let inner = self.any()?;
        self.depth -= 1;
        if self.cursor.eat(closing) {
            Ok(inner)
        } else {
            Err(self.cursor.fault(format!("and, or, or a closing {closing} was expected")))
        }
    }

    fn literal(&mut self) -> Result<Literal, Invalid> {
        let start = self.cursor;
        let literal = literal::read(&mut self.cursor)?;
        if matches!(literal, Literal::Text(_)) && start.peek() != Some('"') {
            if self.strictness == Strictness::Strict {
                return Err(start.fault("a text is written in double quotes"));
            }
            self.unquoted = true;
        }
        Ok(literal)
    }

    fn term(&mut self) -> Result<Filter, Invalid> {
        let start = self.cursor;
        let name = self.cursor.word();
        if name.is_empty() {
            return Err(start.fault("the name of an attribute was expected"));
        }
        let subject = self.scope.find(name).map_err(|what| start.fault(what))?;
        let brackets = self.cursor;
        if self.cursor.eat('[') {
            self.element(brackets, subject)
        } else {
            let elsewhere = subject.elsewhere;
            let filter = self.condition(start, subject)?;
            Ok(if elsewhere { absent(&filter) } else { filter })
        }
    }

    /// `[…]` behind an attribute, and the condition on a sub-attribute that may follow it: both
    /// are asked of one element.
    fn element(&mut self, brackets: Cursor<'_>, subject: Subject<'s>) -> Result<Filter, Invalid> {
        let attribute = subject.attribute;
        let simple = attribute.kind != Kind::Complex;
        if subject.path.sub_attribute.is_some() || (simple && !attribute.multi_valued) {
            return Err(brackets.fault("only a complex or multi-valued attribute takes brackets"));
        }
        let inside = Scope::Element { extension: subject.path.extension.clone(), attribute };
        let outer = std::mem::replace(&mut self.scope, inside);
        let mut inner = self.nested(']')?;
        if self.cursor.rest().starts_with('.') {
            inner = and(inner, self.behind_brackets()?);
        }
        self.scope = outer;
        Ok(if subject.elsewhere {
            Filter::Absent { matches: false }
        } else {
            Filter::Element(subject.path, Box::new(inner))
        })
    }

    /// `.value eq "x"` behind `emails[type eq "work"]`.
    fn behind_brackets(&mut self) -> Result<Filter, Invalid> {
        self.cursor.eat('.');
        let start = self.cursor;
        let subject = self.scope.find(self.cursor.word()).map_err(|what| start.fault(what))?;
        self.condition(start, subject)
    }

    /// The operator and the literal behind a name that started at `start`.
    fn condition(&mut self, start: Cursor<'_>, subject: Subject<'s>) -> Result<Filter, Invalid> {
        self.terms += 1;
        if self.terms > FILTER_TERMS {
            let what = format!("more conditions than the {FILTER_TERMS} allowed");
            return Err(start.fault(what));
        }
        self.cursor.skip_blanks();
        let operator = self.cursor;
        let word = self.cursor.word();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(subject.path));
        }
        let Some(comparison) = Comparison::read(word) else {
            let what = format!("an operator was expected: {}", Comparison::LIST);
            return Err(operator.fault(what));
        };
        self.cursor.skip_blanks();
        let value = self.cursor;
        let literal = self.literal()?;
        let subject = match subject.comparable(&literal).map_err(|what| start.fault(what))? {
            Comparable::Value(subject) => subject,
            Comparable::Whole(path) => {
                return whole(path, comparison)
                    .ok_or_else(|| operator.fault("null can only be compared by eq and ne"));
            }
        };
        if !literal::allows(subject.target, comparison) {
            let name = &subject.target.name;
            return Err(operator.fault(format!("{name} cannot be compared by this operator")));
        }
        let literal =
            literal::suit(subject.target, comparison, literal).map_err(|what| value.fault(what))?;
        Ok(Filter::Compare(subject.path, comparison, literal))
    }
}

/// `attribute eq null` for a complex attribute, which has no value of its own to compare.
fn whole(path: AttributePath, comparison: Comparison) -> Option<Filter> {
    let present = Filter::Present(path);
    match comparison {
        Comparison::Eq => Some(Filter::Not(Box::new(present))),
        Comparison::Ne => Some(present),
        Comparison::Co
        | Comparison::Sw
        | Comparison::Ew
        | Comparison::Gt
        | Comparison::Ge
        | Comparison::Lt
        | Comparison::Le => None,
    }
}

/// Both, without a group inside a group.
fn and(left: Filter, right: Filter) -> Filter {
    let mut parts = if let Filter::And(parts) = left { parts } else { vec![left] };
    parts.push(right);
    Filter::And(parts)
}

/// The outcome of a condition on an attribute that never has a value.
fn absent(condition: &Filter) -> Filter {
    let matches = match condition {
        Filter::Compare(_, comparison, literal) => comparison.holds_when_absent(literal),
        Filter::Not(_) => true,
        Filter::Present(_)
        | Filter::Element(..)
        | Filter::And(_)
        | Filter::Or(_)
        | Filter::Absent { .. } => false,
    };
    Filter::Absent { matches }
}
