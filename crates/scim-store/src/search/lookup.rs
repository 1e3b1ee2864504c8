//! The look-ups that identity providers make all day, by texts that are kept: one resource by its
//! name or id.

use scim_app::ports::{Page, Part, Place, Search, StoreError};
use scim_domain::{
    FoldedText, UserId,
    resource::{
        filter::{Comparison, Filter, Literal},
        sort::SortKey,
    },
    schema::ResourceKind,
};
use uuid::Uuid;

use super::{Searched, field::Field};
use crate::session::Call;

/// What a look-up knows of the one resource that it wants.
enum Known {
    Name(FoldedText),
    Id(Uuid),
}

/// The call that answers the whole search, if it is such a look-up.
pub(super) fn of<K: Searched>(organization: Uuid, search: &Search<'_>) -> Option<Call> {
    Some(match known::<K>(search)? {
        Known::Name(name) => K::FIND_BY_NAME.call([organization.into(), name.as_str().into()]),
        Known::Id(id) => K::FIND.call([organization.into(), id.into()]),
    })
}

/// The name that is looked for, if the search is a look-up by name.
pub(crate) fn name<K: Searched>(search: &Search<'_>) -> Option<FoldedText> {
    match known::<K>(search)? {
        Known::Name(name) => Some(name),
        Known::Id(_) => None,
    }
}

fn known<K: Searched>(search: &Search<'_>) -> Option<Known> {
    let Some(Filter::Compare(path, Comparison::Eq, Literal::Text(text))) = search.filter else {
        return None;
    };
    if search.sort.is_some_and(|it| &*it.path.attribute == K::LINKED) {
        return None;
    }
    let name = match K::KIND {
        ResourceKind::User => "user_name_key",
        ResourceKind::Group => "display_name_key",
    };
    match Field::of(search.catalog.of(K::KIND), path)? {
        Field::Folded { column, .. } if column == name => Some(Known::Name(FoldedText::of(text))),
        // Any other text is no id of ours; the general way answers that nothing matches.
        Field::Id => Some(Known::Id(UserId::parse(text)?.uuid())),
        Field::Folded { .. }
        | Field::Exact { .. }
        | Field::Flag { .. }
        | Field::Moment { .. }
        | Field::Terms { .. }
        | Field::Members { .. } => None,
    }
}

/// The part that is wanted of the one match, or of none.
pub(super) fn page<K: Searched>(
    found: Vec<K::Stored>,
    search: &Search<'_>,
) -> Result<Page<K::Stored>, StoreError> {
    let total = found.len() as u64;
    let descending = search.sort.is_some_and(|it| it.descending);
    let mut placed = Vec::with_capacity(found.len());
    for stored in found {
        // Only a part by place asks where the match is.
        let key = match search.part {
            Part::Window(_) => SortKey::MISSING,
            Part::Keyset(_) => K::key(search, &stored)?,
        };
        placed.push((Place { key, id: K::id(&stored) }, stored));
    }
    let (inside, rest) = search.part.cut(placed, descending, |(place, _)| place.clone());
    Ok(Page { total, items: inside.into_iter().map(|(_, it)| it).collect(), rest })
}
