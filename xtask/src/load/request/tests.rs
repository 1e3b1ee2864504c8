use serde_json::json;

use super::Door;

#[test]
fn a_body_says_how_long_it_is() {
    let request = Door::with("k").post("/scim/v2/Users", &json!({ "userName": "Müller" }));
    let request = String::from_utf8(request).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /scim/v2/Users HTTP/1.1\r\n"));
    assert!(head.contains(&format!("Content-Length: {}", body.len())));
    assert!(head.contains("Authorization: Bearer k"));
}

#[test]
fn without_a_token_there_is_no_authorization() {
    let request = String::from_utf8(Door::open().get("/")).unwrap();
    assert_eq!(request, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
}
