//! Bytes on a socket: what only a real server shows.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::common::server::{Server, read_until};

/// Longer than any of these requests takes.
const LONG: Duration = Duration::from_secs(30);

// I1
#[actix_web::test]
async fn an_announced_body_over_the_limit_is_refused_before_it_comes() {
    let server = Server::start(LONG).await;
    let mut stream = server.post("/scim/v2/Users", "Content-Length: 1048577\r\n").await;
    let answer = read_until(&mut stream, "\"413\"").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    server.stop().await;
}

// A1, I1
#[actix_web::test]
async fn without_a_key_nobody_waits_for_the_body() {
    let mut server = Server::start(LONG).await;
    server.token = "nonsense".to_owned();
    let mut stream = server.post("/scim/v2/Users", "Content-Length: 1000000000\r\n").await;
    let answer = read_until(&mut stream, "\"401\"").await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    drop(stream);
    server.stop().await;
}

// I1
#[actix_web::test]
async fn a_chunked_body_is_refused_once_it_is_over_the_limit() {
    let server = Server::start(LONG).await;
    let (mut read, mut write) =
        server.post("/scim/v2/Users", "Transfer-Encoding: chunked\r\n").await.into_split();
    // Without end: the server must stop it.
    let sender = tokio::spawn(async move {
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let mut sent = 0;
        while sent < 1000 && write.write_all(chunk.as_bytes()).await.is_ok() {
            sent += 1;
        }
        sent
    });
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    let reading = async {
        while !String::from_utf8_lossy(&seen).contains("\"413\"") {
            let count = read.read(&mut buffer).await.unwrap();
            assert!(count > 0, "closed without an answer");
            seen.extend_from_slice(&buffer[..count]);
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("no answer");
    assert!(seen.starts_with(b"HTTP/1.1 413 "));
    drop(read);
    sender.abort();
    server.stop().await;
}

// O4
#[actix_web::test]
async fn a_body_that_does_not_come_is_cut_off() {
    let server = Server::start(Duration::from_millis(200)).await;
    let mut stream = server.post("/scim/v2/Users", "Content-Length: 10\r\n").await;
    let answer = read_until(&mut stream, "\"408\"").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    server.stop().await;
}

// O3, O4
#[actix_web::test]
async fn bodies_that_come_slowly_leave_turns_to_other_requests_of_their_key() {
    let server = Server::start(LONG).await;
    let body = r#"{"userName":"slow-NN"}"#;
    let head = format!("Content-Length: {}\r\n", body.len());
    let mut slow = Vec::new();
    // As many as have a turn at once.
    for _ in 0..16 {
        slow.push(server.post("/scim/v2/Users", &head).await);
    }
    let mut other = TcpStream::connect(server.address).await.unwrap();
    let token = &server.token;
    let read = format!("GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n");
    other.write_all(read.as_bytes()).await.unwrap();
    let answer = read_until(&mut other, "itemsPerPage").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for (number, stream) in slow.iter_mut().enumerate() {
        let body = body.replace("NN", &format!("{number:02}"));
        stream.write_all(body.as_bytes()).await.unwrap();
    }
    for stream in &mut slow {
        let answer = read_until(stream, "\"id\"").await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_refusal_leaves_the_connection_usable() {
    let server = Server::start(LONG).await;
    let mut stream = server.post("/scim/v2/Users", "Content-Length: 2\r\n").await;
    stream.write_all(b"{}").await.unwrap();
    let answer = read_until(&mut stream, "\"400\"").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let answer = read_until(&mut stream, "alive").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    server.stop().await;
}

#[actix_web::test]
async fn head_answers_without_a_body() {
    let server = Server::start(LONG).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let token = &server.token;
    let requests = format!(
        "HEAD /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n\
         GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    stream.write_all(requests.as_bytes()).await.unwrap();
    let answers = read_until(&mut stream, "alive").await;
    assert!(answers.starts_with("HTTP/1.1 200 ") && !answers.contains("totalResults"), "{answers}");
    server.stop().await;
}

/// Remove this, and what `without_body_to_head` says of it, when the server has learnt better.
#[actix_web::test]
async fn a_head_that_comes_before_the_answer_to_another_request_takes_the_body_from_it() {
    let server = Server::start(LONG).await;
    let body = r#"{"userName":"jane"}"#;
    let (length, token) = (body.len(), &server.token);
    let requests = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\
         Content-Length: {length}\r\n\r\n{body}\
         HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(requests.as_bytes()).await.unwrap();
    let answers = read_until(&mut stream, "nothing but the end").await;
    println!("{answers}");
    assert!(answers.starts_with("HTTP/1.1 201 "), "{answers}");
    assert!(!answers.contains("jane"), "{answers}");
    server.stop().await;
}
