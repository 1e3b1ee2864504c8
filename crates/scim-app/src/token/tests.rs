//! Tests of tokens.

use super::*;

fn token() -> Token {
    Token::new(ApiKeyId::new(Uuid::from_u128(7)), &[0xA5; 32])
}

#[test]
fn a_token_names_its_key_and_reads_back() {
    let token = token();
    let read = Token::parse(token.expose()).unwrap();
    assert_eq!(read.key(), token.key());
    assert_eq!(read.expose(), token.expose());
    assert!(token.expose().starts_with("scimd_00000000000000000000000000000007_"));
}

// A4
#[test]
fn a_typing_error_anywhere_is_told_by_the_checksum() {
    let token = token();
    let text = token.expose();
    for at in 0..text.len() {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let typo = String::from_utf8(bytes).unwrap();
        assert!(Token::parse(&typo).is_none(), "{typo}");
    }
}

fn access_token() -> Token {
    let issued = scim_domain::Timestamp::from_micros(1_767_225_600_123_456);
    let lifetime = Lifetime { issued, expires: issued.plus_seconds(3600) };
    Token::access(ApiKeyId::new(Uuid::from_u128(7)), lifetime, &[0x5A; 32])
}

#[test]
fn an_access_token_names_its_key_and_its_lifetime_and_reads_back() {
    let token = access_token();
    let read = Token::parse(token.expose()).unwrap();
    assert_eq!((read.key(), read.kind()), (token.key(), token.kind()));
    assert_eq!(read.expose(), token.expose());
    assert!(read.carries(&[0x5A; 32]) && !read.carries(&[0x5B; 32]));
    assert!(token.expose().starts_with("scimdat_00000000000000000000000000000007_"));
    for micros in [0, 1, -1, i64::MAX, i64::MIN] {
        let moment = scim_domain::Timestamp::from_micros(micros);
        let lifetime = Lifetime { issued: moment, expires: moment };
        assert_eq!(Lifetime::from_digits(&lifetime.to_digits()), Some(lifetime));
    }
}

#[test]
fn a_lifetime_that_is_none_is_none() {
    let most = "7n42DGM5Tflk9n8mt7Fhc7";
    assert!(Lifetime::from_digits(most).is_some());
    for text in ["7n42DGM5Tflk9n8mt7Fhc8", &"z".repeat(22), &"0".repeat(21), &"-".repeat(22), ""] {
        assert_eq!(Lifetime::from_digits(text), None, "{text}");
    }
}

/// What a scanner of secrets looks for.
#[test]
fn tokens_of_both_kinds_are_told_by_their_look() {
    let look = |token: &Token| {
        let all: Vec<_> = token.expose().split('_').map(str::len).collect();
        assert!(token.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        all
    };
    assert_eq!(look(&token()), [5, 32, 43, 6]);
    assert_eq!(look(&access_token()), [7, 32, 22, 43, 6]);
}

// A4
#[test]
fn a_typing_error_in_an_access_token_is_told_by_the_checksum() {
    let token = access_token();
    let text = token.expose();
    for at in 0..text.len() {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let typo = String::from_utf8(bytes).unwrap();
        assert!(Token::parse(&typo).is_none(), "{typo}");
    }
    assert!(Token::parse(&text.replacen("scimdat", "scimd", 1)).is_none());
}

#[test]
fn what_is_no_token_is_none() {
    let long = "x".repeat(1024 * 1024);
    for text in ["", "scimd", "scimd___", "x' OR '1'='1", "a\0b", long.as_str()] {
        assert!(Token::parse(text).is_none(), "{}", &text[..text.len().min(20)]);
    }
}

#[test]
fn the_header_is_read_as_clients_send_it() {
    let token = token();
    let text = token.expose();
    for header in [
        format!("Bearer {text}"),
        format!("bearer {text}"),
        format!("BEARER   {text} "),
        format!("Bearer Bearer {text}"),
        format!("Bearer bearer {text}"),
        text.to_owned(),
    ] {
        assert!(Token::from_authorization(&header).is_some(), "{header}");
    }
    for header in ["", "Bearer", "Bearer ", "Bearer null", "non-token"] {
        assert!(Token::from_authorization(header).is_none(), "{header}");
    }
    for scheme in ["Basic ", "Bearer Bearer Bearer ", "Token "] {
        assert!(Token::from_authorization(&format!("{scheme}{text}")).is_none(), "{scheme}");
    }
}

// A3
#[test]
fn the_secret_is_in_no_debug_output() {
    let token = token();
    let secret = token.expose().split('_').nth(2).unwrap().to_owned();
    assert!(!format!("{token:?}").contains(&secret));
}

#[test]
fn all_256_bits_count() {
    let key = ApiKeyId::new(Uuid::from_u128(7));
    let one = Token::new(key, &[0xFF; 32]);
    let mut bits = [0xFF; 32];
    bits[31] = 0xFE;
    assert_ne!(one.expose(), Token::new(key, &bits).expose());
    bits = [0xFF; 32];
    bits[0] = 0x7F;
    assert_ne!(one.expose(), Token::new(key, &bits).expose());
}
