//! What is measured, and beside which limit it stands.

use super::bare::{Bare, BareDatabase, BareHandler};
use super::measure::{Source, Subject, Target};
use super::site::Site;
use super::workload::{OfGroups, OfUsers};
use super::{Database, Options};
use crate::load::Load;
use crate::load::request::Door;

/// The names of the limits.
pub const HANDLER: &str = "bare handler";
const LOOK_UP: &str = "bare look-up";
const COMMIT: &str = "bare commit";

/// All targets, limits first; those of one operation follow each other, whatever the size.
pub fn all<'a>(
    options: &Options,
    handler: &BareHandler,
    limits: &'a [BareDatabase],
    sites: &[Site],
) -> Vec<Target<'a>> {
    let connections = usize::from(options.connections);
    let page = Door::open().get("/");
    let work = std::sync::Arc::new(move |_| page.clone());
    let load = Load { address: handler.address, connections, work, patient: false };
    let mut targets =
        vec![Target::new(Subject::named(HANDLER), Source::Http { load, before: None })];
    for limit in limits {
        for (name, bare) in [(LOOK_UP, Bare::LookUp), (COMMIT, Bare::Commit)] {
            let source = Source::Bare { limit, bare, connections };
            let subject = Subject { database: Some(limit.database), ..Subject::named(name) };
            targets.push(Target::new(subject, source));
        }
    }
    for operation in OfUsers::ALL {
        if options.wants(operation.name()) {
            targets.extend(sites.iter().map(|site| of_users(operation, site, connections)));
        }
    }
    for operation in OfGroups::ALL {
        if options.wants(operation.name()) {
            let sites = sites.iter().filter(|site| operation.fits(site));
            targets.extend(sites.flat_map(|site| of_groups(operation, site, connections)));
        }
    }
    targets
}

fn of_users<'a>(operation: OfUsers, site: &Site, connections: usize) -> Target<'a> {
    let address = site.service().address();
    let load = Load { address, connections, work: operation.work(site), patient: false };
    let (limit, fills) = match operation {
        OfUsers::Create => (Some(COMMIT), true),
        OfUsers::Switch => (Some(COMMIT), false),
        OfUsers::Get | OfUsers::Find | OfUsers::Access => (Some(reading(site.database)), false),
        // A hundred users in one answer are none of what the limits do.
        OfUsers::FirstPage | OfUsers::MiddlePage | OfUsers::LastPage | OfUsers::LastByCursor => {
            (None, false)
        }
    };
    let subject = Subject {
        database: Some(site.database),
        users: Some(site.users),
        limit,
        fills,
        ..Subject::named(operation.name())
    };
    Target::new(subject, Source::Http { load, before: None })
}

fn of_groups<'a>(operation: OfGroups, site: &Site, all: usize) -> Vec<Target<'a>> {
    let target = |group| {
        let address = site.service().address();
        let (work, connections) = (operation.work(site, group), operation.connections(all));
        let load = Load { address, connections, work, patient: false };
        let (before, most) = (operation.before(site, group), operation.most(site));
        let subject = Subject {
            database: Some(site.database),
            users: Some(site.users),
            members: Some(group.members),
            limit: match operation {
                OfGroups::Add | OfGroups::Remove | OfGroups::Rename => Some(COMMIT),
                OfGroups::Get => Some(reading(site.database)),
                // Ten thousand rows in one commit, and as many members as there are in one answer.
                OfGroups::Push | OfGroups::GetAll => None,
            },
            connections: (connections < all).then_some(connections),
            most,
            ..Subject::named(operation.name())
        };
        Target::new(subject, Source::Http { load, before })
    };
    site.groups.iter().map(target).collect()
}

/// What no reading of one thing over HTTP can be quicker than: over SQLite, which is in the process,
/// the handler; over PostgreSQL the way there and back.
fn reading(database: Database) -> &'static str {
    match database {
        Database::Sqlite => HANDLER,
        Database::Postgres => LOOK_UP,
    }
}
