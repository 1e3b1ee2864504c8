//! What is computed from rows: the groups of users and the members of groups.

use std::sync::Arc;

use super::people::{ALL, People, groups};
use crate::{ports::Store, testing::contract::stage::Stage};

pub async fn users_are_found_by_their_groups(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (stage, acme) = (&people.stage, people.acme);
    let (admins, others) = (stage.group(acme, "Admins").await, stage.group(acme, "Other").await);
    let empty = stage.group(acme, "Empty").await;
    let id = |index: usize| people.users[index].id;
    stage.join(acme, admins.id, &[id(0), id(2)]).await;
    stage.join(acme, others.id, &[id(2), id(3)]).await;
    let cases: [(&str, &[&str]); 11] = [
        (&format!("groups.value eq \"{}\"", admins.id), &["anna", "carl"]),
        (&format!("groups eq \"{}\"", others.id), &["carl", "dora"]),
        (&format!("groups.value eq \"{}\"", empty.id), &[]),
        (&format!("groups[value eq \"{}\"]", admins.id), &["anna", "carl"]),
        (&format!("not (groups.value eq \"{}\")", admins.id), &["bert", "dora"]),
        (&format!("groups.value eq \"{}\" and active eq true", others.id), &["carl", "dora"]),
        ("groups.display eq \"ADMINS\"", &["anna", "carl"]),
        ("groups.display sw \"oth\"", &["carl", "dora"]),
        ("groups pr", &["anna", "carl", "dora"]),
        ("not (groups pr)", &["bert"]),
        ("groups.value eq \"nonsense\"", &[]),
    ];
    people.expect(&cases).await;
}

pub async fn groups_are_found_by_their_attributes(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.group(acme, "Admins").await;
    let pushed =
        stage.new_group_of(&serde_json::json!({ "displayName": "Größe", "externalId": "G1" }));
    stage.try_insert_group(acme, &pushed).await.unwrap();
    stage.group(acme, "Zeta").await;
    let cases: [(&str, &[&str]); 12] = [
        ("displayName eq \"admins\"", &["Admins"]),
        ("displayName eq \"GRÖSSE\"", &["Größe"]),
        ("displayName ne \"zeta\"", &["Admins", "Größe"]),
        ("displayName co \"S\"", &["Admins", "Größe"]),
        ("displayName sw \"z\"", &["Zeta"]),
        ("displayName ew \"a\"", &["Zeta"]),
        ("displayName gt \"admins\"", &["Größe", "Zeta"]),
        ("externalId eq \"G1\"", &["Größe"]),
        ("externalId eq \"g1\"", &[]),
        ("not (externalId pr)", &["Admins", "Zeta"]),
        (&format!("id eq \"{}\"", pushed.id), &["Größe"]),
        ("meta.resourceType eq \"Group\" and displayName sw \"a\"", &["Admins"]),
    ];
    expect_groups(&stage, acme, &cases).await;
}

pub async fn groups_are_found_by_their_members(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let (one, two) = (stage.group(acme, "One").await, stage.group(acme, "Two").await);
    stage.group(acme, "Empty").await;
    stage.join(acme, one.id, &users[..2]).await;
    stage.join(acme, two.id, &users[1..2]).await;
    let cases: [(&str, &[&str]); 8] = [
        (&format!("members.value eq \"{}\"", users[0]), &["One"]),
        (&format!("members eq \"{}\"", users[1]), &["One", "Two"]),
        (&format!("members.value eq \"{}\"", users[2]), &[]),
        (&format!("members[value eq \"{}\"]", users[1]), &["One", "Two"]),
        (&format!("not (members.value eq \"{}\")", users[0]), &["Two", "Empty"]),
        // Entra asks so whether a user is in a group.
        (&format!("id eq \"{}\" and members eq \"{}\"", two.id, users[1]), &["Two"]),
        ("members pr", &["One", "Two"]),
        ("not (members pr)", &["Empty"]),
    ];
    expect_groups(&stage, acme, &cases).await;
}

async fn expect_groups(
    stage: &Stage,
    organization: scim_domain::OrganizationId,
    cases: &[(&str, &[&str])],
) {
    for (filter, expected) in cases {
        let (total, names) = groups(stage, organization, Some(filter), None, ALL).await;
        assert_eq!(names, *expected, "{filter}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{filter}");
    }
}
