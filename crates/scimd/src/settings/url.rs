//! The addresses among the settings: where the database is, and where clients find the service.

use std::path::PathBuf;

use actix_web::http::Uri;
use anyhow::{Context as _, bail, ensure};
use secrecy::{ExposeSecret as _, SecretString};

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database in this file.
    Sqlite(PathBuf),
    /// A database on a PostgreSQL server. The address is left where it is: it may hold a password.
    Postgres,
}

impl DatabaseUrl {
    /// Reads `sqlite://PATH` or `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    /// Another scheme or no path. The address itself is never repeated: it may hold a password.
    pub fn parse(url: &SecretString) -> anyhow::Result<Self> {
        let url = url.expose_secret().trim();
        let (scheme, rest) = url.split_once("://").context(
            "database.url needs a scheme: sqlite://PATH, such as sqlite://data/scimd.db, or \
             postgres://USER@HOST/DATABASE",
        )?;
        match scheme {
            "sqlite" => {
                ensure!(!rest.is_empty(), "database.url names no file: write sqlite://PATH");
                ensure!(
                    !rest.starts_with(":memory:"),
                    "database.url must be a file: a database in memory would lose every answer given"
                );
                ensure!(
                    !rest.contains(['?', '%']),
                    "database.url is a plain path after sqlite://, without parameters or escapes"
                );
                Ok(Self::Sqlite(PathBuf::from(rest)))
            }
            "postgres" | "postgresql" => {
                let place = rest.split('?').next().unwrap_or_default();
                let named = place.rsplit_once('/').is_some_and(|(_, name)| !name.is_empty());
                ensure!(
                    named,
                    "database.url names no database: write postgres://USER@HOST/DATABASE, and \
                     %3F, %23 and %2F for ?, # and / in a password"
                );
                Ok(Self::Postgres)
            }
            other => bail!(
                "database.url has the unknown scheme {other}: write sqlite://PATH or \
                 postgres://USER@HOST/DATABASE"
            ),
        }
    }
}

/// Host, port and database of what follows the scheme in the address of a server: nothing of user,
/// password or parameters, which may hold a password, too. None where nobody can tell these apart,
/// because a password has a `?`, `#` or `/` that should have been escaped.
pub fn server_of(address: &str) -> Option<&str> {
    const PARAMETERS: [char; 2] = ['?', '#'];
    let Some((before, after)) = address.split_once(PARAMETERS) else {
        return Some(behind_user(address));
    };
    match after.matches('@').count() {
        0 => Some(behind_user(before)),
        // Parameters come after a database, and so after a `/`: these are none, but a password.
        1 if !before.contains('/') => {
            behind_user(after).split(PARAMETERS).next().filter(|it| it.contains('/'))
        }
        _ => None,
    }
}

fn behind_user(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, server)| server)
}

/// Checks the address that clients use and gives it without its trailing slash, together with what
/// its operator should know.
///
/// # Errors
/// What is no http(s) address of a host, optionally with a port and a path.
pub(super) fn public_url(text: &str) -> anyhow::Result<(String, Option<String>)> {
    let uri: Uri =
        text.parse().with_context(|| format!("server.public_url {text:?} is no address"))?;
    ensure!(
        matches!(uri.scheme_str(), Some("http" | "https")),
        "server.public_url must start with https:// or http://, {text:?} does not"
    );
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    ensure!(!authority.contains('@'), "server.public_url must not hold a user or a password");
    ensure!(
        !text.contains(['?', '#']),
        "server.public_url must end with its host, port or path, without `?` or `#`"
    );
    let warning = text
        .contains('_')
        .then(|| format!("server.public_url {text} has an underscore, which Okta does not accept"));
    Ok((text.trim_end_matches('/').to_owned(), warning))
}
