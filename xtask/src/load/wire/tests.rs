use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use super::{Body, Connection, Frame, parse, unchunk};

#[test]
fn an_answer_is_as_long_as_it_says() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\ncontent-length: 5\r\n\r\nhello";
    assert_eq!(parse(bytes).unwrap(), Some(Frame { status: 200, head: 55, body: Body::Sized(5) }));
}

#[test]
fn half_a_head_is_waited_for() {
    assert_eq!(parse(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap(), None);
    assert_eq!(parse(b"").unwrap(), None);
}

#[test]
fn an_answer_in_chunks_says_so() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";
    assert_eq!(parse(bytes).unwrap(), Some(Frame { status: 200, head: 47, body: Body::Chunked }));
}

#[test]
fn chunks_are_put_together_wherever_they_are_cut() {
    let whole = b"5\r\nhello\r\n0a\r\n, w\r\norld!\r\n0\r\n\r\n";
    for cut in 0..whole.len() {
        let (mut bytes, mut body) = (whole[..cut].to_vec(), Vec::new());
        assert!(!unchunk(&mut bytes, &mut body).unwrap(), "{cut}");
        bytes.extend(&whole[cut..]);
        assert!(unchunk(&mut bytes, &mut body).unwrap(), "{cut}");
        assert_eq!((body.as_slice(), bytes.len()), (b"hello, w\r\norld!".as_slice(), 0));
    }
    for wrong in ["x\r\n", "3\r\nhello\r\n", "-1\r\n"] {
        assert!(unchunk(&mut wrong.as_bytes().to_vec(), &mut Vec::new()).is_err(), "{wrong}");
    }
}

/// What a client gets that asks a server which says this and goes.
fn received(said: &'static str) -> anyhow::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || listener.accept().unwrap().0.write_all(said.as_bytes()));
    let mut body = String::new();
    let mut connection = Connection::open(address)?;
    let length = connection.receive(|bytes| body = String::from_utf8(bytes.to_vec()).unwrap());
    server.join().unwrap().unwrap();
    assert!(length.as_ref().is_ok_and(|it| *it == body.len()) || body.is_empty());
    length.map(|_| body)
}

#[test]
fn only_a_whole_answer_counts() {
    assert!(received("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhal").is_err());
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n1\r\nl\r\n";
    assert!(received(chunks).is_err());
    let whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n0\r\n\r\n";
    assert_eq!(received(whole).unwrap(), "ha");
    let refusal = "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n0\r\n\r\n";
    assert_eq!(received(refusal).unwrap_err().to_string(), "503: ha");
}

#[test]
fn an_answer_without_a_length_is_not_guessed_at() {
    assert!(parse(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").is_err());
    assert!(parse(b"SSH-2.0\r\n\r\n").is_err());
}
