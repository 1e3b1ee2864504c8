//! Changes of a declared schema that stored values survive.

use super::{Rule, Undeclarable};
use crate::schema::{Attribute, Mutability, Schema};

/// See [`Schema::in_place_of`].
pub(super) fn in_place_of(before: &Schema, after: Schema) -> Result<Schema, Undeclarable> {
    if !after.id.eq_ignore_ascii_case(&before.id) {
        return Err(Undeclarable::schema(Rule::OtherSchema));
    }
    keeps("", &before.attributes, &after.attributes)?;
    let attributes = after.attributes.into_iter().map(|it| {
        let known = before.attributes.iter().find(|known| known.name == it.name);
        // Nobody has a value of a new attribute yet, so its index lacks nothing.
        let lacks = known.is_some_and(|known| !known.indexed || known.index_building);
        Attribute { index_building: it.indexed && lacks, ..it }
    });
    Ok(Schema { attributes: attributes.collect(), id: before.id.clone(), ..after })
}

/// Everything that was there is there, and what is stored of it means the same.
fn keeps(at: &str, before: &[Attribute], after: &[Attribute]) -> Result<(), Undeclarable> {
    for known in before {
        let path =
            if at.is_empty() { known.name.to_string() } else { format!("{at}.{}", known.name) };
        // In the same spelling: that is how values are stored.
        let Some(it) = after.iter().find(|it| it.name == known.name) else {
            return Err(Undeclarable::at(&path, Rule::Gone));
        };
        let hidden = |it: &Attribute| it.mutability == Mutability::WriteOnly;
        let fixed = [
            ("type", known.kind == it.kind),
            ("multiValued", known.multi_valued == it.multi_valued),
            ("caseExact", known.case_exact == it.case_exact),
            ("writeOnly", hidden(known) == hidden(it)),
        ];
        if let Some((what, _)) = fixed.into_iter().find(|(_, same)| !same) {
            return Err(Undeclarable::at(&path, Rule::Fixed(what)));
        }
        keeps(&path, &known.sub_attributes, &it.sub_attributes)?;
    }
    Ok(())
}
