use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::{Load, Workload};

/// Answers every request that arrives whole in one piece, as short ones on one machine do.
fn answer(mut stream: TcpStream, status: &str) {
    let mut buffer = [0; 4096];
    while let Ok(read) = stream.read(&mut buffer) {
        let text = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        if read == 0 || stream.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
}

/// The threads end with the process of the test.
fn server(status: &'static str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream, status));
        }
    });
    address
}

fn load(address: SocketAddr) -> Load {
    Load { address, connections: 5, work: Workload::bare() }
}

#[test]
fn as_many_answers_are_counted_as_were_asked_for() {
    let outcome = load(server("200 OK")).until_count(101).unwrap();
    assert_eq!((outcome.answers, outcome.bytes), (101, 202));
}

#[test]
fn a_time_ends_the_load_and_the_numbers_go_on() {
    let outcome = load(server("200 OK")).for_time(500, Duration::from_millis(50)).unwrap();
    assert!(outcome.answers > 0);
    assert!(outcome.next >= 500 + outcome.answers);
}

#[test]
fn an_answer_that_is_no_success_ends_the_measurement() {
    assert!(load(server("503 Service Unavailable")).until_count(10).is_err());
}
