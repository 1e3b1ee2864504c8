//! The checks, by what they are about.

mod bulk;
mod cursors;
mod discovery;
mod entra;
mod entra_groups;
mod errors;
mod filters;
mod groups;
mod okta;
mod paging;
mod patch;
mod projection;
mod sorting;
mod users;
mod versions;

use crate::check::Check;

/// All checks, in the order in which they are run.
pub fn checks() -> impl Iterator<Item = Check> {
    let all = [
        discovery::CHECKS,
        errors::CHECKS,
        users::CHECKS,
        patch::CHECKS,
        groups::CHECKS,
        filters::CHECKS,
        paging::CHECKS,
        cursors::CHECKS,
        sorting::CHECKS,
        versions::CHECKS,
        projection::CHECKS,
        bulk::CHECKS,
        okta::CHECKS,
        entra::CHECKS,
        entra_groups::CHECKS,
    ];
    all.into_iter().flatten().copied()
}

/// A module's list: id, level, source, sentence and code of each check.
macro_rules! table {
    ($group:ident: $($id:literal $level:ident $source:literal $sentence:literal => $code:ident;)+) => {
        pub(super) const CHECKS: &[$crate::check::Check] = &[$($crate::check::Check {
            id: $id,
            group: $crate::check::Group::$group,
            level: $crate::check::Level::$level,
            source: $source,
            sentence: $sentence,
            code: $code,
        }),+];
    };
}
use table;
