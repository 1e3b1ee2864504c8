//! Paths and parameters of requests about users.

use serde::Deserialize;
use utoipa::IntoParams;

/// What stands in every path below a user.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: it is read from the path's segments")]
pub(super) struct OfUser {
    /// The user's id.
    #[param(format = Uuid)]
    user: String,
}

/// Which users are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichUsers {
    /// Items of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<u64>,
    /// `nextCursor` of the page before; without it, the first page.
    pub(super) cursor: Option<String>,
    /// A SCIM filter (RFC 7644 §3.4.2.2), such as `userName eq "alice@acme.example"`.
    #[param(max_length = 4096)]
    pub(super) filter: Option<String>,
}
