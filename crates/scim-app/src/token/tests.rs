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
