//! The look-ups that identity providers make all day, by texts that are kept: one resource by its
//! name or id.

use scim_app::ports::{Page, Search, Window};
use scim_domain::{
    FoldedText, UserId,
    resource::filter::{Comparison, Filter, Literal},
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

/// The window of the one match, or of none.
pub(super) fn page<T>(found: Vec<T>, window: Window) -> Page<T> {
    let total = found.len() as u64;
    let offset = usize::try_from(window.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(window.limit).unwrap_or(usize::MAX);
    Page { total, items: found.into_iter().skip(offset).take(limit).collect() }
}
