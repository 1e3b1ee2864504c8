//! What a wrong key costs, what it is told, and what it is not.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use scim_app::token::Token;
use scim_domain::ApiKeyId;

use crate::client::{Client, Reply};
use crate::database;
use crate::instance::{Instance, Place};
use crate::world::{Organization, warm};

const PATH: &str = "/scim/v2/Users";

fn ask(instance: &Instance, authorization: &str) -> Reply {
    Client::new(instance.address, authorization).get(PATH)
}

/// The parts of a token: id, secret as digits, checksum.
fn parts(token: &str) -> [&str; 3] {
    let mut parts = token.split('_').skip(1);
    [parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap()]
}

fn key_of(token: &str) -> ApiKeyId {
    let id = parts(token)[0];
    let (groups, last) = ([&id[..8], &id[8..12], &id[12..16], &id[16..20]], &id[20..]);
    ApiKeyId::parse(&format!("{}-{last}", groups.join("-"))).unwrap()
}

/// The secret's bits, from its base62 digits.
fn bits(token: &str) -> [u8; 32] {
    let mut number = [0_u8; 32];
    for digit in parts(token)[1].bytes() {
        let mut carry = match digit {
            b'0'..=b'9' => u32::from(digit - b'0'),
            b'A'..=b'Z' => u32::from(digit - b'A') + 10,
            _ => u32::from(digit - b'a') + 36,
        };
        for byte in number.iter_mut().rev() {
            carry += u32::from(*byte) * 62;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
    }
    number
}

fn unknown() -> ApiKeyId {
    ApiKeyId::parse("0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f").unwrap()
}

/// The quickest of some answers to each: what else runs on the machine only ever adds to it. They are
/// asked in turn, so that it adds to all of them alike.
fn quickest<const N: usize>(instance: &Instance, authorizations: [String; N]) -> [Duration; N] {
    let mut clients = authorizations.map(|it| Client::new(instance.address, it));
    let mut times = [Duration::MAX; N];
    for _ in 0..20 {
        for (client, time) in clients.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            assert_eq!(client.get(PATH).status, 401);
            *time = begun.elapsed().min(*time);
        }
    }
    times
}

// A4
#[test]
fn a_typing_error_costs_nothing_and_an_unknown_key_what_a_wrong_secret_costs() {
    let instance = Place::development().serve();
    warm(&instance);
    let right = instance.first_key();
    let mistyped = format!("Bearer {right}x");
    let wrong = format!("Bearer {}", Token::new(key_of(&right), &[1; 32]).expose());
    let nobodys = format!("Bearer {}", Token::new(unknown(), &[1; 32]).expose());
    let [typo, wrong, nobodys] = quickest(&instance, [mistyped, wrong, nobodys]);
    assert!(typo * 3 < wrong, "without a hash {typo:?}, with one {wrong:?}");
    // Half and double: a missing hash would be ten times quicker.
    assert!(nobodys * 2 > wrong && wrong * 2 > nobodys, "{nobodys:?} and {wrong:?}");
}

// A4
#[test]
fn a_wrong_key_is_told_the_same_whatever_is_wrong_with_it() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let right = instance.first_key();
    let told = |authorization: &str| {
        let reply = ask(&instance, authorization);
        let head = reply.head.lines().filter(|line| {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            !matches!(&name[..], "date" | "x-request-id")
        });
        // Headers have no order.
        (head.map(str::to_owned).collect::<BTreeSet<_>>(), reply.body)
    };
    let nothing = told("");
    let revoked = Organization::create(&instance.place, "Acme");
    let words = ["api-key", "revoke", "--organization", &revoked.id, "--id", &revoked.key];
    instance.place.ask(&words);
    for token in [
        Token::new(key_of(&right), &[1; 32]),
        Token::new(unknown(), &[1; 32]),
        // Without the secret, nobody learns that the key was revoked.
        Token::new(key_of(&revoked.token), &[1; 32]),
    ] {
        assert_eq!(told(&format!("Bearer {}", token.expose())), nothing);
    }
    assert_eq!(told("Bearer scimd_x_y_z"), nothing);
    assert!(ask(&instance, &revoked.token).body.contains("revoked"));
    assert_eq!(inside.get(PATH).status, 200);
}

