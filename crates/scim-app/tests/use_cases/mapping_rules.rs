//! Rules by which groups that identity providers create lead to roles.

use scim_app::{
    Error,
    administration::{MappingRuleChange, NewRole},
    provisioning::{Operation, Task},
};
use scim_domain::{
    EventKind, GroupId, MappingRuleId,
    mapping_rule::{MOST_RULES, MappingRule, Matching, NamePattern},
    role::RoleKey,
    schema::ResourceKind,
};
use serde_json::json;

use crate::world::{World, group_json, json as body, world};

async fn rule(world: &World, matching: Matching, name: &str, role: &str) -> MappingRule {
    let pattern = NamePattern::new(matching, name).unwrap();
    let role = RoleKey::read(role);
    let made = world.admin.create_mapping_rule(world.organization, pattern, &role).await;
    made.unwrap().0
}

async fn with_rules() -> World {
    let world = world().await;
    world.admin.set_mapping_rules(world.organization, true).await.unwrap();
    world
}

/// Who reaches which role through groups that rules mapped: the audit entries say so.
async fn mapped(world: &World) -> Vec<serde_json::Value> {
    let mut all = world.admin.list_audit(world.organization, 100_000).await.unwrap();
    all.reverse();
    let entries = all.into_iter().map(|it| it.entry);
    entries.filter(|it| it.action == "group.mapped").map(|it| it.detail).collect()
}

#[tokio::test]
async fn a_group_that_is_created_leads_to_the_roles_of_the_rules_that_match() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    let rule = rule(&world, Matching::Prefix, "eng-", "developer").await;
    world.push_group("ENG-Berlin", &[user]).await;
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    let told = mapped(&world).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["role"], "developer");
    let named = json!({
        "id": rule.id.to_string(), "matching": "prefix", "name": "eng-", "role": "developer",
    });
    assert_eq!(told[0]["rule"], named);
    let events = world.events().await;
    let at = |kind| events.iter().position(|it| it.kind == kind).unwrap();
    let event = &events[at(EventKind::GroupMapped)];
    assert_eq!(event.data["rule"]["id"], rule.id.to_string());
    assert!(at(EventKind::GroupMapped) < at(EventKind::RoleGranted));
}

// Z2
#[tokio::test]
async fn without_rules_or_while_they_are_off_a_name_leads_nowhere() {
    let world = world().await;
    let user = world.create("jane").await;
    world.push_group("Developers", &[user]).await;
    rule(&world, Matching::Exact, "Analysts", "analyst").await;
    rule(&world, Matching::Prefix, "a", "admin").await;
    world.push_group("Analysts", &[user]).await;
    assert!(world.roles_of("jane").await.is_empty());
    // On and off again.
    for apply in [true, false] {
        world.admin.set_mapping_rules(world.organization, apply).await.unwrap();
    }
    world.push_group("Auditors", &[user]).await;
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::GroupMapped).await, 0);
    assert_eq!(world.count(EventKind::OrganizationMappingRulesChanged).await, 2);
}

// Z2
#[tokio::test]
async fn no_rule_is_asked_when_a_group_gets_another_name() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    rule(&world, Matching::Prefix, "adm", "admin").await;
    let id = world.push_group("Team", &[user]).await;
    world.put_group(&id, group_json("Administrators", Some(&[user]))).await.unwrap();
    let rename = r#"{"op":"replace","path":"displayName","value":"Admins of Berlin"}"#;
    world.patch_group(&id, rename).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn a_rule_changes_nothing_about_groups_that_are_there_and_says_which_it_would_match() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    let there = world.push_group("Eng-Berlin", &[user]).await;
    world.push_group("Sales", &[user]).await;
    let rule = rule(&world, Matching::Prefix, "ENG", "developer").await;
    assert!(world.roles_of("jane").await.is_empty());
    let admin = &world.admin;
    let found = admin.preview_mapping_rule(world.organization, &rule.pattern, None, 10).await;
    let found = found.unwrap();
    assert_eq!(found.total, 1);
    assert_eq!(found.items[0].id.to_string(), there);
    // Nor does switching the rules on, once it is there.
    for apply in [false, true] {
        world.admin.set_mapping_rules(world.organization, apply).await.unwrap();
    }
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn the_name_of_a_home_group_is_taken_whatever_rules_there_are() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    rule(&world, Matching::Exact, "Admin", "analyst").await;
    let refused = world.try_push_group(group_json("admin", Some(&[user]))).await.unwrap_err();
    assert!(matches!(refused, Error::Taken { .. }), "{refused:?}");
    assert!(world.roles_of("jane").await.is_empty());
    // Groups that scimd makes for a role are not an identity provider's.
    rule(&world, Matching::Prefix, "case", "admin").await;
    let new = NewRole { name: "Case Reviewer".to_owned(), ..NewRole::default() };
    world.admin.create_role(world.organization, new).await.unwrap();
    world.delete_group(&world.home_of("case-reviewer").await).await.unwrap();
    assert_eq!(world.count(EventKind::GroupMapped).await, 0);
}

#[tokio::test]
async fn rules_that_meet_add_up_and_each_role_is_mapped_once_by_the_oldest() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    let first = rule(&world, Matching::Prefix, "eng", "developer").await;
    rule(&world, Matching::Exact, "Engineering", "developer").await;
    rule(&world, Matching::Exact, "Engineering", "analyst").await;
    world.push_group("Engineering", &[user]).await;
    assert_eq!(world.roles_of("jane").await, ["analyst", "developer"]);
    let told = mapped(&world).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["rule"]["id"], first.id.to_string());
}

