//! Commands that meet other units: nothing of them was done then, and they are carried out again.

use std::sync::Arc;

use clap::Parser as _;
use scim_app::Actor;
use scim_app::administration::Administration;
use scim_app::testing::{CountingIds, FastSecrets, FaultyStore, MemoryStore, StoppedClock};
use serde_json::Value;

use super::super::{Cli, Command, Tools};

struct Desk {
    tools: Tools,
    store: FaultyStore,
    /// What every command is told of the organization.
    organization: String,
}

impl Desk {
    async fn new() -> Self {
        let store = FaultyStore::new(Arc::new(MemoryStore::new()));
        let clock = Arc::new(StoppedClock::new());
        let administration = Administration::new(
            Arc::new(store.clone()),
            clock.clone(),
            Arc::new(CountingIds::new()),
            Arc::new(FastSecrets::new()),
            Actor::System,
        );
        let tools = Tools { administration, store: Arc::new(store.clone()), as_json: true, clock };
        let mut desk = Self { tools, store, organization: String::new() };
        let made = desk.run("organization create --name Acme --plan enterprise").await;
        desk.organization = format!("--organization {}", id(&made));
        desk
    }

    async fn try_run(&self, line: &str) -> anyhow::Result<Value> {
        let words = ["scimd"].into_iter().chain(line.split_whitespace());
        let command = Cli::try_parse_from(words).unwrap_or_else(|it| panic!("{it}")).command;
        match command {
            Some(Command::Administer(it)) => Ok(it.run(&self.tools).await?.json),
            Some(Command::Import(it)) => Ok(it.run(&self.tools).await?.0.json),
            other => panic!("{other:?} works with no database"),
        }
    }

    /// Runs a command whose first two commits meet others.
    async fn run(&self, line: &str) -> Value {
        self.store.conflict(2);
        let done = self.try_run(line).await.unwrap_or_else(|it| panic!("{line}: {it:#}"));
        assert_eq!(self.store.conflicts_left(), 0, "{line} commits nothing");
        done
    }

    /// The same for a command about the organization.
    async fn within(&self, line: &str) -> Value {
        self.run(&format!("{line} {}", self.organization)).await
    }
}

fn id(made: &Value) -> &str {
    made["id"].as_str().unwrap_or_else(|| panic!("no id: {made}"))
}

