//! What is computed from rows: the groups of users and the members of groups.

use std::sync::Arc;

use scim_domain::schema::Catalog;

use super::people::{ALL, People, groups, groups_by};
use crate::{
    ports::Store,
    testing::contract::{nestings::nest, stage::Stage},
};

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

pub async fn users_are_found_by_the_groups_above_theirs(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (stage, acme) = (&people.stage, people.acme);
    let (top, low) = (stage.group(acme, "Top").await, stage.group(acme, "Low").await);
    let middle = stage.group(acme, "Middle").await;
    nest(stage, acme, top.id, &[middle.id]).await;
    nest(stage, acme, middle.id, &[low.id]).await;
    let id = |index: usize| people.users[index].id;
    stage.join(acme, low.id, &[id(0), id(2)]).await;
    stage.join(acme, top.id, &[id(2), id(3)]).await;
    let cases: [(&str, &[&str]); 11] = [
        (&format!("groups.value eq \"{}\"", top.id), &["anna", "carl", "dora"]),
        (&format!("groups eq \"{}\"", middle.id), &["anna", "carl"]),
        (&format!("groups.value eq \"{}\"", low.id), &["anna", "carl"]),
        (&format!("not (groups.value eq \"{}\")", top.id), &["bert"]),
        (&format!("groups.value eq \"{}\" and userName sw \"d\"", top.id), &["dora"]),
        (&format!("groups[value eq \"{}\" and type eq \"indirect\"]", top.id), &["anna"]),
        ("groups.type eq \"indirect\"", &["anna", "carl"]),
        ("groups.type eq \"direct\"", &["anna", "carl", "dora"]),
        ("groups.display eq \"middle\"", &["anna", "carl"]),
        ("groups pr", &["anna", "carl", "dora"]),
        ("groups.value eq \"nonsense\"", &[]),
    ];
    people.expect_by(&Catalog::nesting(), &cases).await;
}

pub async fn groups_are_found_by_groups_in_them(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 1).await;
    let (one, two) = (stage.group(acme, "One").await, stage.group(acme, "Two").await);
    let low = stage.group(acme, "Low").await;
    stage.group(acme, "Empty").await;
    stage.join(acme, one.id, &users).await;
    nest(&stage, acme, one.id, &[low.id]).await;
    nest(&stage, acme, two.id, &[low.id]).await;
    let cases: [(&str, &[&str]); 8] = [
        (&format!("members.value eq \"{}\"", low.id), &["One", "Two"]),
        (&format!("members eq \"{}\"", users[0]), &["One"]),
        (&format!("members[value eq \"{}\" and type eq \"Group\"]", low.id), &["One", "Two"]),
        (&format!("members[value eq \"{}\" and type eq \"User\"]", low.id), &[]),
        ("members.type eq \"group\"", &["One", "Two"]),
        ("members.type eq \"User\"", &["One"]),
        ("members pr", &["One", "Two"]),
        ("not (members pr)", &["Low", "Empty"]),
    ];
    for (filter, expected) in cases {
        let nesting = Catalog::nesting();
        let (total, names) = groups_by(&nesting, &stage, acme, Some(filter), None, ALL).await;
        assert_eq!(names, expected, "{filter}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap(), "{filter}");
    }
}
