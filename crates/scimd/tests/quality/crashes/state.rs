//! What the database holds, and what in it must agree.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;

use super::load::Acknowledged;
use crate::database::{hex, rows, texts};

/// Ids, as SQLite shows them.
type Ids = BTreeSet<String>;
/// By what was done: to whom, and in which request.
type Journal = BTreeMap<String, Vec<(String, String)>>;

pub struct State {
    /// Users, and whether their document has what was changed in them.
    users: BTreeMap<String, (i64, bool)>,
    members: Ids,
    group: String,
    entries: Journal,
    events: Journal,
    joined: Vec<String>,
}

impl State {
    pub fn read(connection: &Connection, organization: &str, group: &str) -> Self {
        let ours = format!("organization_id = x'{}'", hex(organization));
        // One view of everything, whatever is written meanwhile.
        connection.execute_batch("BEGIN").unwrap();
        let journal = |table: &str, what: &str| {
            let query = format!(
                "SELECT {what}, lower(hex(subject_id)), request_id FROM {table}
                 WHERE {ours} AND request_id IS NOT NULL"
            );
            let mut journal = Journal::new();
            for (what, subject, request) in rows(connection, &query, |row| {
                (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap())
            }) {
                journal.entry(what).or_default().push((subject, request));
            }
            journal
        };
        let users = format!("SELECT lower(hex(id)), version, document FROM users WHERE {ours}");
        let users = rows(connection, &users, |row| {
            let changed = row.get::<_, String>(2).unwrap().contains("Changed");
            (row.get(0).unwrap(), (row.get(1).unwrap(), changed))
        });
        let members = format!(
            "SELECT lower(hex(user_id)) FROM group_members WHERE group_id = x'{}'",
            hex(group)
        );
        let joined =
            format!("SELECT data FROM events WHERE {ours} AND kind = 'group.members_added'");
        let joined = texts(connection, &joined).into_iter().flat_map(|data| {
            let data: Value = serde_json::from_str(&data).unwrap();
            let users = data["users"].as_array().unwrap().clone();
            users.into_iter().map(|it| hex(it.as_str().unwrap()))
        });
        let state = Self {
            users: users.into_iter().collect(),
            members: texts(connection, &members).into_iter().collect(),
            group: hex(group),
            entries: journal("audit_entries", "action"),
            events: journal("events", "kind"),
            joined: joined.collect(),
        };
        assert_places(connection, &ours);
        connection.execute_batch("COMMIT").unwrap();
        state
    }

    /// Whether nothing is there without what belongs to it, acknowledged or not.
    pub fn assert_whole(&self) {
        let there: Ids = self.users.keys().cloned().collect();
        let [created, deleted, updated] = ["created", "deleted", "updated"].map(|it| {
            let name = format!("user.{it}");
            let events = subjects(&self.events, &name);
            assert_eq!(events, subjects(&self.entries, &name), "{name}: events and audit entries");
            events
        });
        assert_eq!(there, created.difference(&deleted).cloned().collect::<Ids>());
        for (id, (version, changed)) in &self.users {
            assert_eq!(*changed, updated.contains(id), "{id}");
            assert_eq!(*version, if *changed { 2 } else { 1 }, "{id}");
        }
        let joined: Ids = self.joined.iter().cloned().collect();
        assert_eq!(joined.len(), self.joined.len(), "somebody joined twice");
        assert_eq!(self.members, joined.difference(&deleted).cloned().collect::<Ids>());
        // One push, one audit entry: the same requests wrote both.
        let requests = |journal: &Journal, name| -> Ids {
            let group = journal.get(name).into_iter().flatten().filter(|it| it.0 == self.group);
            group.map(|it| it.1.clone()).collect()
        };
        let pushed = requests(&self.events, "group.members_added");
        assert_eq!(pushed.len(), self.joined.len());
        let audited = requests(&self.entries, "group.members_changed");
        assert!(pushed.is_subset(&audited), "{:?}", self.entries.keys());
    }

    /// Whether a write that was acknowledged is there.
    pub fn assert_holds(&self, it: &Acknowledged) {
        let id = hex(it.user());
        let deleted = subjects(&self.entries, "user.deleted").contains(&id);
        let holds = match it {
            Acknowledged::Deleted(_) => deleted && !self.users.contains_key(&id),
            Acknowledged::Created(_) => deleted || self.users.contains_key(&id),
            Acknowledged::Titled(_) => deleted || self.users.get(&id).is_some_and(|it| it.1),
            Acknowledged::Joined(_) => {
                self.joined.contains(&id) && (deleted || self.members.contains(&id))
            }
        };
        assert!(holds, "{it:?} is lost");
    }
}

/// Each subject has the entry once, of a request of its own.
fn subjects(journal: &Journal, what: &str) -> Ids {
    let all = journal.get(what).map_or(&[][..], Vec::as_slice);
    let subjects: Ids = all.iter().map(|it| it.0.clone()).collect();
    assert_eq!(subjects.len(), all.len(), "{what}: something was done twice");
    subjects
}

/// Every entry and every event either waits for its place or has it, and no reference is left
/// hanging.
fn assert_places(connection: &Connection, ours: &str) {
    for (all, key, pending, placed) in [
        ("audit_entries", "entry_id", "audit_pending", "audit_seals"),
        ("events", "event_id", "events_pending", "feed"),
    ] {
        let query = |table: &str, column: &str| {
            texts(connection, &format!("SELECT hex({column}) FROM {table} WHERE {ours} ORDER BY 1"))
        };
        let mut places = [query(pending, key), query(placed, key)].concat();
        places.sort();
        assert_eq!(places, query(all, "id"), "{all}");
    }
    let dangling =
        rows(connection, "PRAGMA foreign_key_check", |row| row.get::<_, String>(0).unwrap());
    assert_eq!(dangling, Vec::<String>::new());
}
