//! What a request will ask for, as far as its address tells at a glance: the requests that identity
//! providers and backends send all day. A guess, made for tokens that were right before, and never
//! more than that: the request is read with care once it is known whose it is, and what was guessed
//! wrong is not looked at.

use actix_web::http::{Method, Uri};
use scim_app::ports::Ahead;
use scim_domain::{FoldedText, GroupId, UserId, resource::limits::FILTER_BYTES};

use super::{MOUNT, query::Query};

#[cfg(test)]
mod tests;

/// What a request with this method and address will ask for.
pub(super) fn of(method: &Method, address: &Uri) -> Ahead {
    guess(method, address).unwrap_or(Ahead::Nothing)
}

fn guess(method: &Method, address: &Uri) -> Option<Ahead> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let path = address.path().strip_prefix(MOUNT)?;
    let query = Query::parse(address.query().unwrap_or_default()).ok()?;
    if let Some(id) = path.strip_prefix("/Groups/") {
        // Members are read in a transaction anyway.
        return without_members(&query).then(|| GroupId::parse(id).map(Ahead::Group)).flatten();
    }
    let resource = path.strip_prefix("/Users")?;
    // Who says what it wants to see may not want the groups.
    if query.projects() {
        return None;
    }
    if let Some(id) = resource.strip_prefix('/') {
        return UserId::parse(id).map(Ahead::User);
    }
    let name = user_name(query.list.filter.as_deref()?)?;
    resource.is_empty().then(|| Ahead::UserNamed(FoldedText::of(name)))
}

fn without_members(query: &Query) -> bool {
    let excluded = query.excluded_attributes.as_deref().unwrap_or_default();
    query.attributes.is_none() && excluded.trim().eq_ignore_ascii_case("members")
}

/// The name in `userName eq "…"`, where nothing in it is escaped. A filter that will be refused for
/// its length is not worth a look.
fn user_name(filter: &str) -> Option<&str> {
    if filter.len() > FILTER_BYTES {
        return None;
    }
    let mut words = filter.trim().splitn(3, ' ');
    let (attribute, operator) = (words.next()?, words.next()?);
    let is_it = attribute.eq_ignore_ascii_case("userName") && operator.eq_ignore_ascii_case("eq");
    let text = words.next()?.strip_prefix('"')?.strip_suffix('"')?;
    (is_it && !text.contains(['"', '\\'])).then_some(text)
}
