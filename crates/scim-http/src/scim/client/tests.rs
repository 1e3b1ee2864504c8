use actix_web::http::header::{HeaderName, HeaderValue};

use super::*;

fn client(peer: &str, forwarded: &[&str]) -> String {
    let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|it| it.parse().unwrap()).into();
    let mut headers = HeaderMap::new();
    for line in forwarded {
        let name = HeaderName::from_static("x-forwarded-for");
        headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    address(Some(peer.parse().unwrap()), &headers, &trusted).unwrap().to_string()
}

// A8
#[test]
fn a_forged_header_changes_nothing() {
    assert_eq!(client("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
    assert_eq!(client("10.0.0.1:1", &["6.6.6.6, 203.0.113.9"]), "203.0.113.9");
    assert_eq!(client("10.0.0.1:1", &["10.0.0.7", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
}

#[test]
fn the_right_most_address_that_is_no_proxy_counts() {
    assert_eq!(client("10.0.0.1:1", &["203.0.113.9"]), "203.0.113.9");
    assert_eq!(client("10.0.0.1:1", &["203.0.113.9,10.1.2.3"]), "203.0.113.9");
    assert_eq!(client("10.0.0.1:1", &["203.0.113.9:4711"]), "203.0.113.9");
    assert_eq!(client("[fd00::1]:1", &["[2001:db8::1]:4711"]), "2001:db8::1");
    assert_eq!(client("[fd00::1]:1", &["[2001:db8::1]"]), "2001:db8::1");
    assert_eq!(client("[::ffff:10.0.0.1]:1", &["::ffff:203.0.113.9"]), "203.0.113.9");
}

#[test]
fn without_a_readable_entry_the_proxy_itself_counts() {
    assert_eq!(client("10.0.0.1:1", &[]), "10.0.0.1");
    assert_eq!(client("10.0.0.1:1", &["unknown"]), "10.0.0.1");
    assert_eq!(client("10.0.0.1:1", &["203.0.113.9, unknown"]), "10.0.0.1");
    assert_eq!(client("10.0.0.1:1", &["203.0.113.9, \u{e9}"]), "10.0.0.1");
    assert_eq!(client("10.0.0.1:1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
}
