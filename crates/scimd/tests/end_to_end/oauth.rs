//! Access tokens over the real binary: for a secret, for a signature, and dead with the key.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::instance::{Instance, Place};

const GRANT: &str = "grant_type=client_credentials";

struct Acme {
    instance: Instance,
    organization: String,
    key: String,
    token: String,
}

impl Acme {
    fn new() -> Self {
        let instance = Place::development().serve();
        let words = ["organization", "create", "--name", "Acme", "--plan", "growth"];
        let made = instance.place.ask(&words);
        let organization = made["id"].as_str().unwrap().to_owned();
        let words = ["api-key", "create", "--organization", &organization, "--name", "Entra"];
        let made = instance.place.ask(&[&words[..], &["--permission", "scim"]].concat());
        let [key, token] = ["id", "token"].map(|it| made[it].as_str().unwrap().to_owned());
        Self { instance, organization, key, token }
    }

    fn ask(&self, verb: &str, rest: &[&str]) -> Value {
        let which = ["api-key", verb, "--organization", &self.organization, "--id", &self.key];
        self.instance.place.ask(&[&which[..], rest].concat())
    }

    fn grant(&self, form: &str) -> Answer {
        self.instance.send(&Request::form("/oauth/token", form))
    }

    fn by_secret(&self) -> Answer {
        let Self { key, token, .. } = self;
        self.grant(&format!("{GRANT}&client_id={key}&client_secret={token}"))
    }

    fn users(&self, token: &str) -> Answer {
        self.instance.send(&Request::get("/scim/v2/Users").key(token))
    }
}

fn token_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["expires_in"], 3600);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

// A5
#[test]
fn a_token_works_until_its_key_is_revoked() {
    let acme = Acme::new();
    let token = token_of(&acme.by_secret());
    assert_eq!(acme.users(&token).status, 200);
    acme.ask("forbid", &["--permission", "scim"]);
    assert_eq!(acme.users(&token).status, 403);
    acme.ask("permit", &["--permission", "scim"]);
    assert_eq!(acme.users(&token).status, 200);
    acme.ask("revoke", &[]);
    let refused = acme.users(&token);
    assert!(refused.status == 401 && refused.body.contains("revoked"), "{refused:?}");
    let refused = acme.by_secret();
    assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")));
}

#[test]
fn a_token_outlives_a_restart_and_the_static_one_goes_on_working() {
    let acme = Acme::new();
    let token = token_of(&acme.by_secret());
    let again = acme.instance.stop().serve();
    let ask = |token: &str| again.send(&Request::get("/scim/v2/Users").key(token)).status;
    assert_eq!((ask(&token), ask(&acme.token)), (200, 200));
}

#[test]
fn a_client_signs_who_it_is_with_the_key_that_was_registered() {
    let acme = Acme::new();
    let (old, new) = (Signer::new(), Signer::new());
    let file = acme.instance.place.path("jwks.json");
    let register = |signers: &[&Signer]| {
        let keys: Vec<_> = signers.iter().map(|it| it.jwk()).collect();
        std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
        acme.ask("set-public-keys", &["--jwks", file.to_str().unwrap()])
    };
    let ask = |signer: &Signer, jti: &str| {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let assertion = signer.sign(&acme.key, &issuer(&acme), jti);
        let credential = format!("client_assertion_type={kind}&client_assertion={assertion}");
        acme.grant(&format!("{GRANT}&{credential}"))
    };
    assert_eq!(ask(&old, "1").status, 401);
    assert_eq!(register(&[&old])[0]["kind"], "EC P-256");
    let first = token_of(&ask(&old, "1"));
    assert_eq!(ask(&old, "1").status, 401, "once");
    assert_eq!(register(&[&old, &new]).as_array().unwrap().len(), 2);
    assert_eq!(acme.users(&first).status, 200);
    let second = token_of(&ask(&new, "2"));
    register(&[&new]);
    assert_eq!((acme.users(&first).status, acme.users(&second).status), (401, 401));
    assert_eq!(ask(&old, "3").status, 401);
    let third = token_of(&ask(&new, "3"));
    assert_eq!(acme.users(&third).status, 200);
    assert_eq!(acme.ask("public-keys", &[]).as_array().unwrap().len(), 1);
    assert_eq!(acme.ask("remove-public-keys", &[]), json!([]));
    assert_eq!((acme.users(&third).status, ask(&new, "4").status), (401, 401));
}

#[test]
fn a_file_without_public_keys_is_refused_with_the_reason() {
    let acme = Acme::new();
    let place = &acme.instance.place;
    let file = place.path("jwks.json");
    for (text, what) in [
        ("{}", "JWK Set"),
        ("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AQAB\"}]}", "secret"),
        ("nothing", "JSON"),
    ] {
        std::fs::write(&file, text).unwrap();
        let which = ["--organization", &acme.organization, "--id", &acme.key];
        let words =
            [&["api-key", "set-public-keys"], &which[..], &["--jwks", file.to_str().unwrap()]];
        let said = place.refused(&words.concat());
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn the_metadata_leads_to_the_endpoint() {
    let acme = Acme::new();
    let path = "/.well-known/oauth-authorization-server";
    let metadata = acme.instance.send(&Request::get(path)).json();
    assert_eq!(metadata["token_endpoint"], format!("{}/oauth/token", issuer(&acme)));
}

/// The address under which the instance knows itself.
fn issuer(acme: &Acme) -> String {
    let base = acme.instance.announced["baseUrl"].as_str().unwrap();
    base.strip_suffix("/scim/v2").unwrap().to_owned()
}

struct Signer(EcdsaKeyPair, SystemRandom);

impl Signer {
    fn new() -> Self {
        let (random, how) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let key = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(how, key.as_ref(), &random).unwrap(), random)
    }

    fn jwk(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|it| URL_SAFE_NO_PAD.encode(it));
        json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": x, "y": y })
    }

    fn sign(&self, client: &str, audience: &str, jti: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "the client's clock, not the service's")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let header = json!({ "alg": "ES256", "typ": "JWT" });
        let claims = json!({
            "iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + 120, "jti": jti,
        });
        let [header, claims] = [header, claims].map(|it| URL_SAFE_NO_PAD.encode(it.to_string()));
        let message = format!("{header}.{claims}");
        let signature = self.0.sign(&self.1, message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}
