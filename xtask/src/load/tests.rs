use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Load;
use super::request::Door;

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
pub fn server(status: &'static str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream, status));
        }
    });
    address
}

pub fn load(address: SocketAddr) -> Load {
    Load { address, connections: 5, work: Arc::new(|_| Door::open().get("/")), patient: false }
}

#[test]
fn as_many_answers_are_counted_as_were_asked_for() {
    let outcome = load(server("200 OK")).each(0, 101, |_, _| ()).unwrap();
    assert_eq!((outcome.answers, outcome.bytes), (101, 202));
}

#[test]
fn a_time_ends_the_load_or_the_number_that_there_may_be() {
    let load = load(server("200 OK"));
    let outcome = load.for_time(500, Duration::from_millis(50), u64::MAX).unwrap();
    assert!(outcome.answers > 0);
    let outcome = load.for_time(500, Duration::from_mins(1), 7).unwrap();
    assert_eq!(outcome.answers, 7);
}

#[test]
fn every_answer_comes_with_the_number_of_its_request() {
    let sum = AtomicU64::new(0);
    let look = |number, body: &[u8]| {
        assert_eq!(body, b"ok");
        sum.fetch_add(number, Ordering::Relaxed);
    };
    load(server("200 OK")).each(10, 5, look).unwrap();
    assert_eq!(sum.into_inner(), 10 + 11 + 12 + 13 + 14);
}

/// Keeps whoever connects first waiting until the others have had so many answers.
fn slow_to_the_first(others: u64) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let answered = Arc::new(AtomicU64::new(0));
    thread::spawn(move || {
        for (place, stream) in listener.incoming().flatten().enumerate() {
            let answered = Arc::clone(&answered);
            thread::spawn(move || one_after_others(stream, place == 0, others, &answered));
        }
    });
    address
}

fn one_after_others(mut stream: TcpStream, waits: bool, others: u64, answered: &AtomicU64) {
    let (mut buffer, begun) = ([0; 4096], Instant::now());
    while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
        while waits && answered.load(Ordering::Relaxed) < others {
            assert!(begun.elapsed() < Duration::from_secs(20), "the others were not asked");
            thread::yield_now();
        }
        answered.fetch_add(1, Ordering::Relaxed);
        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
            break;
        }
    }
}

#[test]
fn who_waits_long_for_an_answer_keeps_no_other_connection_of_its_thread_waiting() {
    let load = load(slow_to_the_first(10));
    let numbers = AtomicU64::new(0);
    let next = || Some(numbers.fetch_add(1, Ordering::Relaxed)).filter(|it| *it < 20);
    assert_eq!(load.turn(3, next, &|_, _| ()).unwrap(), (20, 40));
}

#[test]
fn an_answer_that_is_no_success_ends_the_measurement() {
    assert!(load(server("503 Service Unavailable")).each(0, 10, |_, _| ()).is_err());
}

/// Refuses the first request of each connection, for now.
fn busy_at_first(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    let mut status = "503 Service Unavailable";
    while let Ok(read) = stream.read(&mut buffer) {
        let text = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        if read == 0 || stream.write_all(text.as_bytes()).is_err() {
            break;
        }
        status = "200 OK";
    }
}

#[test]
fn the_patient_ask_again_and_every_request_is_answered_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || busy_at_first(stream));
        }
    });
    let sum = AtomicU64::new(0);
    let patient = Load { patient: true, ..load(address) };
    let look = |number, _: &[u8]| {
        sum.fetch_add(number, Ordering::Relaxed);
    };
    assert_eq!(patient.each(1, 7, look).unwrap().answers, 7);
    assert_eq!(sum.into_inner(), 28);
}
