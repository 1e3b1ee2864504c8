//! The public keys with which a client may sign in the name of an API key (RFC 7523).

use scim_app::{
    administration::Administration,
    oauth::{PublicKey, PublicKeys},
};
use scim_domain::{ApiKeyId, Json, OrganizationId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answer::{no_content, ok},
    call::Call,
    endpoints::{Handled, part},
    problem::Problem,
};

mod place;

use place::OfApiKey;

part![get_public_keys, set_public_keys, remove_public_keys];

/// Public keys: a JWK Set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
struct JwkSet {
    /// The keys, one to ten.
    #[schema(min_items = 1, max_items = 10)]
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517): EC on P-256, RSA of 2048 to 8192 bits, or OKP on Ed25519. Members that
/// are not named here are ignored; those of a private or symmetric key are refused.
#[derive(Debug, Serialize, ToSchema)]
struct Jwk {
    /// The kind of key.
    #[schema(pattern = "^(EC|RSA|OKP)$")]
    kty: String,
    /// The curve, of a key on one.
    #[schema(pattern = "^(P-256|Ed25519)$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    /// The first coordinate, of a key on a curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    /// The second coordinate, of an EC key.
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    /// The modulus, of an RSA key.
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    /// The exponent, of an RSA key.
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    /// The name by which an assertion may say which key signed it.
    #[schema(max_length = 200)]
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// The only algorithm that the key is for; without it, any that goes with its kind.
    #[schema(pattern = "^(ES256|RS256|PS256|EdDSA)$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
}

impl Jwk {
    fn of(key: &PublicKey) -> Self {
        let jwk = key.to_json();
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            kty: text("kty").unwrap_or_default(),
            crv: text("crv"),
            x: text("x"),
            y: text("y"),
            n: text("n"),
            e: text("e"),
            kid: text("kid"),
            alg: text("alg"),
        }
    }
}

fn set(keys: &PublicKeys) -> JwkSet {
    JwkSet { keys: keys.iter().map(Jwk::of).collect() }
}

/// Get the public keys of an API key
///
/// Those that its client signs with (OAuth 2.0, `private_key_jwt`). 404 while it has none.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/api-keys/{apiKey}/public-keys",
    tag = "API keys",
    security(("managementKey" = ["api_keys.read"])),
    params(OfApiKey),
    responses((status = 200, description = "The public keys", body = JwkSet))
)]
async fn get_public_keys(call: Call) -> Handled {
    let (organization, id) = named(&call)?;
    let keys = call.administration()?.list_public_keys(organization, id).await?;
    if keys.is_empty() {
        return Err(missing("public key of API key", call.segment("apiKey")));
    }
    ok(&set(&keys))
}

/// Set the public keys of an API key
///
/// They replace those that it has. To change keys without a gap, set old and new together first: if
/// a key is taken away, all access tokens that the API key has got are dead at once.
///
/// Whoever adds one must have the permissions of the API key, as for rotating it: who signs with it
/// gets access tokens for all that the API key may do.
#[utoipa::path(
    put,
    path = "/organizations/{organization}/api-keys/{apiKey}/public-keys",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(OfApiKey),
    request_body = JwkSet,
    responses((status = 200, description = "The public keys", body = JwkSet))
)]
async fn set_public_keys(mut call: Call) -> Handled {
    let (organization, id) = named(&call)?;
    let body: Value = call.body().await?;
    let keys = PublicKeys::parse(&Json::parse(body.to_string().as_bytes())?)?;
    let answer = set(&keys);
    put(&call, organization, id, keys).await?;
    ok(&answer)
}

/// Remove the public keys of an API key
///
/// All access tokens that the API key has got are dead at once. Its own token goes on working.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}/api-keys/{apiKey}/public-keys",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(OfApiKey),
    responses((status = 204, description = "There are none any more"))
)]
async fn remove_public_keys(call: Call) -> Handled {
    let (organization, id) = named(&call)?;
    put(&call, organization, id, PublicKeys::default()).await?;
    Ok(no_content())
}

async fn put(
    call: &Call,
    organization: OrganizationId,
    id: ApiKeyId,
    keys: PublicKeys,
) -> Result<(), Problem> {
    let work =
        move |it: Administration| async move { it.set_public_keys(organization, id, keys).await };
    call.manager()?.carry_out(work).await?;
    Ok(())
}

fn named(call: &Call) -> Result<(OrganizationId, ApiKeyId), Problem> {
    let id = call.segment("apiKey");
    let id = ApiKeyId::parse(id).ok_or_else(|| missing("API key", id))?;
    Ok((call.organization()?, id))
}

fn missing(what: &'static str, id: &str) -> Problem {
    scim_app::Error::Missing { what, id: id.to_owned() }.into()
}