fn file(directory: &tempfile::TempDir, name: &str, content: &str) -> String {
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn organizations_are_changed_all_the_same() {
    let desk = Desk::new().await;
    for line in [
        "organization rename --name Globex",
        "organization set-plan --plan growth",
        "organization set-seat-limit 250",
        "organization disable",
        "organization enable",
        "organization pause --for 2h",
        "organization resume",
        "organization switch-scim off --users deactivate",
        "organization switch-scim on",
        "organization set-nested-groups allow",
        "organization set-mapping-rules on",
        "organization set-entitlements assign",
        "organization set-name-id-attribute externalId",
        "organization delete --grace 30d",
        "organization restore",
    ] {
        desk.within(line).await;
    }
}

#[tokio::test]
async fn keys_are_made_and_changed_all_the_same() {
    let desk = Desk::new().await;
    let directory = tempfile::tempdir().unwrap();
    let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"one",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let jwks = file(&directory, "jwks.json", jwks);
    let made = desk.within("api-key create --name Okta --permission scim").await;
    let key = format!("--id {}", id(&made));
    for line in [
        "api-key update --name Okta-2",
        "api-key set-addresses --from-anywhere",
        "api-key set-limits --users-only",
        "api-key forbid --permission scim",
        "api-key permit --permission scim",
        "api-key set-strictness --strictness strict",
        &format!("api-key set-public-keys --jwks {jwks}"),
        "api-key remove-public-keys",
        "api-key rotate --overlap 24h",
        "api-key revoke",
    ] {
        desk.within(&format!("{line} {key}")).await;
    }
    let made = desk.run("operator-key create --name Ops --permission organizations.manage").await;
    let key = format!("--id {}", id(&made));
    for line in [
        "operator-key update --name Ops-2",
        "operator-key set-addresses --from-anywhere",
        "operator-key forbid --permission organizations.manage",
        "operator-key permit --permission organizations.manage",
        "operator-key rotate --overlap 24h",
        "operator-key revoke",
    ] {
        desk.run(&format!("{line} {key}")).await;
    }
}

#[tokio::test]
async fn users_groups_and_roles_are_changed_all_the_same() {
    let desk = Desk::new().await;
    desk.within("role create --name Reviewer").await;
    desk.within("role create --name Writer").await;
    desk.within("role update --role reviewer --privileged true").await;
    let ann =
        "user create --user-name ann --given-name Ann --family-name Lee --email ann@a.example";
    let ann = format!("--id {}", id(&desk.within(ann).await));
    for line in ["update --given-name Anna", "deactivate", "activate", "protect", "unprotect"] {
        desk.within(&format!("user {line} {ann}")).await;
    }
    let groups = desk.try_run(&format!("group list {}", desk.organization)).await.unwrap();
    let group = groups.as_array().unwrap().iter().find(|it| it["displayName"] == "Reviewer");
    let group = format!("--group {}", id(group.unwrap()));
    for line in [
        format!("group map {group} --role writer"),
        format!("group unmap {group} --role writer"),
        format!("group add-member {group} {}", ann.replace("--id", "--member")),
        format!("group remove-member {group} {}", ann.replace("--id", "--member")),
    ] {
        desk.within(&line).await;
    }
    let rule = desk.within("mapping-rule create --prefix eng- --role writer").await;
    let rule = format!("--id {}", id(&rule));
    desk.within(&format!("mapping-rule update --exact eng {rule}")).await;
    desk.within(&format!("mapping-rule delete {rule}")).await;
    desk.within("role delete --role writer").await;
    desk.within(&format!("user delete {ann}")).await;
}

#[tokio::test]
async fn schemas_are_declared_and_files_taken_in_all_the_same() {
    let desk = Desk::new().await;
    let directory = tempfile::tempdir().unwrap();
    let badge = |indexed: bool| {
        format!(
            r#"{{"id":"urn:example:Badge","name":"Badge","attributes":
                [{{"name":"number","type":"string","indexed":{indexed}}}]}}"#
        )
    };
    let plain = file(&directory, "plain.json", &badge(false));
    let indexed = file(&directory, "indexed.json", &badge(true));
    desk.within(&format!("schema declare --resource-type User --file {plain}")).await;
    desk.within(&format!("schema update --file {indexed}")).await;
    desk.within("schema remove --schema urn:example:Badge").await;
    let users = file(
        &directory,
        "users.csv",
        "userName,name.givenName,name.familyName,emails.value\n\
         ann,Ann,Lee,ann@a.example\nbob,Bob,Ray,bob@a.example\n",
    );
    assert_eq!(desk.within(&format!("import {users}")).await["created"], 2);
    let groups = r#"{"displayName":"Crew","members":[{"userName":"ann"},{"userName":"bob"}]}"#;
    let groups = file(&directory, "groups.jsonl", groups);
    let taken_in = desk.within(&format!("import --kind groups {groups}")).await;
    assert_eq!((&taken_in["created"], &taken_in["membersJoined"]), (&1.into(), &2.into()));
}

#[tokio::test]
async fn after_some_attempts_it_is_given_up_and_nothing_was_done() {
    let desk = Desk::new().await;
    let seen = async || desk.try_run(&format!("organization show {}", desk.organization)).await;
    let before = seen().await.unwrap();
    desk.store.conflict(u32::MAX);
    let rename = format!("organization rename --name Globex {}", desk.organization);
    assert!(desk.try_run(&rename).await.is_err());
    assert!(u32::MAX - desk.store.conflicts_left() < 10);
    desk.store.conflict(0);
    assert_eq!(seen().await.unwrap(), before);
}
