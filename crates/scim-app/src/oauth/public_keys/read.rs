//! A JWK Set, as somebody pastes it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scim_domain::{Invalid, Json};

use super::{Algorithm, LONGEST_ID, MODULUS, MOST, Material, PublicKey};
use crate::oauth::jose::{member, text};

/// The members that only a private or a symmetric key has (RFC 7518 §6).
const SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

pub(super) fn read(jwks: &Json) -> Result<Vec<PublicKey>, Invalid> {
    let Some(Json::Array(keys)) = member(jwks, "keys") else {
        return Err(Invalid::value(
            "Public keys are registered as a JWK Set (RFC 7517): a JSON object whose member \
             \"keys\" is a list of keys.",
        ));
    };
    if keys.is_empty() || keys.len() > MOST {
        return Err(Invalid::value(format!("A client has 1 to {MOST} public keys.")));
    }
    let mut read = Vec::new();
    for (at, jwk) in keys.iter().enumerate() {
        let refuse = |why: String| Invalid::value(format!("Key {} of the set {why}.", at + 1));
        read.push(key(jwk).map_err(refuse)?);
    }
    Ok(read)
}

/// A refusal goes on after "Key 1 of the set".
fn key(jwk: &Json) -> Result<PublicKey, String> {
    if SECRETS.iter().any(|it| member(jwk, it).is_some()) {
        return Err(
            "is secret: it has members of a private or symmetric key. Take it for known to \
                    others from now on, make a new one, and register its public part alone"
                .to_owned(),
        );
    }
    let usage = text(jwk, "use").is_none_or(|it| it == "sig");
    let operations = match member(jwk, "key_ops") {
        None => true,
        Some(Json::Array(all)) => all.iter().any(|it| it.as_str() == Some("verify")),
        Some(_) => false,
    };
    if !usage || !operations {
        return Err("is not for signatures: \"use\" must be \"sig\", and \"key_ops\" must name \
                    \"verify\", where they are given"
            .to_owned());
    }
    let material = material(jwk)?;
    let algorithm = match member(jwk, "alg") {
        None => None,
        Some(name) => {
            let known = name.as_str().and_then(Algorithm::parse);
            let fitting = known.filter(|it| material.fits(*it));
            Some(fitting.ok_or(
                "has an \"alg\" that is not ES256, RS256, PS256 or EdDSA, or that \
                                a key of its kind does not sign with",
            )?)
        }
    };
    let id = match member(jwk, "kid") {
        None => None,
        Some(id) => {
            let id = id.as_str().filter(|it| it.chars().count() <= LONGEST_ID);
            let id = id.ok_or("has a \"kid\" that is no text of at most 200 characters")?;
            Some(id.to_owned())
        }
    };
    Ok(PublicKey { id, algorithm, material })
}

fn material(jwk: &Json) -> Result<Material, String> {
    let curve = text(jwk, "crv").unwrap_or_default();
    match (text(jwk, "kty").unwrap_or_default(), curve) {
        ("EC", "P-256") => Ok(Material::P256 { x: point(jwk, "x")?, y: point(jwk, "y")? }),
        ("OKP", "Ed25519") => Ok(Material::Ed25519 { x: point(jwk, "x")? }),
        ("RSA", _) => {
            let (n, e) = (number(jwk, "n")?, number(jwk, "e")?);
            let odd = |it: &[u8]| it.last().is_some_and(|last| last % 2 == 1);
            let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
            if !MODULUS.contains(&bits) {
                return Err("is an RSA key of less than 2048 or more than 8192 bits".to_owned());
            }
            if e.len() > 4 || e == [1] || !odd(&e) || !odd(&n) {
                return Err("is an RSA key with an unusual exponent or an even modulus".to_owned());
            }
            Ok(Material::Rsa { n, e })
        }
        _ => Err("is of another kind than EC on P-256, RSA, or OKP on Ed25519".to_owned()),
    }
}

fn bytes(jwk: &Json, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text(jwk, name)?).ok()
}

/// A coordinate, in full length (RFC 7518 §6.2.1.2).
fn point(jwk: &Json, name: &str) -> Result<[u8; 32], String> {
    let bytes = bytes(jwk, name).and_then(|it| it.try_into().ok());
    bytes.ok_or_else(|| format!("has an \"{name}\" that is not 32 bytes in base64url"))
}

/// A number, without leading zeros: some write them although RFC 7518 §6.3.1.1 has none.
fn number(jwk: &Json, name: &str) -> Result<Vec<u8>, String> {
    let bytes = bytes(jwk, name).unwrap_or_default();
    let number: Vec<u8> = bytes.into_iter().skip_while(|it| *it == 0).collect();
    if number.is_empty() {
        return Err(format!("has an \"{name}\" that is no number in base64url"));
    }
    Ok(number)
}
