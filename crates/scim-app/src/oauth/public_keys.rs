//! The public keys with which a client may sign who it is: a JWK Set (RFC 7517) that somebody
//! pastes. Nothing is fetched: whoever names an address would decide what this service connects to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use scim_domain::{Invalid, Json};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

mod read;
#[cfg(test)]
mod tests;

/// The most keys of one client: the current one, the next one, and room.
const MOST: usize = 10;
/// Bits of an RSA modulus.
const MODULUS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// Characters of a `kid`.
const LONGEST_ID: usize = 200;

/// How a client may sign. Only with what others can check without being able to do the same: `none`
/// and the HMAC family are no members, so no header can ask for them (RFC 8725 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Es256, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// By its name in a header (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2).
    pub fn parse(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().copied().find(|it| it.name() == name);
        known.or((name == "Ed25519").then_some(Self::EdDsa))
    }

    /// The name in headers and metadata.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// What a public key is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    /// A point of P-256.
    P256 { x: [u8; 32], y: [u8; 32] },
    /// Modulus and exponent, without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point of Ed25519.
    Ed25519 { x: [u8; 32] },
}

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The `kid` under which its owner knows it.
    pub id: Option<String>,
    /// The only algorithm it is for, if its owner says so.
    pub algorithm: Option<Algorithm>,
    material: Material,
}

/// The public keys of one client; at most ten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicKeys(Vec<PublicKey>);

impl PublicKeys {
    /// Reads a JWK Set. Refuses one without keys, a key that is private, symmetric, for encryption,
    /// or of another kind than ES256, RS256 and PS256 (from 2048 bits on) and `EdDSA` (Ed25519) need.
    pub fn parse(jwks: &Json) -> Result<Self, Invalid> {
        read::read(jwks).map(Self)
    }

    /// The keys.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The JWK Set, with nothing in it but what was understood.
    pub fn to_json(&self) -> Value {
        json!({ "keys": self.iter().map(PublicKey::to_json).collect::<Vec<_>>() })
    }

    /// Whether all of these are among others, by whatever name.
    pub fn are_all_among(&self, others: &Self) -> bool {
        self.iter().all(|it| others.iter().any(|other| other.material == it.material))
    }

    /// Whether one of them made a signature. A key that has another `kid` than the one named, or is
    /// for another algorithm, is not asked: the key decides what a signature is, not the message.
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let named = |it: &&PublicKey| id.is_none() || it.id.is_none() || it.id.as_deref() == id;
        let fitting = |it: &&PublicKey| it.algorithm.is_none_or(|own| own == algorithm);
        let mut keys = self.iter().filter(named).filter(fitting);
        keys.any(|it| it.material.verify(algorithm, message, signature))
    }
}

impl PublicKey {
    /// The JWK (RFC 7517 §4).
    pub fn to_json(&self) -> Value {
        let mut jwk = Map::new();
        for (name, value) in self.material.members() {
            jwk.insert(name.to_owned(), Value::String(value));
        }
        if let Some(id) = &self.id {
            jwk.insert("kid".to_owned(), json!(id));
        }
        if let Some(algorithm) = self.algorithm {
            jwk.insert("alg".to_owned(), json!(algorithm.name()));
        }
        Value::Object(jwk)
    }

    /// The thumbprint (RFC 7638, SHA-256) by which two people can tell that they mean the same key.
    pub fn thumbprint(&self) -> String {
        // The members are in the order that RFC 7638 §3.3 wants, and none needs an escape.
        let members = self.material.members();
        let members: Vec<_> = members.iter().map(|(k, v)| format!("\"{k}\":\"{v}\"")).collect();
        let digest = Sha256::digest(format!("{{{}}}", members.join(",")));
        URL_SAFE_NO_PAD.encode(digest)
    }

    /// What kind of key it is, for people.
    pub fn describe(&self) -> String {
        match &self.material {
            Material::P256 { .. } => "EC P-256".to_owned(),
            Material::Rsa { n, .. } => format!("RSA {}", n.len() * 8),
            Material::Ed25519 { .. } => "Ed25519".to_owned(),
        }
    }
}

impl Material {
    /// The members of a JWK that make the key, in the order of their names.
    fn members(&self) -> Vec<(&'static str, String)> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let kind = |name: &str| name.to_owned();
        match self {
            Self::P256 { x, y } => {
                vec![("crv", kind("P-256")), ("kty", kind("EC")), ("x", text(x)), ("y", text(y))]
            }
            Self::Rsa { n, e } => vec![("e", text(e)), ("kty", kind("RSA")), ("n", text(n))],
            Self::Ed25519 { x } => {
                vec![("crv", kind("Ed25519")), ("kty", kind("OKP")), ("x", text(x))]
            }
        }
    }

    /// Whether this key signs with an algorithm.
    const fn fits(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::P256 { .. } => matches!(algorithm, Algorithm::Es256),
            Self::Rsa { .. } => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Self::Ed25519 { .. } => matches!(algorithm, Algorithm::EdDsa),
        }
    }

    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let rsa = |n: &Vec<u8>, e: &Vec<u8>, how| {
            RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()
        };
        match (self, algorithm) {
            (Self::P256 { x, y }, Algorithm::Es256) => {
                let point = [&[4][..], x, y].concat();
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).is_ok()
            }
            (Self::Rsa { n, e }, Algorithm::Rs256) => {
                rsa(n, e, &signature::RSA_PKCS1_2048_8192_SHA256)
            }
            (Self::Rsa { n, e }, Algorithm::Ps256) => {
                rsa(n, e, &signature::RSA_PSS_2048_8192_SHA256)
            }
            (Self::Ed25519 { x }, Algorithm::EdDsa) => {
                UnparsedPublicKey::new(&signature::ED25519, x).verify(message, signature).is_ok()
            }
            (Self::P256 { .. }, Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::EdDsa)
            | (Self::Rsa { .. }, Algorithm::Es256 | Algorithm::EdDsa)
            | (Self::Ed25519 { .. }, Algorithm::Es256 | Algorithm::Rs256 | Algorithm::Ps256) => {
                false
            }
        }
    }
}
