//! A SCIM server of users alone, as small as the checks allow, with one defect by choice.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

pub const TOKEN: &str = "right-token";

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const MESSAGES: &str = "urn:ietf:params:scim:api:messages:2.0";

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    None,
    NoSort,
    NumericStatus,
    MalformedId,
    OpenDoor,
    CreatesWith200,
    NoLocation,
    Twins,
    ClientId,
    ShowsPassword,
    PutLosesTitle,
    DeletesNothing,
    RefusesDelete,
    PatchesNothing,
    IgnoresFilter,
    MindsCase,
    OnePage,
    CountsFrom0,
    TotalOfPage,
    LowersNames,
    SmallPages,
    TooBusy,
    FallsSilent,
    Redirects,
    Html,
    CursorLosesOne,
    CursorStays,
    TrustsCursors,
    CapsWithCursor,
}

/// A server on a free port of loopback, as long as the test runs.
pub struct Server {
    address: SocketAddr,
    users: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    /// With one user who was there before.
    pub fn start(defect: Defect) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let somebody = json!({ "schemas": [USER], "id": "first", "userName": super::SOMEBODY });
        let users = Arc::new(Mutex::new(vec![somebody]));
        let mut service = Service { defect, users: users.clone(), last: 0, asked: 0, address };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                service.serve(stream);
            }
        });
        Self { address, users }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A user who was there before.
    pub fn add(&self, name: &str) {
        let mut users = self.users.lock().unwrap();
        let id = format!("before-{}", users.len());
        users.push(json!({ "schemas": [USER], "id": id, "userName": name }));
    }

    pub fn user_names(&self) -> Vec<String> {
        let users = self.users.lock().unwrap();
        users.iter().map(|it| it["userName"].as_str().unwrap().to_owned()).collect()
    }
}

struct Service {
    defect: Defect,
    users: Arc<Mutex<Vec<Value>>>,
    last: u32,
    asked: u32,
    address: SocketAddr,
}

struct Request {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    authorized: bool,
    body: Value,
}

type Answer = (u16, Value);

