//! A client that signs who it is, as an identity provider would.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair, RsaPublicKeyComponents,
    },
};
use serde_json::{Value, json};

/// A private key that nobody keeps secret.
const RSA: &[u8] = include_bytes!("signer/rsa.pk8");

/// A private key, and what it signs.
#[derive(Debug)]
pub struct Signer {
    pair: Pair,
    random: SystemRandom,
}

#[derive(Debug)]
enum Pair {
    P256(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// What was asked of a key failed; in tests, nothing is done about it.
type Signed<T> = Result<T, String>;

impl Signer {
    /// A new key on P-256.
    pub fn p256() -> Signed<Self> {
        let random = SystemRandom::new();
        let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(how, &random).map_err(|it| said(&it))?;
        let pair = EcdsaKeyPair::from_pkcs8(how, pair.as_ref(), &random).map_err(|it| said(&it))?;
        Ok(Self { pair: Pair::P256(Box::new(pair)), random })
    }

    /// A new key on Ed25519.
    pub fn ed25519() -> Signed<Self> {
        let random = SystemRandom::new();
        let pair = Ed25519KeyPair::generate_pkcs8(&random).map_err(|it| said(&it))?;
        let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).map_err(|it| said(&it))?;
        Ok(Self { pair: Pair::Ed25519(Box::new(pair)), random })
    }

    /// Always the same RSA key of 2048 bits.
    pub fn rsa() -> Signed<Self> {
        let pair = RsaKeyPair::from_pkcs8(RSA).map_err(|it| said(&it))?;
        Ok(Self { pair: Pair::Rsa(Box::new(pair)), random: SystemRandom::new() })
    }

    /// The public part.
    pub fn jwk(&self) -> Value {
        match &self.pair {
            Pair::P256(pair) => {
                let (x, y) = pair.public_key().as_ref().get(1..).unwrap_or_default().split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref()) })
            }
            Pair::Rsa(pair) => {
                let key = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": text(&key.n), "e": text(&key.e) })
            }
        }
    }

    /// The public part as the only one of a JWK Set.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// A JWT with the algorithm that goes with the key, RS256 for an RSA key.
    pub fn sign(&self, claims: &Value) -> Signed<String> {
        let algorithm = match &self.pair {
            Pair::P256(_) => "ES256",
            Pair::Ed25519(_) => "EdDSA",
            Pair::Rsa(_) => "RS256",
        };
        self.sign_with(&json!({ "alg": algorithm, "typ": "JWT" }), claims)
    }

    /// A JWT with any header. Where that says PS256, an RSA key does it.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> Signed<String> {
        let part = |it: &Value| text(it.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        let bytes = message.as_bytes();
        let signature = match &self.pair {
            Pair::P256(pair) => {
                pair.sign(&self.random, bytes).map_err(|it| said(&it))?.as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let how: &dyn ring::signature::RsaEncoding =
                    if header["alg"] == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(how, &self.random, bytes, &mut signature).map_err(|it| said(&it))?;
                signature
            }
        };
        Ok(format!("{message}.{}", text(&signature)))
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn said(error: &impl ToString) -> String {
    error.to_string()
}
