//! The same over the versions of HTTP, which end a body in ways of their own.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::*;
use crate::common::server::Server;

/// A server with a group that is sent while it is read, its path, and its whole representation.
async fn served() -> (Server, String, String) {
    let mut world = World::new().await;
    let members = users(&world, MANY).await;
    let path = format!("/Groups/{}", large(&world, "Large", &members).await);
    world.hold_members(500, MINUTE);
    let whole = world.get(&path).await.text().to_owned();
    (Server::around(world), path, whole)
}

/// Sends a request and reads all that comes until the server closes: the head, and what is below it.
async fn told(server: &Server, path: &str, version: &str, headers: &str) -> (String, String) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let token = &server.token;
    let request = format!(
        "GET /scim/v2{path} {version}\r\nHost: x\r\nAuthorization: {token}\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    let read = tokio::time::timeout(MINUTE, stream.read_to_end(&mut all)).await;
    read.expect("the server leaves the connection open").unwrap();
    let all = String::from_utf8(all).unwrap();
    let (head, body) = all.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

#[actix_web::test]
async fn over_http_1_0_the_end_of_the_connection_is_the_end_of_the_body() {
    let (server, path, whole) = served().await;
    for headers in ["", "Connection: keep-alive\r\n"] {
        let (head, body) = told(&server, &path, "HTTP/1.0", headers).await;
        assert!(head.starts_with("http/1.0 200 "), "{head}");
        for wrong in ["transfer-encoding", "content-length", "keep-alive"] {
            assert!(!head.contains(wrong), "{head}");
        }
        assert_eq!(body, whole);
    }
    server.world.store.lose_members_after(3);
    let (_, body) = told(&server, &path, "HTTP/1.0", "").await;
    assert!(!body.is_empty() && whole.starts_with(&body) && body.len() < whole.len());
    server.stop().await;
}

#[actix_web::test]
async fn over_http_1_1_the_last_chunk_is_the_end_of_the_body() {
    let (server, path, whole) = served().await;
    let (head, body) = told(&server, &path, "HTTP/1.1", "Connection: close\r\n").await;
    assert!(head.starts_with("http/1.1 200 ") && head.contains("transfer-encoding: chunked"));
    assert!(body.ends_with("\r\n0\r\n\r\n") && body.len() > whole.len());
    server.world.store.lose_members_after(3);
    let (_, body) = told(&server, &path, "HTTP/1.1", "").await;
    assert!(!body.is_empty() && !body.ends_with("\r\n0\r\n\r\n"));
    server.stop().await;
}

/// What comes over HTTP/2, and whether the stream ended as it should.
async fn streamed(server: &Server, path: &str) -> (String, bool) {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut client = client.ready().await.unwrap();
    let request = http::Request::get(format!("http://x/scim/v2{path}"));
    let request = request.header("authorization", &server.token).body(()).unwrap();
    let answer = client.send_request(request, true).unwrap().0.await.unwrap();
    assert_eq!(answer.status(), 200);
    let (mut body, mut all) = (answer.into_body(), Vec::new());
    let ended = loop {
        match body.data().await {
            None => break true,
            Some(Err(_)) => break false,
            Some(Ok(piece)) => {
                body.flow_control().release_capacity(piece.len()).unwrap();
                all.extend(piece);
            }
        }
    };
    connection.abort();
    (String::from_utf8(all).unwrap(), ended)
}

#[actix_web::test]
async fn over_http_2_what_is_broken_off_does_not_end_its_stream() {
    let (server, path, whole) = served().await;
    assert_eq!(streamed(&server, &path).await, (whole.clone(), true));
    server.world.store.lose_members_after(3);
    let (some, ended) = streamed(&server, &path).await;
    assert!(!ended && !some.is_empty() && whole.starts_with(&some));
    server.world.store.find_members_again();
    assert_eq!(streamed(&server, &path).await, (whole, true));
    server.stop().await;
}
