//! What the server says when it is up: where it is, and what to try.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::database::Database;
use crate::first::First;
use crate::output::{Answer, fields};

/// The file in the database's directory that the first key is written to.
const FIRST_KEY: &str = "first-key";

/// Where the server is, and what it made.
#[derive(Debug)]
pub struct Announcement {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The base URL that identity providers are given.
    pub base_url: String,
    /// The first organization, if this start made it.
    pub first: Option<First>,
}

/// Where the first key can be read.
enum Key {
    /// Here, this once.
    Shown(String),
    /// In this file.
    File(PathBuf),
}

impl Announcement {
    /// Says it. The key goes to the terminal if there is one, and else to a file of the owner's;
    /// never where it would be kept by somebody else, such as a log.
    ///
    /// # Errors
    /// A key file that cannot be written, or nobody who reads.
    pub fn tell(self, as_json: bool, database: &Database) -> anyhow::Result<()> {
        let terminal = std::io::stdout().is_terminal() && !as_json;
        let first = match self.first {
            None => None,
            Some(First { organization, key }) => {
                let token = key.token.expose();
                let key = if terminal {
                    Key::Shown(token.to_owned())
                } else {
                    Key::File(database.write_beside(FIRST_KEY, &format!("{token}\n"))?)
                };
                Some((organization, key))
            }
        };
        let mut json = json!({
            "address": self.address.to_string(),
            "baseUrl": self.base_url,
            "organization": Value::Null,
            "firstKeyFile": Value::Null,
        });
        let mut text = format!("scimd {} serves SCIM 2.0.\n\n", env!("CARGO_PKG_VERSION"));
        match first {
            None => text.push_str(&fields(&[("Base URL", self.base_url)])),
            Some((organization, key)) => {
                json["organization"] =
                    json!({ "id": organization.id.to_string(), "name": organization.name });
                if let Key::File(file) = &key {
                    json["firstKeyFile"] = json!(file.display().to_string());
                }
                let named = format!("{} ({})", organization.name, organization.id);
                text.push_str(&welcome(self.base_url, named, &key));
            }
        }
        Answer { json, text }.print(as_json)?;
        Ok(())
    }
}

fn welcome(base_url: String, organization: String, key: &Key) -> String {
    let (shown, used) = match key {
        Key::Shown(token) => (format!("{token}  (shown only now)"), token.clone()),
        Key::File(file) => {
            let file = file.display();
            (format!("in the file {file}"), format!("$(cat {file})"))
        }
    };
    let curl = format!("curl -H \"Authorization: Bearer {used}\" {base_url}/Users");
    let facts =
        fields(&[("Base URL", base_url), ("Organization", organization), ("SCIM key", shown)]);
    format!(
        "{facts}\n\n\
         Try it:\n  {curl}\n\n\
         Next: give base URL and key to your identity provider. Okta needs an https address; the\n\
         README says how to get one, and what to enter where. Other commands: {} --help",
        std::env::args().next().unwrap_or_else(|| "scimd".to_owned())
    )
}
