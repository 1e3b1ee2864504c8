use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use super::super::okta::{App, Request, delete_group, patch_active, test_users};
use super::Client;

/// Sends a request to a listener of the test's own and answers what came in, byte for byte.
fn sent(app: App, request: &Request) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}/scim/v2/", listener.local_addr().unwrap());
    let heard = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut bytes, mut chunk) = (String::new(), [0; 4096]);
        while !whole(&bytes) {
            let read = stream.read(&mut chunk).unwrap();
            bytes.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        bytes
    });
    Client::new(&base, app, "key").send(request).unwrap();
    heard.join().unwrap()
}

/// Whether head and body are there.
fn whole(raw: &str) -> bool {
    let Some((head, body)) = raw.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() >= length.parse().unwrap())
}

/// The header lines, names in lower case and sorted, without `Host`.
fn headers(raw: &str) -> Vec<String> {
    let head = raw.split("\r\n\r\n").next().unwrap();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let mut lines: Vec<String> = lines
        .filter(|(name, _)| !name.eq_ignore_ascii_case("host"))
        .map(|(name, value)| format!("{}: {value}", name.to_lowercase()))
        .collect();
    lines.sort();
    lines
}

#[test]
fn a_read_has_oktas_headers_and_no_others() {
    let raw = sent(App::CustomSaml, &test_users());
    assert!(raw.starts_with("GET /scim/v2/Users?startIndex=1&count=2 HTTP/1.1\r\n"), "{raw}");
    let expected = [
        "accept-charset: utf-8",
        "accept-encoding: gzip,deflate",
        "accept: application/scim+json",
        "authorization: Bearer key",
        "connection: Keep-Alive",
        "user-agent: Okta SCIM Client 1.0.0",
    ];
    assert_eq!(headers(&raw), expected);
}

#[test]
fn a_write_says_its_media_type_with_a_charset() {
    let raw = sent(App::Template, &patch_active("u", false));
    assert!(raw.starts_with("PATCH /scim/v2/Users/u HTTP/1.1\r\n"), "{raw}");
    let headers = headers(&raw);
    assert!(headers.contains(&"content-type: application/scim+json; charset=utf-8".to_owned()));
    assert!(headers.contains(&"authorization: key".to_owned()));
}

#[test]
fn a_delete_has_a_media_type_and_no_body() {
    let raw = sent(App::Template, &delete_group("g"));
    let headers = headers(&raw);
    assert!(headers.contains(&"content-type: application/scim+json; charset=utf-8".to_owned()));
    assert!(raw.ends_with("\r\n\r\n"), "{raw}");
    assert!(!headers.iter().any(|header| header.starts_with("transfer-encoding")));
}
