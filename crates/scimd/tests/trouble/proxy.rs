//! Stands between the service and its database, and does to their talk what networks do.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// Each piece of an answer comes so much later.
    Delay(Duration),
    /// Nothing goes through, and nobody is told: a network that swallows.
    Stall,
    /// Whoever connects is turned away at once.
    Refuse,
}

/// When to cut the connection over which a unit of work commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The database never hears of the commit.
    Before,
    /// The database has committed; that it has is never heard.
    After,
}

pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    database: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    mode: Mode,
    /// Cuts the first unit that commits after it has said these words.
    trap: Option<(Vec<u8>, Cut)>,
    open: Vec<TcpStream>,
}

impl Proxy {
    pub fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { mode: Mode::Pass, trap: None, open: Vec::new() };
        let database = SocketAddr::from(([127, 0, 0, 1], port));
        let shared =
            Arc::new(Shared { database, state: Mutex::new(state), changed: Condvar::new() });
        let proxy = Self { address, shared: shared.clone() };
        thread::spawn(move || {
            for client in listener.incoming() {
                let shared = shared.clone();
                thread::spawn(move || shared.connect(client.unwrap()));
            }
        });
        proxy
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres?sslmode=disable", self.address)
    }

    pub fn set(&self, mode: Mode) {
        self.shared.state.lock().unwrap().mode = mode;
        self.shared.changed.notify_all();
    }

    /// Cuts every connection, now.
    pub fn cut(&self) {
        for stream in self.shared.state.lock().unwrap().open.drain(..) {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Cuts the connection of the first unit that commits after it has said these words.
    pub fn trap(&self, words: &str, cut: Cut) {
        self.shared.state.lock().unwrap().trap = Some((words.as_bytes().to_vec(), cut));
    }

    /// Whether nobody has walked into the trap yet.
    pub fn is_armed(&self) -> bool {
        self.shared.state.lock().unwrap().trap.is_some()
    }
}

impl Shared {
    fn connect(self: Arc<Self>, client: TcpStream) {
        if self.state.lock().unwrap().mode == Mode::Refuse {
            return;
        }
        self.pass();
        let Ok(database) = TcpStream::connect(self.database) else { return };
        for stream in [&client, &database] {
            stream.set_nodelay(true).unwrap();
            self.state.lock().unwrap().open.push(stream.try_clone().unwrap());
        }
        let swallow = Arc::new(Mutex::new(false));
        let answers = {
            let (shared, swallow) = (self.clone(), swallow.clone());
            let (database, client) = (database.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || shared.answer(database, client, &swallow))
        };
        self.ask(client, database, &swallow);
        answers.join().unwrap();
    }

    /// Waits while nothing goes through, and says how much later the rest does.
    fn pass(&self) -> Duration {
        let state = self.state.lock().unwrap();
        let state = self.changed.wait_while(state, |it| it.mode == Mode::Stall).unwrap();
        match state.mode {
            Mode::Delay(late) => late,
            Mode::Pass | Mode::Stall | Mode::Refuse => Duration::ZERO,
        }
    }

    /// From the service to the database.
    fn ask(&self, mut client: TcpStream, mut database: TcpStream, swallow: &Mutex<bool>) {
        let mut said = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = client.read(&mut buffer) {
            self.pass();
            let piece = &buffer[..length];
            match self.caught(&mut said, piece) {
                Some(Cut::Before) => break,
                Some(Cut::After) => *swallow.lock().unwrap() = true,
                None => {}
            }
            if database.write_all(piece).is_err() {
                break;
            }
        }
        if !*swallow.lock().unwrap() {
            let _ = database.shutdown(Shutdown::Both);
            let _ = client.shutdown(Shutdown::Both);
        }
    }

    /// From the database to the service.
    fn answer(&self, mut database: TcpStream, mut client: TcpStream, swallow: &Mutex<bool>) {
        let mut buffer = vec![0; 64 * 1024];
        let mut swallowed = Vec::new();
        while let Ok(length @ 1..) = database.read(&mut buffer) {
            thread::sleep(self.pass());
            if *swallow.lock().unwrap() {
                // Statements come together with the commit, and are answered before it.
                swallowed.extend_from_slice(&buffer[..length]);
                if contains(&swallowed, b"COMMIT\0") {
                    break;
                }
            } else if client.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = database.shutdown(Shutdown::Both);
        let _ = client.shutdown(Shutdown::Both);
    }

    /// Whether this piece commits a unit that has said the words of the trap.
    fn caught(&self, said: &mut Vec<u8>, piece: &[u8]) -> Option<Cut> {
        let mut state = self.state.lock().unwrap();
        let Some((words, cut)) = &state.trap else {
            said.clear();
            return None;
        };
        // A transaction begins with the statement that opens it; only a unit of work has such.
        if contains(piece, b"BEGIN ISOLATION") {
            said.clear();
        }
        said.extend_from_slice(piece);
        let caught = contains(said, words) && contains(piece, b"COMMIT\0");
        let cut = caught.then_some(*cut);
        if caught {
            state.trap = None;
        }
        cut
    }
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|it| it == part)
}
