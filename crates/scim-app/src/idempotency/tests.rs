use uuid::Uuid;

use super::*;

const TOKEN: &str = "scimd_9";

fn token(key: u128, secret: u8) -> Token {
    Token::new(ApiKeyId::new(Uuid::from_u128(key)), &[secret; 32])
}

fn seal_of(token: &Token, key: &str, asked: &[&[u8]]) -> Seal {
    let key = IdempotencyKey::parse(key).unwrap();
    Seal::new(OrganizationId::OPERATOR, token, &key, asked).unwrap()
}

fn close(seal: &Seal) -> AnsweredRequest {
    seal.close(TOKEN.as_bytes(), [7; 32], Timestamp::from_micros(0)).unwrap()
}

#[test]
fn a_key_is_1_to_255_visible_characters() {
    for text in ["a", "8e03978e-40d5-43e8-bc93-6894a57f9324", "\"quoted\"", &"x".repeat(255)] {
        assert!(IdempotencyKey::parse(text).is_some(), "{text}");
    }
    for text in ["", "a b", "ä", "a\u{7f}", &"x".repeat(256)] {
        assert!(IdempotencyKey::parse(text).is_none(), "{text}");
    }
}

// A3
#[test]
fn a_stored_answer_opens_for_nobody_else() {
    let mine = seal_of(&token(1, 1), "one", &[b"POST", b"body"]);
    let stored = close(&mine);
    assert_eq!(mine.open(&stored.answer).as_deref(), Some(TOKEN.as_bytes()));
    let other_secret = seal_of(&token(1, 2), "one", &[b"POST", b"body"]);
    let other_key = seal_of(&token(1, 1), "two", &[b"POST", b"body"]);
    let other_request = seal_of(&token(1, 1), "one", &[b"POST", b"bodies"]);
    for other in [other_secret, other_key, other_request] {
        assert_eq!(other.open(&stored.answer), None);
    }
    let text = String::from_utf8_lossy(&stored.answer).into_owned();
    assert!(!text.contains(TOKEN));
    assert_eq!(mine.open(&stored.answer[..NONCE]), None);
    assert_eq!(mine.open(&[]), None);
}

// A3
#[test]
fn what_stands_for_a_request_confirms_no_guess_without_its_token() {
    let one = seal_of(&token(1, 1), "one", &[b"POST", b"jane@example.com"]);
    let again = seal_of(&token(1, 1), "one", &[b"POST", b"jane@example.com"]);
    assert_eq!((one.name, one.fingerprint), (again.name, again.fingerprint));
    let guessed = seal_of(&token(1, 2), "one", &[b"POST", b"jane@example.com"]);
    assert_ne!(one.name, guessed.name);
    assert_ne!(one.fingerprint, guessed.fingerprint);
}

#[test]
fn parts_of_a_request_do_not_run_together() {
    let fingerprint = |asked: &[&[u8]]| seal_of(&token(1, 1), "one", asked).fingerprint;
    assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
    assert_ne!(fingerprint(&[b"ab"]), fingerprint(&[b"ab", b""]));
}
