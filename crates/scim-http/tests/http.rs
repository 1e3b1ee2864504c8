//! SCIM over HTTP, as an identity provider sees it: an actix app over the store in memory.
//!
//! Every module is `cfg(test)`, so that clippy knows its helpers for what they are.

#[cfg(test)]
mod activity;
#[cfg(test)]
mod api;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod common;
#[cfg(test)]
mod cursors;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod entitlements;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod etags;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod identity_providers;
#[cfg(test)]
mod large;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod nested;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod projection;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod search;
#[cfg(test)]
mod streamed;
#[cfg(test)]
mod strictness;
#[cfg(test)]
mod survival;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod users;
#[cfg(test)]
mod wire;
