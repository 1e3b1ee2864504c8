//! The list of promises is complete.

const LIST: &str = include_str!("macros.rs");

#[test]
fn every_promise_is_run() {
    let sources = [
        include_str!("audit.rs"),
        include_str!("feed.rs"),
        include_str!("groups.rs"),
        include_str!("idempotency.rs"),
        include_str!("keyring.rs"),
        include_str!("keys.rs"),
        include_str!("members.rs"),
        include_str!("organizations.rs"),
        include_str!("outbox.rs"),
        include_str!("races.rs"),
        include_str!("reach.rs"),
        include_str!("roles.rs"),
        include_str!("schemas.rs"),
        include_str!("search/agreement.rs"),
        include_str!("search/computed.rs"),
        include_str!("search/filters.rs"),
        include_str!("search/logic.rs"),
        include_str!("search/sorting.rs"),
        include_str!("search/texts.rs"),
        include_str!("search/walks.rs"),
        include_str!("search/windows.rs"),
        include_str!("tenants.rs"),
        include_str!("units.rs"),
        include_str!("users.rs"),
    ];
    let promises = sources.iter().flat_map(|it| it.split("pub async fn ").skip(1));
    let names = promises.filter_map(|it| it.split_once("(store: Arc<dyn Store>)"));
    let missing: Vec<_> = names
        .map(|(name, _)| name)
        .filter(|name| !LIST.lines().any(|it| it.trim() == *name))
        .collect();
    assert!(missing.is_empty(), "promises that no adapter is held to: {missing:?}");
}
