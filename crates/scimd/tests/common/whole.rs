//! Whether nothing is in a database without what belongs to it, whatever kind of database it is.

/// Every user has its entry in the audit log and its event, each of which has its place or waits for
/// it. `count` asks the database for one number.
pub fn assert_whole(count: impl Fn(&str) -> i64) {
    let users = count("SELECT count(*) FROM users");
    for (told, what) in [("events", "kind"), ("audit_entries", "action")] {
        let created = format!("FROM {told} WHERE {what} = 'user.created'");
        assert_eq!(count(&format!("SELECT count(*) {created}")), users, "{told}");
        let untold = format!("SELECT id FROM users EXCEPT SELECT subject_id {created}");
        assert_eq!(count(&format!("SELECT count(*) FROM ({untold}) AS it")), 0, "{told}");
    }
    for (all, key, pending, placed) in [
        ("audit_entries", "entry_id", "audit_pending", "audit_seals"),
        ("events", "event_id", "events_pending", "feed"),
    ] {
        let places = format!(
            "SELECT count(*) FROM {all} WHERE id NOT IN
                (SELECT {key} FROM {pending} UNION ALL SELECT {key} FROM {placed})"
        );
        assert_eq!(count(&places), 0, "{all} without a place");
    }
}
