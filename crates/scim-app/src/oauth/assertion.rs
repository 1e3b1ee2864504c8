//! A client's signed word about who it is: `private_key_jwt` (RFC 7523 §2.2 and §3, RFC 7515).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scim_domain::{ApiKeyId, Json, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{
    jose::{member, moment, text},
    public_keys::{Algorithm, PublicKeys},
};

#[cfg(test)]
mod tests;

/// Characters of an assertion.
const LONGEST: usize = 8 * 1024;
/// How far ahead an assertion may end, in seconds: what is replayed has to be remembered so long.
const LONGEST_LIFE: i64 = 10 * 60;
/// How far the clocks of the client and of this service may be apart, in seconds.
const SKEW: i64 = 30;
/// Characters of a `jti`.
const LONGEST_ID: usize = 1024;

/// An assertion, taken apart. Nothing that it says is believed yet.
pub(super) struct Assertion<'a> {
    algorithm: Algorithm,
    key_id: Option<String>,
    claims: Json,
    signed: &'a [u8],
    signature: Vec<u8>,
}

/// What is remembered of an assertion, so that it works once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Used {
    /// The digest of its `jti`.
    pub digest: [u8; 32],
    /// From when on it would be refused as too old.
    pub until: Timestamp,
}

impl<'a> Assertion<'a> {
    /// Takes an assertion apart (RFC 7515 §5.2). None for anything but a JWT in compact form with an
    /// algorithm that may be used, without critical extensions, and of a type that a client's
    /// assertion has.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = object(header)?;
        // A type tells tokens apart that were signed for another purpose (RFC 8725 §3.11).
        let typed = match member(&header, "typ") {
            None => true,
            Some(it) => it.as_str().is_some_and(is_type_of_assertion),
        };
        if !typed || member(&header, "crit").is_some() {
            return None;
        }
        Some(Self {
            algorithm: Algorithm::parse(self::text(&header, "alg")?)?,
            key_id: self::text(&header, "kid").map(str::to_owned),
            claims: object(claims)?,
            signed: signed.as_bytes(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// The client that it speaks of: it must be both who speaks and who is spoken of.
    pub fn client(&self) -> Option<ApiKeyId> {
        let (issuer, subject) = (text(&self.claims, "iss")?, text(&self.claims, "sub")?);
        ApiKeyId::parse(subject).filter(|_| issuer == subject)
    }

    /// Whether one of these keys signed it.
    pub fn is_signed_by(&self, keys: &PublicKeys) -> bool {
        keys.verify(self.algorithm, self.key_id.as_deref(), self.signed, &self.signature)
    }

    /// Whether it is meant for one of these audiences, and now. A refusal is told to nobody but who
    /// holds the key.
    pub fn check(&self, audiences: &[&str], now: Timestamp) -> Result<Used, &'static str> {
        let meant = |it: &Json| it.as_str().is_some_and(|it| audiences.contains(&it));
        let for_us = match member(&self.claims, "aud") {
            Some(Json::Array(all)) => all.iter().any(meant),
            Some(one) => meant(one),
            None => false,
        };
        if !for_us {
            return Err(
                "The aud of the assertion must be the address of the token endpoint, or the \
                        issuer that the metadata names.",
            );
        }
        let Some(ends) = moment(&self.claims, "exp") else {
            return Err("The assertion needs an exp.");
        };
        let until = ends.plus_seconds(SKEW);
        if until <= now {
            return Err("The assertion has expired.");
        }
        if ends > now.plus_seconds(LONGEST_LIFE + SKEW) {
            return Err("The assertion may be good for 10 minutes at most.");
        }
        let too_early = |name: &str| match member(&self.claims, name) {
            None => false,
            Some(_) => moment(&self.claims, name).is_none_or(|it| it > now.plus_seconds(SKEW)),
        };
        if too_early("nbf") || too_early("iat") {
            return Err("The assertion is not good yet: its nbf or iat lies in the future.");
        }
        let id = text(&self.claims, "jti").filter(|it| !it.is_empty() && it.len() <= LONGEST_ID);
        let Some(id) = id else {
            return Err("The assertion needs a jti that is new each time.");
        };
        Ok(Used { digest: Sha256::digest(id).into(), until })
    }
}

/// A JSON object in base64url.
fn object(part: &str) -> Option<Json> {
    let json = Json::parse(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
    matches!(json, Json::Object(_)).then_some(json)
}

/// `JWT`, or what draft-ietf-oauth-rfc7523bis asks for.
fn is_type_of_assertion(name: &str) -> bool {
    let short = name.get(..12).filter(|it| it.eq_ignore_ascii_case("application/"));
    let name = short.and_then(|it| name.get(it.len()..)).unwrap_or(name);
    ["jwt", "client-authentication+jwt"].iter().any(|it| it.eq_ignore_ascii_case(name))
}