impl Service {
    fn serve(&mut self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        let Some(request) = read(&mut reader) else { return };
        self.asked += 1;
        // The first requests ask what the server offers.
        if self.defect == Defect::FallsSilent && self.asked > 3 {
            return;
        }
        let (status, body) = self.answer(&request);
        let text = match (self.defect, &body) {
            (Defect::Html, _) => "<html>Log in</html>".to_owned(),
            (_, Value::Null) => String::new(),
            (_, body) => body.to_string(),
        };
        let location = match body["meta"]["location"].as_str() {
            Some(location) if status == 201 && self.defect != Defect::NoLocation => {
                format!("Location: {location}\r\n")
            }
            _ if status == 302 => "Location: https://elsewhere.example/\r\n".to_owned(),
            _ if status == 429 => "Retry-After: 0\r\n".to_owned(),
            _ => String::new(),
        };
        let head = format!(
            "HTTP/1.1 {status} Said\r\nContent-Type: application/scim+json\r\n{location}\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        let _ = reader.get_mut().write_all((head + &text).as_bytes());
    }

    fn answer(&mut self, request: &Request) -> Answer {
        if self.defect == Defect::Redirects {
            return (302, Value::Null);
        }
        if self.defect == Defect::TooBusy && !self.asked.is_multiple_of(3) {
            return self.error(429, "");
        }
        if !request.authorized && self.defect != Defect::OpenDoor {
            return self.error(401, "");
        }
        let parts: Vec<&str> = request.path.split('/').skip(1).collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["ServiceProviderConfig"]) => (200, self.configuration()),
            ("GET", ["ResourceTypes"]) => {
                let kind =
                    json!({ "id": "User", "name": "User", "endpoint": "/Users", "schema": USER });
                (200, list(&[kind], 1, 1))
            }
            ("GET", ["Users"]) => self.list(request),
            ("POST", ["Users"]) => self.create(&request.body),
            (method, ["Users", id]) => self.one(method, id, &request.body),
            _ => self.error(404, ""),
        }
    }

    fn configuration(&self) -> Value {
        let mut all =
            json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"] });
        for feature in ["patch", "filter", "bulk", "changePassword", "sort", "etag"] {
            all[feature] = json!({ "supported": matches!(feature, "patch" | "filter") });
        }
        if self.defect == Defect::NoSort {
            all["sort"] = json!({});
        }
        all["authenticationSchemes"] = json!([]);
        all["pagination"] = json!({ "cursor": true, "index": true, "maxPageSize": 100 });
        all
    }

    fn error(&self, status: u16, scim_type: &str) -> Answer {
        let mut body = json!({ "schemas": [format!("{MESSAGES}:Error")], "detail": "No.", "status": status.to_string() });
        if self.defect == Defect::NumericStatus {
            body["status"] = json!(status);
        }
        if !scim_type.is_empty() {
            body["scimType"] = json!(scim_type);
        }
        (status, body)
    }

    fn create(&mut self, body: &Value) -> Answer {
        let Some(name) = body["userName"].as_str() else { return self.error(400, "invalidValue") };
        let mut users = self.users.lock().unwrap();
        let same = |it: &Value| it["userName"].as_str().unwrap().eq_ignore_ascii_case(name);
        if self.defect != Defect::Twins && users.iter().any(same) {
            return self.error(409, "uniqueness");
        }
        self.last += 1;
        let mut user = body.clone();
        if self.defect != Defect::ClientId || user["id"].is_null() {
            user["id"] = json!(format!("user-{}", self.last));
        }
        if self.defect == Defect::LowersNames {
            user["userName"] = json!(name.to_lowercase());
        }
        if self.defect != Defect::ShowsPassword {
            user.as_object_mut().unwrap().remove("password");
        }
        let id = user["id"].as_str().unwrap();
        user["meta"] = json!({ "location": format!("http://{}/Users/{id}", self.address) });
        users.push(user.clone());
        (if self.defect == Defect::CreatesWith200 { 200 } else { 201 }, user)
    }

    fn one(&mut self, method: &str, id: &str, body: &Value) -> Answer {
        let mut users = self.users.lock().unwrap();
        let Some(at) = users.iter().position(|it| it["id"] == id) else {
            let malformed = self.defect == Defect::MalformedId && !id.contains('-');
            return self.error(if malformed { 400 } else { 404 }, "");
        };
        match method {
            "GET" => (200, users[at].clone()),
            "PUT" => {
                let mut user = body.clone();
                user["id"] = users[at]["id"].clone();
                user["meta"] = users[at]["meta"].clone();
                if self.defect == Defect::PutLosesTitle {
                    user.as_object_mut().unwrap().remove("title");
                }
                users[at] = user.clone();
                (200, user)
            }
            "PATCH" => {
                for operation in body["Operations"].as_array().unwrap() {
                    if self.defect != Defect::PatchesNothing {
                        let path = operation["path"].as_str().unwrap_or("ignored");
                        users[at][path] = operation["value"].clone();
                    }
                }
                (204, Value::Null)
            }
            "DELETE" if self.defect == Defect::RefusesDelete => self.error(403, ""),
            "DELETE" => {
                if self.defect != Defect::DeletesNothing {
                    users.remove(at);
                }
                (204, Value::Null)
            }
            _ => self.error(405, ""),
        }
    }

    fn list(&self, request: &Request) -> Answer {
        let users = self.users.lock().unwrap();
        let parameter = |name| request.query.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        let filter = parameter("filter").filter(|_| self.defect != Defect::IgnoresFilter);
        let found: Vec<Value> =
            users.iter().filter(|user| self.matches(filter.as_deref(), user)).cloned().collect();
        let number = |name, default| parameter(name).map_or(default, |it| it.parse().unwrap());
        if let Some(cursor) = parameter("cursor") {
            return self.page(&found, filter.as_deref(), &cursor, number("count", 100));
        }
        let mut start: i64 = number("startIndex", 1).max(1);
        let mut count: i64 = number("count", 100).max(0);
        let skipped = if self.defect == Defect::CountsFrom0 { start } else { start - 1 };
        if self.defect == Defect::OnePage {
            (start, count) = (1, 100);
        }
        let skipped = if self.defect == Defect::OnePage { 0 } else { skipped };
        let most = if self.defect == Defect::SmallPages { 2 } else { usize::MAX };
        let size = usize::try_from(count).unwrap().min(most);
        let page: Vec<Value> =
            found.iter().skip(usize::try_from(skipped).unwrap()).take(size).cloned().collect();
        let total = if self.defect == Defect::TotalOfPage { page.len() } else { found.len() };
        (200, list(&page, total, start))
    }

    /// A page by cursor, which is the place and, in its length, the filter.
    fn page(&self, found: &[Value], filter: Option<&str>, cursor: &str, count: i64) -> Answer {
        let most = usize::try_from(count.max(0)).unwrap();
        if most > 100 && self.defect != Defect::CapsWithCursor {
            return self.error(400, "invalidCount");
        }
        let question = filter.map_or(0, str::len);
        let mut parts = cursor.split('-').map(|it| it.parse::<usize>().ok());
        let (place, of) = (parts.next().flatten(), parts.next().flatten());
        let from = match place {
            None if cursor.is_empty() => 0,
            Some(place) if of == Some(question) || self.defect == Defect::TrustsCursors => place,
            Some(_) | None => return self.error(400, "invalidCursor"),
        };
        let to = (from + most).min(found.len());
        let mut body = list(&found[from..to], found.len(), 1);
        body.as_object_mut().unwrap().remove("startIndex");
        let next = if self.defect == Defect::CursorLosesOne { to + 1 } else { to };
        if most > 0 && (next < found.len() || self.defect == Defect::CursorStays) {
            body["nextCursor"] = json!(format!("{}-{question}", next.min(found.len())));
        }
        if from > 0 {
            body["previousCursor"] = json!(format!("{}-{question}", from.saturating_sub(most)));
        }
        (200, body)
    }

    /// `attribute eq "value"` and `attribute sw "value"`, one of them.
    fn matches(&self, filter: Option<&str>, user: &Value) -> bool {
        let Some(filter) = filter else { return true };
        let mut words = filter.splitn(3, ' ');
        let (attribute, operator) = (words.next().unwrap(), words.next().unwrap());
        let (value, text) = (words.next().unwrap_or_default(), user[attribute].as_str());
        let mut value = value.trim_matches('"').to_owned();
        let mut text = text.unwrap_or_default().to_owned();
        if self.defect != Defect::MindsCase {
            (value, text) = (value.to_lowercase(), text.to_lowercase());
        }
        if operator == "sw" { text.starts_with(&value) } else { text == value }
    }
}

fn list(page: &[Value], total: usize, start: i64) -> Value {
    json!({
        "schemas": [format!("{MESSAGES}:ListResponse")],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": page.len(),
        "Resources": page,
    })
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let prefix = format!("{name}: ");
        let found = lines.iter().find(|line| line.to_lowercase().starts_with(&prefix));
        found.map(|line| line[prefix.len()..].to_owned())
    };
    let mut words = lines[0].split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let length = header("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path: path.to_owned(),
        query: pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect(),
        authorized: header("authorization").as_deref() == Some(&format!("Bearer {TOKEN}")),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| char::from(digit.unwrap()).to_digit(16).unwrap();
        let byte = match byte {
            b'%' => u8::try_from(hex(rest.next()) * 16 + hex(rest.next())).unwrap(),
            other => other,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).unwrap()
}
