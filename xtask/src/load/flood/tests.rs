use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::super::request::Door;
use super::super::tests::server;
use super::{Fate, Flood, Outcome, Step};

const LENGTH: Duration = Duration::from_millis(100);

fn flood(address: SocketAddr) -> Flood {
    let work = Arc::new(|_| Door::open().get("/"));
    Flood { address, work, patience: Duration::from_mins(1), awake: false }
}

fn step(rate: f64, connections: usize) -> Step {
    Step { rate, length: LENGTH, connections }
}

/// One step, and another in which whoever waits may still be answered.
fn outcome(flood: &Flood, step: Step) -> Outcome {
    let rest = Step { rate: 0.0, ..step };
    flood.clone().begin().unwrap().run(&[step, rest], |_| ()).remove(0)
}

fn fates(outcome: &Outcome) -> Vec<Fate> {
    outcome.records.iter().map(|it| it.fate).collect()
}

#[test]
fn each_request_is_sent_once_and_in_every_step_at_its_rate() {
    let mut begun = Vec::new();
    let flood = flood(server("200 OK"));
    let steps = [step(200.0, 50), step(400.0, 50)];
    let outcomes = flood.begin().unwrap().run(&steps, |number| begun.push(number));
    let counts: Vec<_> = outcomes.iter().map(|it| (it.offered, it.sent)).collect();
    assert_eq!(counts, [(20, 20), (40, 40)]);
    assert_eq!(begun, [0, 1, 2]);
    let mut numbers: Vec<_> =
        outcomes.iter().flat_map(|it| &it.records).map(|it| it.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(numbers.len() > 50 && numbers.iter().all(|it| *it < 60), "{numbers:?}");
}

#[test]
fn refusals_and_failures_are_counted() {
    let met = |status| {
        let outcome = outcome(&flood(server(status)), step(50.0, 50));
        let fates = fates(&outcome);
        assert_eq!(fates.len(), 5);
        assert!(fates.iter().all(|it| *it == fates[0]), "{fates:?}");
        fates[0]
    };
    assert_eq!(met("201 Created"), Fate::Granted);
    let refused = |status, when| Fate::Refused { status, when };
    assert_eq!(met("503 Service Unavailable"), refused(503, false));
    assert_eq!(met("503 Service Unavailable\r\nRetry-After: 2"), refused(503, true));
    assert_eq!(met("429 Too Many Requests\r\nretry-after: 0.5"), refused(429, false));
    assert_eq!(met("429 Too Many Requests\r\nretry-after: 0"), refused(429, false));
    assert_eq!(met("500 Internal Server Error"), Fate::Failed(500));
}

#[test]
fn in_a_closed_loop_each_answer_brings_the_next_request() {
    for awake in [false, true] {
        let flood = Flood { awake, ..flood(server("200 OK")) };
        let rate = flood.begin().unwrap().in_turn(3, LENGTH).unwrap();
        assert!(rate > 30.0, "{rate}");
    }
    let mut session = flood(server("503 Service Unavailable")).begin().unwrap();
    let refused = session.in_turn(3, LENGTH).unwrap_err();
    assert!(refused.to_string().contains("503"), "{refused}");
}

#[test]
fn peak_and_flood_take_turns_over_connections_that_stay() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let numbers = Arc::clone(&asked);
    let work = Arc::new(move |number| {
        numbers.lock().unwrap().push(number);
        Door::open().get("/")
    });
    let (address, connected) = counting_server();
    let mut session = Flood { work, ..flood(address) }.begin().unwrap();
    session.in_turn(3, LENGTH).unwrap();
    let mut marks = Vec::new();
    let begun = Instant::now();
    let outcome = session.once_more(step(200.0, 50), LENGTH / 2, || marks.push(begun.elapsed()));
    assert_eq!((outcome.offered, outcome.sent, outcome.records.len()), (20, 20, 20));
    assert!(LENGTH / 2 <= marks[0] && marks[0] < marks[1] && LENGTH <= marks[1], "{marks:?}");
    session.in_turn(3, LENGTH).unwrap();
    // One after the other needs no more than one of those that are there.
    assert_eq!(connected.load(Ordering::Relaxed), 3);
    let asked = asked.lock().unwrap();
    assert!(asked.iter().zip(0..).all(|(number, expected)| *number == expected), "{asked:?}");
}

/// Answers everybody, and counts who has connected.
fn counting_server() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let connected = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connected);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::Relaxed);
            thread::spawn(move || {
                while stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0)
                    && stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").is_ok()
                {
                }
            });
        }
    });
    (address, connected)
}

/// Answers nobody before so many have asked.
fn patient_server(many: usize) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new((Mutex::new(0), Condvar::new()));
    let answer = move |mut stream: TcpStream| {
        let (count, changed) = &*asked;
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
        *count.lock().unwrap() += 1;
        changed.notify_all();
        drop(changed.wait_while(count.lock().unwrap(), |it| *it < many).unwrap());
        // Whoever has hung up hears nothing.
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer(stream));
        }
    });
    address
}

#[test]
fn no_request_waits_for_the_answer_to_another() {
    let outcome = outcome(&flood(patient_server(10)), step(100.0, 10));
    assert_eq!(fates(&outcome), [Fate::Granted; 10]);
    assert_eq!((outcome.sent, outcome.connections), (10, 10));
    // The first one was due long before the last one asked.
    assert!(outcome.records.iter().map(|it| it.took).max().unwrap() >= LENGTH / 2);
}

#[test]
fn without_a_connection_that_is_free_nothing_is_sent() {
    let outcome = outcome(&flood(patient_server(10)), step(100.0, 3));
    assert_eq!((outcome.offered, outcome.sent, outcome.connections), (10, 3, 3));
    assert!(outcome.records.is_empty());
}

#[test]
fn whoever_has_waited_long_enough_hangs_up() {
    let impatient = Flood { patience: Duration::from_millis(20), ..flood(patient_server(100)) };
    let outcome = outcome(&impatient, step(100.0, 10));
    assert_eq!(fates(&outcome), [Fate::GivenUp; 10]);
    assert!(outcome.records.iter().all(|it| it.took >= impatient.patience));
}

#[test]
fn nobody_there_is_a_lost_request_and_said_why() {
    let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let outcome = outcome(&flood(address), step(20.0, 2));
    assert_eq!(fates(&outcome), [Fate::Lost; 2]);
    assert!(outcome.trouble.unwrap().contains("could not connect"));
}
