//! A running service with so many users on one database, and all that is known of them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::{Database, Options};
use crate::fill::people::{self, Entrance};
use crate::fill::{groups, import};
use crate::load::request::{Door, once, with_length};
use crate::load::wire::Connection;
use crate::population::Population;
use crate::postgres::Postgres;
use crate::process::Memory;
use crate::scimd::{Scimd, text};
use crate::service::{self, Service};
use crate::ui::Ui;

/// How many users at most are beyond all groups, and join and leave.
pub const OUTSIDERS: u32 = 10_000;
/// What a page holds.
pub const PAGE: u32 = 100;

/// No setting but these two: nobody's organization but ours; and the cursor of the last page is taken
/// once and is good until the last round, however many there are.
const SETTINGS: [(&str, &str); 2] =
    [("SCIMD_PROFILE", "production"), ("SCIMD__PROVISIONING__CURSOR_TIMEOUT", "7d")];

/// One size on one database.
#[derive(Debug)]
pub struct Site {
    /// Which database.
    pub database: Database,
    /// How many users there were before the first measurement, but for the outsiders.
    pub users: u32,
    /// The ids of those users.
    pub ids: Arc<[String]>,
    /// The ids of the outsiders, whom an identity provider has created and so manages already.
    pub outsiders: Arc<[String]>,
    /// The groups that are measured.
    pub groups: Vec<Group>,
    /// The address of the last page of the list, by cursor.
    pub last_page: String,
    /// Who they are.
    pub population: Population,
    /// The keys.
    pub keys: Keys,
    /// Users a second while they were imported.
    pub fill_rate: f64,
    /// From the start of the process until it was ready, with everybody there.
    pub ready: Duration,
    /// The memory after that.
    pub idle: Memory,
    service: Service,
}

/// A group to change.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// How many members it has.
    pub members: u32,
}

impl Site {
    /// Starts the service, fills it, and starts it anew.
    ///
    /// # Errors
    /// When the service refuses anything.
    pub fn prepare(
        ui: Ui,
        options: &Options,
        scimd: &Path,
        database: Database,
        server: Option<&Postgres>,
        users: u32,
    ) -> Result<Self> {
        let url = database.create(server, &format!("with_{users}"))?;
        let at = url.as_deref().map_or(service::Database::Own, service::Database::At);
        let mut service = Service::start_with(scimd, at, &SETTINGS)?;
        let keys = Keys::create(service.scimd())?;
        let entrance = Entrance { address: service.address(), door: Door::with(&keys.scim), ui };
        ui.line(&format!("creating {users} users on {} …", database.name()));
        let population = Population::new(1)?;
        let begun = Instant::now();
        import::users(&entrance, service.scimd(), &keys.organization, &population, users)?;
        let fill_rate = f64::from(users) / begun.elapsed().as_secs_f64();
        let ids = people::ids(&entrance)?;
        let outsiders = users.min(OUTSIDERS);
        let outsiders = people::create(&entrance, &population, u64::from(users), outsiders)?;
        let groups = make_groups(&entrance, options, &ids)?;
        let last_page = last_page(&entrance)?;
        let ready = service.restart()?;
        let idle = Memory::of(service.process_id());
        keys.warm_up(service.address(), &population.user_name(0))?;
        Ok(Self {
            database,
            users,
            ids: ids.into(),
            outsiders: outsiders.into(),
            groups,
            last_page,
            population,
            keys,
            fill_rate,
            ready,
            idle,
            service,
        })
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Its memory now.
    pub fn memory(&self) -> Memory {
        Memory::of(self.service.process_id())
    }

    /// Ends the service.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(self) -> Result<()> {
        self.service.stop()
    }
}

/// The groups, where this is the biggest of all sites; groups of all sizes fit there.
fn make_groups(entrance: &Entrance, options: &Options, ids: &[String]) -> Result<Vec<Group>> {
    let biggest = options.users.iter().max().is_some_and(|most| *most as usize == ids.len());
    let sizes = options.groups.iter().filter(|size| biggest && **size as usize <= ids.len());
    sizes
        .map(|members| {
            let id = groups::create(entrance, &format!("Group of {members}"))?;
            let chosen: Vec<&str> =
                ids.iter().take(*members as usize).map(String::as_str).collect();
            groups::fill(entrance, &id, &chosen)?;
            Ok(Group { id, members: *members })
        })
        .collect()
}

/// Goes from page to page, as an import does, and answers the address of the last one.
fn last_page(entrance: &Entrance) -> Result<String> {
    let mut connection = Connection::open(entrance.address)?;
    let first = format!("/scim/v2/Users?count={PAGE}&cursor");
    let mut target = first.clone();
    loop {
        let request = entrance.door.get(&target);
        let (page, _) = with_length(&mut connection, &request).context("walking to the end")?;
        match page["nextCursor"].as_str() {
            Some(cursor) => target = format!("{first}={cursor}"),
            None => return Ok(target),
        }
    }
}

/// An organization on Growth, with a key for SCIM and one for its backend.
#[derive(Debug)]
pub struct Keys {
    /// The organization.
    pub organization: String,
    /// For SCIM.
    pub scim: String,
    /// For asking about access.
    pub access: String,
}

impl Keys {
    fn create(scimd: &Scimd) -> Result<Self> {
        let made = scimd.ask(&["organization", "create", "--name", "Load", "--plan", "growth"])?;
        let organization = text(&made, "id")?;
        let key = |permission| {
            let words =
                ["--organization", &organization, "--name", "Load", "--permission", permission];
            text(&scimd.ask(&[&["api-key", "create"], words.as_slice()].concat())?, "token")
        };
        let (scim, access) = (key("scim")?, key("access.read")?);
        Ok(Self { organization, scim, access })
    }

    /// Uses each key once: the first time is slow on purpose, and no measurement.
    fn warm_up(&self, address: SocketAddr, user_name: &str) -> Result<()> {
        once(address, &Door::with(&self.scim).get("/scim/v2/Users?count=1"))?;
        let access =
            format!("/api/v1/organizations/{}/access?userName={user_name}", self.organization);
        once(address, &Door::with(&self.access).get(&access)).map(drop)
    }
}
