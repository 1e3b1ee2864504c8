//! A service with several organizations.

use std::path::Path;

use anyhow::Result;

use crate::database::Database;
use crate::fill::groups;
use crate::fill::people::{self, Entrance};
use crate::load::request::{Door, once};
use crate::population::Population;
use crate::postgres::Postgres;
use crate::scimd::{Scimd, text};
use crate::service::{self, Service};
use crate::ui::Ui;

/// As many identity providers send at once.
const ORGANIZATIONS: u64 = 4;
/// Each has so many users. Everybody's turn comes for each kind of request, since this is a prime number.
pub const USERS: u32 = 997;

/// A running service on one database.
#[derive(Debug)]
pub struct House {
    /// Which.
    pub database: Database,
    /// Who uses it.
    pub organizations: Vec<Organization>,
    service: Service,
}

/// An organization, as its identity provider knows it.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its key.
    pub door: Door,
    /// Its users, whom the identity provider has created.
    pub ids: Vec<String>,
    /// Who they are.
    pub people: Population,
}

impl House {
    /// Starts a service and fills it, with so many users for each organization.
    ///
    /// # Errors
    /// When the service refuses anything.
    pub fn build(
        ui: Ui,
        scimd: &Path,
        database: Database,
        server: Option<&Postgres>,
        users: u32,
    ) -> Result<Self> {
        let url = database.create(server, "overload")?;
        let at = url.as_deref().map_or(service::Database::Own, service::Database::At);
        let service = Service::start_with(scimd, at, &[("SCIMD_PROFILE", "production")])?;
        ui.line(&format!("{ORGANIZATIONS} organizations on {} …", database.name()));
        let organizations =
            (1..=ORGANIZATIONS).map(|number| Organization::create(ui, &service, number, users));
        let organizations = organizations.collect::<Result<_>>()?;
        Ok(Self { database, organizations, service })
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Ends the service.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(self) -> Result<()> {
        self.service.stop()
    }
}

impl Organization {
    /// With users who are all in one group.
    fn create(ui: Ui, service: &Service, number: u64, users: u32) -> Result<Self> {
        let door = Door::with(&key(service.scimd(), &format!("Load {number}"))?);
        // The first use of a key is slow on purpose, and no measurement.
        once(service.address(), &door.get("/scim/v2/Users?count=1"))?;
        let entrance = Entrance { address: service.address(), door, ui };
        let people = Population::new(number)?;
        let ids = people::create(&entrance, &people, 0, users)?;
        let everybody = groups::create(&entrance, "Everybody")?;
        groups::fill(&entrance, &everybody, &ids.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(Self { door: entrance.door, ids, people })
    }
}

/// A key for SCIM of a new organization.
fn key(scimd: &Scimd, name: &str) -> Result<String> {
    let made = scimd.ask(&["organization", "create", "--name", name, "--plan", "growth"])?;
    let organization = text(&made, "id")?;
    let words = ["--organization", &organization, "--name", name, "--permission", "scim"];
    text(&scimd.ask(&[&["api-key", "create"], words.as_slice()].concat())?, "token")
}
