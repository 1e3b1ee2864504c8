use super::{Frame, parse};

#[test]
fn an_answer_is_as_long_as_it_says() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\ncontent-length: 5\r\n\r\nhello";
    assert_eq!(parse(bytes).unwrap(), Some(Frame { status: 200, head: 55, body: 5 }));
}

#[test]
fn half_a_head_is_waited_for() {
    assert_eq!(parse(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap(), None);
    assert_eq!(parse(b"").unwrap(), None);
}

#[test]
fn an_answer_without_a_length_is_not_guessed_at() {
    assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    assert!(parse(b"SSH-2.0\r\n\r\n").is_err());
}