#[tokio::test]
async fn a_privileged_role_by_a_rule_is_audited_as_any_grant_of_it() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    rule(&world, Matching::Exact, "Okta Admins", "admin").await;
    world.push_group("Okta Admins", &[user]).await;
    let audited = world.audited().await;
    let last: Vec<_> = audited.iter().rev().take(3).rev().collect();
    assert_eq!(last, ["group.created", "group.mapped", "role.granted"]);
}

#[tokio::test]
async fn what_a_rule_has_mapped_stays_when_it_goes_and_goes_with_its_role() {
    let world = with_rules().await;
    let user = world.create("jane").await;
    let gone = rule(&world, Matching::Prefix, "eng", "developer").await;
    world.push_group("Engineering", &[user]).await;
    world.admin.delete_mapping_rule(world.organization, gone.id).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    world.push_group("Eng 2", &[user]).await;
    assert_eq!(world.count(EventKind::GroupMapped).await, 1);

    let new = NewRole { name: "Reviewer".to_owned(), ..NewRole::default() };
    world.admin.create_role(world.organization, new).await.unwrap();
    let reviewer = RoleKey::read("reviewer");
    rule(&world, Matching::Prefix, "rev", "reviewer").await;
    world.push_group("Reviewers", &[user]).await;
    world.admin.delete_role(world.organization, &reviewer).await.unwrap();
    assert!(world.admin.list_mapping_rules(world.organization).await.unwrap().is_empty());
    assert_eq!(world.count(EventKind::MappingRuleDeleted).await, 2);
    let (action, detail) = world.last_audit().await;
    assert_eq!(
        (action.as_str(), &detail["mappingRules"][0]["name"]),
        ("role.deleted", &json!("rev"))
    );
    assert_eq!(world.roles_of("jane").await, ["developer"]);
}

#[tokio::test]
async fn rules_are_changed_and_refused_with_a_reason() {
    let world = world().await;
    let organization = world.organization;
    let made = rule(&world, Matching::Exact, "Team", "analyst").await;
    let (admin, analyst) = (&world.admin, RoleKey::read("analyst"));
    let again = NamePattern::new(Matching::Exact, "TEAM").unwrap();
    let twice = admin.create_mapping_rule(organization, again, &analyst).await.unwrap_err();
    assert!(matches!(twice, Error::Taken { .. }), "{twice:?}");
    let pattern = NamePattern::new(Matching::Exact, "x").unwrap();
    let nobody = admin.create_mapping_rule(organization, pattern, &RoleKey::read("none")).await;
    assert!(matches!(nobody, Err(Error::Missing { what: "role", .. })), "{nobody:?}");
    let change = MappingRuleChange {
        matching: Some(Matching::Prefix),
        role: Some(RoleKey::read("developer")),
        ..MappingRuleChange::default()
    };
    let (changed, role) = admin.update_mapping_rule(organization, made.id, change).await.unwrap();
    assert_eq!((changed.pattern.name(), role.as_str()), ("Team", "developer"));
    assert_eq!(changed.pattern.matching(), Matching::Prefix);
    assert_eq!(admin.show_mapping_rule(organization, made.id).await.unwrap().0, changed);
    // Nothing changed, nothing told.
    let same = MappingRuleChange::default();
    admin.update_mapping_rule(organization, made.id, same).await.unwrap();
    assert_eq!(world.count(EventKind::MappingRuleUpdated).await, 1);
    let (other, _) = world.neighbour().await;
    let strange = admin.delete_mapping_rule(other, made.id).await.unwrap_err();
    assert!(matches!(strange, Error::Missing { what: "mapping rule", .. }), "{strange:?}");
    let unknown = MappingRuleId::new(uuid::Uuid::nil());
    assert!(admin.show_mapping_rule(organization, unknown).await.is_err());
}

#[tokio::test]
async fn there_are_only_so_many_rules() {
    let world = world().await;
    for number in 0..MOST_RULES {
        rule(&world, Matching::Exact, &format!("Team {number}"), "analyst").await;
    }
    let pattern = NamePattern::new(Matching::Exact, "One more").unwrap();
    let role = RoleKey::read("analyst");
    let refused = world.admin.create_mapping_rule(world.organization, pattern, &role).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn where_groups_are_nested_a_rule_reaches_below_the_new_group() {
    let world = with_rules().await;
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    let user = world.create("jane").await;
    let inner = world.push_group("Inner", &[user]).await;
    rule(&world, Matching::Prefix, "eng", "developer").await;
    let inner = scim_domain::UserId::parse(&inner).unwrap();
    let outer = world.push_group("Engineering", &[inner]).await;
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    let shown = world.admin.show_group(world.organization, GroupId::parse(&outer).unwrap()).await;
    assert_eq!(shown.unwrap().roles[0].key.as_str(), "developer");
}

#[tokio::test]
async fn a_group_that_comes_in_bulk_is_created_like_any_other() {
    let world = with_rules().await;
    rule(&world, Matching::Prefix, "eng", "developer").await;
    let create = |kind, name: &str, data: &str| Operation {
        bulk_id: Some(name.to_owned()),
        task: Task::Create { kind, data: body(data) },
    };
    let group = r#"{"displayName":"Engineering","members":[{"value":"bulkId:jane"}]}"#;
    let operations = vec![
        create(ResourceKind::Group, "group", group),
        create(ResourceKind::User, "jane", r#"{"userName":"jane"}"#),
    ];
    world.scim.bulk(&world.caller().await, operations, None).await;
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    assert_eq!(mapped(&world).await.len(), 1);
}
