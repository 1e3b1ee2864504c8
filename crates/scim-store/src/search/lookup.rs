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

/// The call that answers the whole search, if it is such a look-up.
pub(super) fn of<K: Searched>(organization: Uuid, search: &Search<'_>) -> Option<Call> {
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
        Field::Folded { column, .. } if column == name => {
            let folded = FoldedText::of(text);
            Some(K::FIND_BY_NAME.call([organization.into(), folded.as_str().into()]))
        }
        Field::Id => {
            // Any other text is no id of ours; the general way answers that nothing matches.
            let id = UserId::parse(text)?.uuid();
            Some(K::FIND.call([organization.into(), id.into()]))
        }
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
