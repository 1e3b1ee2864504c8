//! The routing table: the one place that says which method and path exist.
//!
//! The router reads it, and a checked-in inventory is compared with it, so that no endpoint comes
//! or goes unseen.

use std::fmt::Write as _;

use actix_web::http::Method;

use super::{MOUNT, error::Refusal};

#[cfg(test)]
mod tests;

/// Who may pass, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Without a credential.
    Open,
    /// With the credential of a client in the request itself.
    Client,
    /// With a SCIM key; reads resources.
    Read,
    /// With a SCIM key; changes resources.
    Write,
    /// With a SCIM key; tells what the service can do.
    Discovery,
    /// With a SCIM key; reads what can be assigned, where the organization assigns. Elsewhere there
    /// is nothing at these paths.
    Assignable,
    /// With a SCIM key; answered with 501.
    NotOffered,
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Client => "client",
            Self::Read => "read",
            Self::Write => "write",
            Self::Discovery => "discovery",
            Self::Assignable => "assignable",
            Self::NotOffered => "not-offered",
        }
    }

    /// What stands before the paths of its routes.
    pub const fn mount(self) -> &'static str {
        match self {
            Self::Open | Self::Client => "",
            Self::Read | Self::Write | Self::Discovery | Self::Assignable | Self::NotOffered => {
                MOUNT
            }
        }
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Home,
    Alive,
    Ready,
    Token,
    Metadata,
    SearchUsers,
    CreateUser,
    GetUser,
    ReplaceUser,
    PatchUser,
    DeleteUser,
    SearchGroups,
    CreateGroup,
    GetGroup,
    ReplaceGroup,
    PatchGroup,
    DeleteGroup,
    ServiceProviderConfig,
    ResourceTypes,
    ResourceType,
    Schemas,
    Schema,
    SearchRoles,
    GetRole,
    SearchEntitlements,
    GetEntitlement,
    Me,
    Bulk,
    SearchUsersByPost,
    SearchGroupsByPost,
    SearchAllByPost,
}

/// One endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method. Where there is GET, there is HEAD.
    pub method: &'static str,
    /// The path, below what the class is mounted at. `{id}` stands for one segment.
    pub path: &'static str,
    /// Who may pass.
    pub class: Class,
    pub(crate) action: Action,
}

const fn route(method: &'static str, path: &'static str, class: Class, action: Action) -> Route {
    Route { method, path, class, action }
}

/// Every endpoint of the service.
pub const ROUTES: &[Route] = &[
    route("GET", "/", Class::Open, Action::Home),
    route("GET", "/healthz", Class::Open, Action::Alive),
    route("GET", "/readyz", Class::Open, Action::Ready),
    route("POST", "/oauth/token", Class::Client, Action::Token),
    route("GET", "/.well-known/oauth-authorization-server", Class::Open, Action::Metadata),
    route("GET", "/Users", Class::Read, Action::SearchUsers),
    route("POST", "/Users", Class::Write, Action::CreateUser),
    route("GET", "/Users/{id}", Class::Read, Action::GetUser),
    route("PUT", "/Users/{id}", Class::Write, Action::ReplaceUser),
    route("PATCH", "/Users/{id}", Class::Write, Action::PatchUser),
    route("DELETE", "/Users/{id}", Class::Write, Action::DeleteUser),
    route("POST", "/Users/.search", Class::Read, Action::SearchUsersByPost),
    route("GET", "/Groups", Class::Read, Action::SearchGroups),
    route("POST", "/Groups", Class::Write, Action::CreateGroup),
    route("GET", "/Groups/{id}", Class::Read, Action::GetGroup),
    route("PUT", "/Groups/{id}", Class::Write, Action::ReplaceGroup),
    route("PATCH", "/Groups/{id}", Class::Write, Action::PatchGroup),
    route("DELETE", "/Groups/{id}", Class::Write, Action::DeleteGroup),
    route("POST", "/Groups/.search", Class::Read, Action::SearchGroupsByPost),
    route("GET", "/ServiceProviderConfig", Class::Discovery, Action::ServiceProviderConfig),
    route("GET", "/ResourceTypes", Class::Discovery, Action::ResourceTypes),
    route("GET", "/ResourceTypes/{id}", Class::Discovery, Action::ResourceType),
    route("GET", "/Schemas", Class::Discovery, Action::Schemas),
    route("GET", "/Schemas/{id}", Class::Discovery, Action::Schema),
    route("GET", "/Roles", Class::Assignable, Action::SearchRoles),
    route("GET", "/Roles/{id}", Class::Assignable, Action::GetRole),
    route("GET", "/Entitlements", Class::Assignable, Action::SearchEntitlements),
    route("GET", "/Entitlements/{id}", Class::Assignable, Action::GetEntitlement),
    route("GET", "/Me", Class::NotOffered, Action::Me),
    route("POST", "/Me", Class::NotOffered, Action::Me),
    route("PUT", "/Me", Class::NotOffered, Action::Me),
    route("PATCH", "/Me", Class::NotOffered, Action::Me),
    route("DELETE", "/Me", Class::NotOffered, Action::Me),
    route("POST", "/Bulk", Class::Write, Action::Bulk),
    route("POST", "/.search", Class::Read, Action::SearchAllByPost),
];

/// The endpoints as text, one line each: method, whole path, class.
pub fn inventory() -> String {
    let mut text = String::new();
    for Route { method, path, class, .. } in ROUTES {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{method} {}{path} {}", class.mount(), class.name());
    }
    text
}

/// The endpoint of an action that needs no API key.
pub(crate) fn path_of(action: Action) -> &'static str {
    ROUTES.iter().find(|it| it.action == action).map_or("/", |it| it.path)
}

/// The endpoint for a method and a path as it was sent, and the `{id}` in it.
///
/// One leading and one trailing slash too many are forgiven, since identity providers join a base
/// URL that ends in a slash with a path that begins with one. Nothing else is: no decoding, no
/// other case, no dots. `assigns` says whether the organization does.
pub(crate) fn find<'p>(
    method: &Method,
    sent: &'p str,
    assigns: bool,
) -> Result<(&'static Route, &'p str), Refusal> {
    let path = sent.strip_prefix(MOUNT).ok_or(Refusal::UnknownPath)?;
    let path = if path.starts_with("//") { path.get(1..).unwrap_or(path) } else { path };
    let path = path.strip_suffix('/').unwrap_or(path);
    let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
    let mut allowed = Vec::new();
    let there = |it: &&Route| match it.class {
        Class::Open | Class::Client => false,
        Class::Assignable => assigns,
        Class::Read | Class::Write | Class::Discovery | Class::NotOffered => true,
    };
    for route in ROUTES.iter().filter(there) {
        let Some(id) = matched(route.path, path) else { continue };
        if route.method == wanted {
            return Ok((route, id));
        }
        allowed.push(route.method);
        if route.method == "GET" {
            allowed.push("HEAD");
        }
    }
    if allowed.is_empty() {
        Err(Refusal::UnknownPath)
    } else {
        Err(Refusal::NotAllowed { allow: allowed.join(", ") })
    }
}

/// The `{id}` of a path that the pattern describes; empty for a pattern without one.
fn matched<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let Some(stem) = pattern.strip_suffix("{id}") else {
        return (pattern == path).then_some("");
    };
    let id = path.strip_prefix(stem)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
    let acceptable = !id.is_empty() && !id.starts_with('.') && id.bytes().all(plain);
    acceptable.then_some(id)
}
