//! What every kept statement promises by its text, and how SQLite runs it.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;

use rusqlite::{Connection, types::Null};
use scim_store::{KeptStatement, SqlStore};

const TENANT_TABLES: [&str; 25] = [
    "api_keys",
    "api_key_uses",
    "organization_schemas",
    "organization_seats",
    "users",
    "user_terms",
    "groups",
    "group_members",
    "group_nestings",
    "roles",
    "group_roles",
    "role_assignments",
    "mapping_rules",
    "departed_users",
    "audit_entries",
    "audit_pending",
    "audit_seals",
    "events",
    "events_pending",
    "feed",
    "feeds",
    "activity",
    "idempotency_keys",
    "resource_blocks",
    "seaql_migrations",
];

/// What serves all organizations at once, by design: the clean-up of what is old.
const OF_ALL: [&str; 3] = ["activity.forget", "departed_users.forget", "seaql_migrations.newest"];

/// What reads a whole table on purpose: queues that are nearly empty, and lists that the CLI asks
/// for.
const WHOLE: [&str; 8] = [
    "seaql_migrations.newest",
    "audit_pending.unsealed",
    "audit_pending.newest",
    "audit_pending.count",
    "events_pending.unnumbered",
    "events_pending.oldest",
    "organizations.list",
    // One small row for each organization.
    "feeds.list",
];

/// Whether a text has that name, in quotes or not.
fn touches(text: &str, name: &str) -> bool {
    text.split(|it: char| !it.is_alphanumeric() && it != '_').any(|it| it == name)
}

// T3
#[test]
fn every_statement_on_a_tenant_table_names_the_organization() {
    let statements = SqlStore::kept_statements();
    assert!(statements.len() > 60, "{}", statements.len());
    let each = |KeptStatement { name, sqlite, postgres }| [(name, sqlite), (name, postgres)];
    let alone = SqlStore::postgres_statements();
    assert!(!alone.is_empty());
    for (name, text) in statements.into_iter().flat_map(each).chain(alone) {
        let tenant = TENANT_TABLES.iter().any(|it| touches(text, it));
        let named = touches(text, "organization_id");
        assert!(!tenant || named || OF_ALL.contains(&name), "{name}: {text}");
    }
}

fn plan(connection: &Connection, text: &str) -> Vec<String> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    for place in 1..=explain.parameter_count() {
        explain.raw_bind_parameter(place, Null).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

#[tokio::test]
async fn no_statement_reads_a_whole_table_that_grows() {
    let fresh = fresh::Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    for KeptStatement { name, sqlite, .. } in SqlStore::kept_statements() {
        let steps = plan(&connection, sqlite);
        // A walk through groups reads what it has found so far; access, whom it is asked for; a
        // count, what its limit allows.
        let walks = [
            "SCAN reached",
            "SCAN above",
            "SCAN below",
            "SCAN held",
            "SCAN own",
            "SCAN found",
            "SCAN loose",
            "SCAN tail",
            "SCAN passed",
            "SCAN summed",
            "SCAN numbered",
            "SCAN CONSTANT ROW",
        ];
        let whole = |it: &&String| {
            it.starts_with("SCAN")
                && !it.ends_with("VALUES CLAUSE")
                && !walks.contains(&it.as_str())
                // What SQLite makes of such a one to number its rows.
                && !it.starts_with("SCAN (subquery-")
        };
        let scans = steps.iter().any(|it| whole(&it));
        // Taking from the front of a queue reads the queue in order and stops early.
        let front = name.ends_with("_pending.delete");
        // An organization that is erased leaves a queue that is nearly empty.
        let front = front || (name.starts_with("purge.") && name.ends_with("_pending"));
        assert!(!scans || front || WHOLE.contains(&name), "{name}: {steps:?}");
    }
}

// Z3
#[tokio::test]
async fn the_few_protected_users_have_an_index_of_their_own() {
    let fresh = fresh::Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    let statements = SqlStore::kept_statements();
    let found = statements.iter().find(|it| it.name == "users.protected").unwrap();
    let steps = plan(&connection, found.sqlite);
    assert!(steps.iter().all(|it| it.contains("INDEX users_protected")), "{steps:?}");
}

#[tokio::test]
async fn no_page_and_no_chain_is_sorted_first() {
    let fresh = fresh::Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    let sorted = [
        // A row for each 16,000 resources.
        "resource_blocks.way",
        "group_roles.paths",
        "group_roles.holdings",
        "group_nestings.above",
        "group_nestings.groups_of",
        "group_nestings.active_users",
        // Those who hold a role on more than one way are met once.
        "group_roles.holders",
        "group_roles.count_holders",
    ];
    for KeptStatement { name, sqlite, .. } in SqlStore::kept_statements() {
        let steps = plan(&connection, sqlite);
        let sorts = steps.iter().any(|it| it.contains("TEMP B-TREE"));
        assert!(!sorts || sorted.contains(&name), "{name}: {steps:?}");
    }
}

// R2
#[tokio::test]
async fn the_log_is_written_ahead_and_the_file_is_its_owners() {
    let fresh = fresh::Fresh::new().await;
    let _store = fresh.open();
    let connection = Connection::open(&fresh.path).unwrap();
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |it| it.get(0)).unwrap();
    assert_eq!(mode, "wal");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", fresh.path.display());
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{suffix}");
        }
    }
}

#[tokio::test]
async fn only_lists_read_all_of_an_organization() {
    let fresh = fresh::Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    let lists = [
        "users.first",
        "users.count",
        // Before SCIM is switched off, and where the first seat limit comes.
        "users.count_active",
        "users.count_provisioned",
        // An index of nothing but these few.
        "users.protected",
        // Asks whether anything is left that refers to it.
        "organizations.delete",
        // Of all roles at once, for the list of roles.
        "role_assignments.count",
        "group_roles.count",
        "group_roles.count_holders",
        "mapping_rules.list",
        "groups.count",
        "groups.count_carriers",
        "organization_schemas.list",
        "roles.list",
        "api_keys.list",
        "api_key_quirks.list",
        "group_nestings.count",
        // From one end of the index, up to a limit.
        "audit_seals.last",
        "feed.oldest",
        "feed.ages",
    ];
    for KeptStatement { name, sqlite, .. } in SqlStore::kept_statements() {
        let steps = plan(&connection, sqlite);
        // Of these an organization has one row.
        let one_row = ["organization_seats", "feeds"].map(|it| format!("SEARCH {it} "));
        let all = |it: &&String| {
            let one = one_row.iter().any(|table| it.starts_with(table));
            it.ends_with("(organization_id=?)") && !one
        };
        let whole = steps.iter().filter(all).count();
        // What is erased is looked for from one end, up to a limit, and then found by its key: not
        // the first step, and the same once more where the key has several parts.
        let erased = name.starts_with("purge.");
        let found = steps.first().is_some_and(|it| !all(&it));
        assert!(whole == 0 || lists.contains(&name) || erased && found, "{name}: {steps:?}");
    }
}
