use super::*;

fn form(text: &str) -> Form {
    parse(text.as_bytes()).unwrap_or_else(|_| panic!("{text}"))
}

#[test]
fn parameters_are_decoded_once_and_empty_ones_are_none() {
    let mut form = form("a=1&b=x+y%2Bz%2525&c=&d");
    assert_eq!(form.take("a").as_deref(), Some("1"));
    assert_eq!(form.take("a"), None);
    assert_eq!(form.take("b").as_deref(), Some("x y+z%25"));
    assert_eq!((form.take("c"), form.take("d"), form.take("e")), (None, None, None));
    assert!(parse(b"").is_ok());
}

#[test]
fn a_parameter_is_there_once() {
    for text in ["a=1&a=2", "a=1&b=2&a=1", "a=&a=", "scope=x&%73cope=y"] {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse(b"a=\xff").is_err());
}

#[test]
fn a_credential_is_decoded_as_a_value_is() {
    assert_eq!(decode("scimd%5Fa").as_deref(), Some("scimd_a"));
    assert_eq!(decode("a+b").as_deref(), Some("a b"));
    assert_eq!(decode("").as_deref(), Some(""));
    assert_eq!(decode("a&b"), None);
}
