//! A long run of all sorts of requests with something unmistakable in every place that a secret or
//! a person's data can be in, and then a search for it where it must not be.

mod traffic;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Child;

use self::traffic::Traffic;
use crate::database;
use crate::instance::{BOUND, Place, poll};
use crate::world::Organization;

/// In every value that is about a person. Only its letters count, not their case.
pub const PERSON: &str = "Canarybird";
/// In every password.
pub const PASSWORD: &str = "Hunter2Opensesame";

/// A scimd whose two outputs both end up in files.
struct Watched {
    child: Child,
    place: Place,
}

impl Watched {
    fn serve(place: Place) -> (Self, std::net::SocketAddr) {
        let [stdout, stderr] = ["stdout", "stderr"].map(|it| File::create(place.path(it)).unwrap());
        let mut command = place.command(&["serve", "--json"]);
        let child = command.stdout(stdout).stderr(stderr).spawn().unwrap();
        let mut line = String::new();
        poll("the announcement", || {
            line.clear();
            let said = File::open(place.path("stdout")).unwrap();
            BufReader::new(said).read_line(&mut line).unwrap();
            line.ends_with('\n')
        });
        let announced: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = announced["address"].as_str().unwrap().parse().unwrap();
        (Self { child, place }, address)
    }

    fn stop(mut self) -> Place {
        let pid = self.child.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success()
        );
        let mut ended = None;
        poll("the end of the process", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        assert_eq!(ended.unwrap().code(), Some(0));
        std::mem::replace(&mut self.place, Place::bare())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything below a directory.
fn files(directory: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|it| it.unwrap().path());
    let (directories, mut found): (Vec<_>, Vec<_>) = entries.partition(|it| it.is_dir());
    found.extend(directories.into_iter().flat_map(files));
    found
}

/// Where in a text a word is, whatever its case.
fn find(text: &[u8], word: &str) -> Option<String> {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let at = text.windows(word.len()).position(|it| it == word.as_bytes())?;
    let part = &text[at.saturating_sub(300)..text.len().min(at + 100)];
    Some(String::from_utf8_lossy(part).into_owned())
}

fn assert_without(where_: &str, text: &[u8], word: &str) {
    if let Some(part) = find(text, word) {
        panic!("{where_} holds {word}: …{part}…");
    }
}

// A3
#[test]
fn no_secret_and_nothing_personal_shows_in_logs_errors_or_where_it_does_not_belong() {
    let place = Place::development().with("SCIMD__LOG__FILTER", "trace");
    let (watched, address) = Watched::serve(place);
    let first = std::fs::read_to_string(watched.place.path("data/first-key")).unwrap();
    let acme = Organization::create(&watched.place, "Acme");
    let dead = Organization::create(&watched.place, "Gone");
    let words = ["api-key", "revoke", "--organization", &dead.id, "--id", &dead.key];
    watched.place.ask(&words);

    let keys = [first.trim(), &acme.token, &dead.token];
    let traffic = Traffic::send(address, &keys);
    // While it runs, the newest of it is in the write-ahead log.
    let at_work: Vec<_> = files(watched.place.path("data"))
        .into_iter()
        .filter(|it| !it.ends_with("first-key"))
        .map(|it| (it.display().to_string(), std::fs::read(&it).unwrap()))
        .collect();
    assert!(at_work.iter().any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty()));
    let place = watched.stop();

    // The search can find: what was stored is there, and the requests have left their lines.
    let [stdout, stderr] = ["stdout", "stderr"].map(|it| std::fs::read(place.path(it)).unwrap());
    assert!(at_work.iter().any(|(_, bytes)| find(bytes, PERSON).is_some()));
    let lines = stderr.split(|it| *it == b'\n').count();
    assert!(lines > traffic.errors.len(), "{lines} lines, {} errors", traffic.errors.len());
    assert!(find(&stderr, "/Users/{id}").is_some());
    assert!(traffic.errors.len() > 60, "{} errors", traffic.errors.len());
    for status in [400, 401, 403, 404, 405, 409, 412, 413, 415, 501] {
        assert!(traffic.statuses.contains(&status), "{status} of {:?}", traffic.statuses);
    }

    let secrets: Vec<&str> = traffic.secrets.iter().map(String::as_str).collect();
    for word in secrets.iter().copied().chain([PASSWORD]) {
        assert_without("stdout", &stdout, word);
        assert_without("stderr", &stderr, word);
        for (request, answer) in &traffic.answers {
            assert_without(&format!("the answer to {request}"), answer.as_bytes(), word);
        }
        for (name, bytes) in &at_work {
            assert_without(name, bytes, word);
        }
        for path in files(place.path("data")).iter().filter(|it| !it.ends_with("first-key")) {
            assert_without(&path.display().to_string(), &std::fs::read(path).unwrap(), word);
        }
    }
    assert_without("stdout", &stdout, PERSON);
    assert_without("stderr", &stderr, PERSON);
    for (request, body) in &traffic.errors {
        assert_without(&format!("the error for {request}"), body.as_bytes(), PERSON);
    }
    // What is told of requests afterwards is for other eyes than the people's own.
    let connection = database::open(&place);
    connection.busy_timeout(BOUND).unwrap();
    for told in database::texts(&connection, "SELECT path || ' ' || detail FROM activity") {
        assert_without("the activity", told.as_bytes(), PERSON);
    }
}
