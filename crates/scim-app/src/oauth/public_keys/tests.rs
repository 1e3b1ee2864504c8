//! Public keys, against the examples of the RFCs.

use serde_json::{Value, json};

use super::*;
use crate::testing::Signer;

fn read(jwks: &Value) -> Result<PublicKeys, Invalid> {
    PublicKeys::parse(&Json::parse(jwks.to_string().as_bytes()).unwrap())
}

fn set(jwk: &Value) -> PublicKeys {
    read(&json!({ "keys": [jwk] })).unwrap()
}

fn refused(jwk: &Value) -> String {
    read(&json!({ "keys": [jwk] })).unwrap_err().detail
}

/// RFC 7515 A.3.
fn p256() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

/// RFC 8037 A.2.
fn ed25519() -> Value {
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    })
}

/// RFC 7638 §3.1.
fn rsa() -> Value {
    json!({
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSo\
              c_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YG\
              jQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt\
              -bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDK\
              gw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    })
}

fn verifies(keys: &PublicKeys, algorithm: Algorithm, message: &str, signature: &str) -> bool {
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    keys.verify(algorithm, None, message.as_bytes(), &signature)
}

#[test]
fn the_signatures_in_the_rfcs_are_right() {
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly\
                   9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3\
                     -Kg6NU1Q";
    assert!(verifies(&set(&p256()), Algorithm::Es256, message, signature));
    assert!(!verifies(&set(&p256()), Algorithm::Es256, &message.replace('Q', "q"), signature));
    let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr\
                     _MuM0KAg";
    assert!(verifies(&set(&ed25519()), Algorithm::EdDsa, message, signature));
}

#[test]
fn thumbprints_are_those_of_the_rfcs() {
    let thumbprint = |jwk: &Value| set(jwk).iter().next().unwrap().thumbprint();
    assert_eq!(thumbprint(&rsa()), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(thumbprint(&ed25519()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn what_is_kept_reads_back_and_has_nothing_else_in_it() {
    let mut jwk = rsa();
    jwk["x5u"] = json!("https://elsewhere.example/chain.pem");
    jwk["use"] = json!("sig");
    let keys = read(&json!({ "keys": [jwk, p256(), ed25519()], "more": 1 })).unwrap();
    assert_eq!(keys.to_json(), json!({ "keys": [rsa(), p256(), ed25519()] }));
    assert_eq!(read(&keys.to_json()).unwrap(), keys);
    let described: Vec<_> = keys.iter().map(PublicKey::describe).collect();
    assert_eq!(described, ["RSA 2048", "EC P-256", "Ed25519"]);
}

#[test]
fn a_secret_is_refused_with_what_to_do() {
    for member in ["d", "k", "p", "oth"] {
        let mut jwk = p256();
        jwk[member] = json!("AQAB");
        assert!(refused(&jwk).contains("secret"), "{member}");
    }
    assert!(refused(&json!({ "kty": "oct", "k": "AQAB" })).contains("secret"));
}

#[test]
fn what_cannot_sign_here_is_refused() {
    let with = |jwk: Value, name: &str, value: Value| {
        let mut jwk = jwk;
        jwk[name] = value;
        jwk
    };
    let short = URL_SAFE_NO_PAD.encode([0xff; 255]);
    let low = URL_SAFE_NO_PAD.encode([&[0x7f][..], &[0xff; 255]].concat());
    let long = URL_SAFE_NO_PAD.encode([0xff; 1025]);
    for jwk in [
        json!({}),
        json!("key"),
        json!({ "kty": "RSA" }),
        with(p256(), "crv", json!("P-384")),
        with(p256(), "crv", json!("secp256k1")),
        with(p256(), "kty", json!("ec")),
        with(p256(), "x", json!("AQAB")),
        with(p256(), "y", json!("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE=")),
        with(p256(), "alg", json!("HS256")),
        with(p256(), "alg", json!("RS256")),
        with(p256(), "alg", json!("none")),
        with(p256(), "use", json!("enc")),
        with(p256(), "key_ops", json!(["encrypt"])),
        with(p256(), "kid", json!(7)),
        with(p256(), "kid", json!("x".repeat(201))),
        with(ed25519(), "crv", json!("X25519")),
        with(ed25519(), "crv", json!("Ed448")),
        with(rsa(), "n", json!(short)),
        with(rsa(), "n", json!(low)),
        with(rsa(), "n", json!(long)),
        with(rsa(), "e", json!("AQ")),
        with(rsa(), "e", json!("Ag")),
        with(rsa(), "e", json!("")),
        with(rsa(), "alg", json!("ES256")),
    ] {
        let detail = refused(&jwk);
        assert!(detail.starts_with("Key 1 of the set ") && detail.ends_with('.'), "{detail}");
    }
    for jwks in [json!([]), json!({ "keys": {} }), json!({ "keys": [] }), p256(), json!(null)] {
        assert!(read(&jwks).is_err(), "{jwks}");
    }
    assert!(read(&json!({ "keys": vec![p256(); 10] })).is_ok());
    assert!(read(&json!({ "keys": vec![p256(); 11] })).is_err());
}

#[test]
fn the_key_decides_what_a_signature_is() {
    let signer = Signer::rsa().unwrap();
    let token = signer.sign_with(&json!({ "alg": "PS256" }), &json!({})).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let check = |jwk: &Value, algorithm, id: Option<&str>| {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        set(jwk).verify(algorithm, id, message.as_bytes(), &signature)
    };
    let mut jwk = signer.jwk();
    assert!(check(&jwk, Algorithm::Ps256, None));
    assert!(check(&jwk, Algorithm::Ps256, Some("any")));
    for other in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        assert!(!check(&jwk, other, None), "{other:?}");
    }
    jwk["kid"] = json!("one");
    assert!(check(&jwk, Algorithm::Ps256, Some("one")) && check(&jwk, Algorithm::Ps256, None));
    assert!(!check(&jwk, Algorithm::Ps256, Some("two")));
    jwk["alg"] = json!("RS256");
    assert!(!check(&jwk, Algorithm::Ps256, Some("one")));
}

#[test]
fn no_algorithm_is_symmetric_or_none() {
    for name in ["none", "None", "HS256", "HS384", "HS512", "es256", "RS1", "ES256K", "RS512", ""] {
        assert_eq!(Algorithm::parse(name), None, "{name}");
    }
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::parse(algorithm.name()), Some(*algorithm));
    }
    assert_eq!(Algorithm::parse("Ed25519"), Some(Algorithm::EdDsa));
}

#[test]
fn keys_are_the_same_whatever_they_are_called() {
    let named = |jwk: Value, id: &str| {
        let mut jwk = jwk;
        jwk["kid"] = json!(id);
        jwk
    };
    let one = read(&json!({ "keys": [named(p256(), "1")] })).unwrap();
    let two = read(&json!({ "keys": [named(p256(), "2"), ed25519()] })).unwrap();
    assert!(one.are_all_among(&two));
    assert!(!two.are_all_among(&one));
    assert!(PublicKeys::default().are_all_among(&one));
}
