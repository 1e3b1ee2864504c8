//! Users, created one by one over many connections, whose commits the service gathers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::load::Load;
use crate::load::request::{Door, with_length};
use crate::load::wire::Connection;
use crate::population::Population;
use crate::ui::Ui;

/// Enough that there is always a commit to share.
const CONNECTIONS: usize = 32;

/// Where people and groups come in.
#[derive(Debug)]
pub struct Entrance {
    /// The service.
    pub address: SocketAddr,
    /// The key.
    pub door: Door,
    /// Who watches.
    pub ui: Ui,
}

impl Entrance {
    /// A bar that moves before a person's eyes.
    pub fn progress(&self, length: u64, what: &str) -> ProgressBar {
        if !self.ui.interactive() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length);
        let template =
            format!("{{bar:40}} {{human_pos}} of {{human_len}} {what}, {{per_sec}}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar
    }
}

/// Creates so many users of the population, from the one numbered `first`, and answers their ids in
/// the order of their numbers.
///
/// # Errors
/// When the service refuses one.
pub fn create(
    entrance: &Entrance,
    population: &Population,
    first: u64,
    count: u32,
) -> Result<Vec<String>> {
    let (door, people) = (entrance.door.clone(), population.clone());
    let work = Arc::new(move |number| door.post("/scim/v2/Users", &people.user(number)));
    let load = Load { address: entrance.address, connections: CONNECTIONS, work, patient: true };
    let bar = entrance.progress(u64::from(count), "users");
    let ids = Mutex::new(vec![String::new(); count as usize]);
    load.each(first, u64::from(count), |number, body| {
        bar.inc(1);
        let place = usize::try_from(number - first).unwrap_or(usize::MAX);
        let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = ids.get_mut(place) {
            *slot = id(body).unwrap_or_default();
        }
    })?;
    bar.finish_and_clear();
    let ids = ids.into_inner().unwrap_or_else(PoisonError::into_inner);
    ensure!(ids.iter().all(|id| !id.is_empty()), "a user was created without an id");
    Ok(ids)
}

/// The ids of all users that are there, from page to page.
///
/// # Errors
/// When the service refuses to list them.
pub fn ids(entrance: &Entrance) -> Result<Vec<String>> {
    let mut connection = Connection::open(entrance.address)?;
    let first = "/scim/v2/Users?count=1000&attributes=userName&cursor";
    let (mut ids, mut target) = (Vec::new(), first.to_owned());
    let mut bar = None;
    loop {
        let request = entrance.door.get(&target);
        let (page, _) = with_length(&mut connection, &request).context("listing all users")?;
        let users = page["Resources"].as_array().context("a list without Resources")?;
        let total = page["totalResults"].as_u64().unwrap_or_default();
        let bar = bar.get_or_insert_with(|| entrance.progress(total, "users listed"));
        bar.inc(users.len() as u64);
        ids.extend(users.iter().filter_map(|user| user["id"].as_str().map(str::to_owned)));
        match page["nextCursor"].as_str() {
            Some(cursor) => target = format!("{first}={cursor}"),
            None => break bar.finish_and_clear(),
        }
    }
    Ok(ids)
}

/// The id of a created resource.
pub fn id(body: &[u8]) -> Option<String> {
    let made: Value = serde_json::from_slice(body).ok()?;
    made["id"].as_str().map(str::to_owned)
}
