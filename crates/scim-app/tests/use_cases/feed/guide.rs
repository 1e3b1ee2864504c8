//! What the guide says about events is so.

use std::collections::{BTreeMap, BTreeSet};

use scim_domain::{
    EventKind,
    organization::{NameIdAttribute, Plan},
    role::RoleKey,
};

use super::following;
use crate::world::user_json;

const GUIDE: &str = include_str!("../../../../../docs/integrating.md");

/// The rows of the table of types: type, subject, and the names that stand in `data`.
fn documented() -> BTreeMap<&'static str, (&'static str, BTreeSet<&'static str>)> {
    let table = GUIDE.split_once("### Types").unwrap().1.lines();
    let rows = table.skip_while(|it| !it.starts_with('|')).take_while(|it| it.starts_with('|'));
    let row = |line: &'static str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [kind, subject, data, _when] = cells[..] else { panic!("{line}") };
        let names = data.split('`').skip(1).step_by(2).collect();
        (kind.trim_matches('`'), (subject, names))
    };
    rows.skip(2).map(row).collect()
}

#[test]
fn the_guide_names_every_type_of_event_and_no_other() {
    let documented = documented().into_keys().collect::<BTreeSet<_>>();
    let all = EventKind::ALL.iter().map(|it| it.name()).collect::<BTreeSet<_>>();
    assert_eq!(documented, all, "the table of types in docs/integrating.md");
}

#[tokio::test]
async fn the_guide_names_subject_and_data_of_what_happens() {
    let it = following().await;
    let (world, organization) = (&it.world, it.world.organization);
    let jane = world.create("jane").await;
    let admins = world.home_of("admin").await;
    world.add(&admins, jane).await;
    world.patch(jane, r#"{"op":"replace","value":{"displayName":"J"}}"#).await.unwrap();
    world.set_active(jane, false).await;
    world.set_active(jane, true).await;
    let group = world.push_group("Pushed", &[jane]).await;
    let id = scim_domain::GroupId::parse(&group).unwrap();
    let analyst = RoleKey::of_name("analyst");
    world.admin.map_group(organization, id, &analyst).await.unwrap();
    world.admin.unmap_group(organization, id, &analyst).await.unwrap();
    let renamed = r#"{"op":"replace","value":{"displayName":"R","externalId":"1"}}"#;
    world.patch_group(&group, renamed).await.unwrap();
    world.remove(&admins, jane).await;
    world.delete_group(&group).await.unwrap();
    world.delete(jane).await.unwrap();
    world.made_by_sign_in(r#"{"userName":"sam"}"#, false).await;
    world.try_create(user_json("sam")).await.unwrap();
    world.admin.set_nested_groups(organization, true).await.unwrap();
    world.admin.set_name_id_attribute(organization, NameIdAttribute::ExternalId).await.unwrap();
    let jane = world.create("jane").await;
    world.admin.set_user_protected(organization, jane, true).await.unwrap();
    world.admin.set_user_protected(organization, jane, false).await.unwrap();
    world.admin.detach_user(organization, jane).await.unwrap();
    world.admin.attach_user(organization, jane).await.unwrap();
    world.admin.set_plan(organization, Plan::Starter).await.unwrap();
    world.admin.rotate_api_key(organization, world.key.key.id, 60).await.unwrap();
    world.admin.revoke_api_key(organization, world.key.key.id).await.unwrap();
    let (all, documented) = (world.events().await, documented());
    let mut told = BTreeSet::new();
    for event in &all {
        let name = event.kind.name();
        let (subject, names) = &documented[name];
        assert_eq!(event.subject.kind(), *subject, "{name}");
        for member in event.data.as_object().unwrap().keys() {
            assert!(names.contains(member.as_str()), "{name}: {member} is not in the guide");
        }
        told.insert(name);
    }
    assert!(told.len() >= 27, "{told:?}");
}