// A4
#[test]
fn wrong_keys_write_nothing() {
    let instance = Place::development().serve();
    let right = instance.first_key();
    for at in 0..20 {
        let token = Token::new(if at % 2 == 0 { key_of(&right) } else { unknown() }, &[at; 32]);
        assert_eq!(ask(&instance, token.expose()).status, 401);
        assert_eq!(ask(&instance, &format!("{}x", token.expose())).status, 401);
    }
    let first = crate::world::first_organization(&instance.place);
    // What was gathered is written at the end at the latest.
    let place = instance.stop();
    let connection = database::open(&place);
    for table in ["activity", "api_key_uses"] {
        let count = database::rows(&connection, &format!("SELECT count(*) FROM {table}"), |row| {
            row.get::<_, i64>(0).unwrap()
        });
        assert_eq!(count, [0], "{table}");
    }
    let entries = place.ask(&["audit", "list", "--organization", &first]);
    let denials = |it: &&serde_json::Value| it["action"] == "request.denied";
    assert_eq!(entries.as_array().unwrap().iter().filter(denials).count(), 0, "{entries}");
}

// A7
#[test]
fn of_tokens_that_differ_in_their_last_bits_only_the_right_one_passes() {
    let instance = Place::development().serve();
    let other = Organization::create(&instance.place, "Acme");
    let mut inside = warm(&instance);
    let right = instance.first_key();
    let key = key_of(&right);
    assert_eq!(
        Token::new(key, &bits(&right)).expose(),
        right,
        "the test makes tokens as scimd does"
    );

    for bit in 0..6 {
        let mut secret = bits(&right);
        secret[31] ^= 1 << bit;
        let near = Token::new(key, &secret);
        let shared = near.expose().bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
        assert!(shared > 75, "{shared} characters are the same");
        assert_eq!(ask(&instance, near.expose()).status, 401, "bit {bit}");
        // The right one is remembered now and the near one still is not it.
        assert_eq!(inside.get(PATH).status, 200);
        assert_eq!(ask(&instance, near.expose()).status, 401, "bit {bit}");
    }
    // The secret of one key does not open another, of this organization or any.
    let crossed = Token::new(key_of(&other.token), &bits(&right));
    assert_eq!(ask(&instance, crossed.expose()).status, 401);
    let crossed = Token::new(key, &bits(&other.token));
    assert_eq!(ask(&instance, crossed.expose()).status, 401);
    for end in ["x", " x", "_", "\u{e9}", &"x".repeat(128)] {
        assert_eq!(ask(&instance, &format!("{right}{end}")).status, 401, "{end}");
    }
}

// A7
#[test]
fn the_stored_hash_is_no_token() {
    let instance = Place::development().serve();
    warm(&instance);
    let right = instance.first_key();
    let hashes = database::texts(&database::open(&instance.place), "SELECT hash FROM api_keys");
    let [hash] = &hashes[..] else { panic!("{} keys", hashes.len()) };
    assert!(hash.starts_with("$argon2id$"), "{}", hash.len());
    let [id, secret, checksum] = parts(&right);
    assert!(!hash.contains(secret));
    let digest = hash.rsplit('$').next().unwrap();
    for attempt in [
        hash.clone(),
        digest.to_owned(),
        format!("scimd_{id}_{digest}_{checksum}"),
        format!("scimd_{id}_{hash}_{checksum}"),
        format!("scimd_{id}__{checksum}"),
    ] {
        assert_eq!(ask(&instance, &format!("Bearer {attempt}")).status, 401, "{attempt}");
        assert_eq!(ask(&instance, &attempt).status, 401, "{attempt}");
    }
}
