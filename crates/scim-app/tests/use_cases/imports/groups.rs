//! Groups that are imported, and their members.

use scim_app::administration::{
    Exported, ExportedMember, GroupImport, ImportRun, Imported, ImportedGroup,
};
use scim_domain::{EventKind, GroupId, ManagedBy, schema::ResourceKind};

use super::{line, person};
use crate::world::{World, world};

impl World {
    async fn import_group_with(&self, group: &str, run: ImportRun) -> ImportedGroup {
        let mut import = GroupImport::new(run);
        self.admin.import_group(self.organization, &line(1, group), &mut import).await.unwrap()
    }

    /// What becomes of each line of one import: its outcome, who joined, and who was left out.
    async fn import_groups(&self, groups: &[&str], run: ImportRun) -> Vec<(Imported, u64, u64)> {
        let (mut import, mut all) = (GroupImport::new(run), Vec::new());
        for (number, group) in (1..).zip(groups) {
            let line = line(number, group);
            let done =
                self.admin.import_group(self.organization, &line, &mut import).await.unwrap();
            all.push((done.outcome, done.joined, done.left_out));
        }
        all
    }

    async fn exported_groups(&self) -> Vec<Exported<GroupId>> {
        self.admin.export_groups(self.organization, None, 100).await.unwrap()
    }

    async fn exported(&self, group: GroupId, kind: ResourceKind) -> Option<Vec<ExportedMember>> {
        self.admin.export_members(self.organization, group, kind, None, 10).await.unwrap()
    }

    async fn import_group(&self, group: &str) -> ImportedGroup {
        self.import_group_with(group, ImportRun::Real).await
    }
}

async fn with_people() -> World {
    let world = world().await;
    let lines = [line(1, &person("ann", "")), line(2, &person("bob", ""))];
    world.import(&lines).await;
    world
}

#[tokio::test]
async fn a_group_is_made_once_and_members_join_it() {
    let world = with_people().await;
    let bob = world.person("bob").await.id;
    let group = format!(
        r#"{{"displayName":"Crew","externalId":"7","members":[{{"userName":"ANN"}},{{"value":"{bob}"}}]}}"#
    );
    let tried = world.import_group_with(&group, ImportRun::Dry).await;
    assert_eq!((tried.outcome, tried.joined), (Imported::Created, 2));
    assert_eq!(world.count(EventKind::GroupMembersAdded).await, 0);
    let made = world.import_group(&group).await;
    assert_eq!((made.outcome, made.joined, made.left_out), (Imported::Created, 2, 0));
    assert_eq!(world.last_audit().await.0, "group.created");
    let ann = world.person("ann").await;
    let found = world.admin.show_group(world.organization, ann.groups[0].id).await.unwrap();
    assert_eq!((found.display_name.as_str(), found.members), ("Crew", 2));
    assert_eq!((found.managed_by, found.external_id.as_deref()), (ManagedBy::Local, Some("7")));
    let events = world.events().await.len();
    assert_eq!(world.import_group(&group).await.outcome, Imported::Unchanged);
    assert_eq!(world.events().await.len(), events);
}

#[tokio::test]
async fn nobody_leaves_and_strangers_are_named() {
    let world = with_people().await;
    world.import_group(r#"{"displayName":"Crew","members":[{"userName":"ann"}]}"#).await;
    let more = r#"{"displayName":"crew","members":[{"userName":"bob"},{"userName":"zoe"},"nobody",
        {"value":"0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f"}]}"#;
    let outcome = world.import_group(more).await;
    assert_eq!((outcome.outcome, outcome.joined, outcome.left_out), (Imported::Updated, 1, 3));
    assert_eq!(outcome.examples, ["nobody", "zoe", "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f"]);
    assert_eq!(world.person("ann").await.groups.len(), 1);
}

#[tokio::test]
async fn the_members_of_a_home_group_get_its_role() {
    let world = with_people().await;
    let ann = world.person("ann").await.id;
    world.admin.set_user_protected(world.organization, ann, true).await.unwrap();
    let outcome =
        world.import_group(r#"{"displayName":"Admin","members":[{"userName":"ann"}]}"#).await;
    assert_eq!((outcome.outcome, outcome.joined), (Imported::Updated, 1));
    assert_eq!(world.roles_of("ann").await, ["admin"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
}

#[tokio::test]
async fn a_group_that_an_identity_provider_manages_is_left_as_it_is() {
    let world = with_people().await;
    let ann = world.person("ann").await.id;
    world.push_group("Crew", &[ann]).await;
    let same = world.import_group(r#"{"displayName":"Crew","members":[{"userName":"ann"}]}"#).await;
    assert_eq!(same.outcome, Imported::Unchanged);
    for group in [
        r#"{"displayName":"Crew","members":[{"userName":"bob"}]}"#,
        r#"{"displayName":"Crew","externalId":"x"}"#,
    ] {
        let Imported::Refused(reason) = world.import_group(group).await.outcome else {
            panic!("{group}")
        };
        assert!(reason.contains("identity provider"), "{reason}");
    }
    assert!(world.person("bob").await.groups.is_empty());
}

#[tokio::test]
async fn groups_join_groups_by_name_where_they_may() {
    let world = with_people().await;
    world.import_group(r#"{"displayName":"Inner","members":[{"userName":"ann"}]}"#).await;
    let outer = r#"{"displayName":"Outer","members":[{"displayName":"Inner"},{"userName":"bob"}]}"#;
    let outcome = world.import_group(outer).await;
    assert_eq!((outcome.outcome, outcome.joined, outcome.left_out), (Imported::Created, 1, 1));
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    assert_eq!(world.import_group(outer).await.joined, 1);
    let groups = world.exported_groups().await;
    let outer = groups.iter().find(|it| it.document.contains("Outer")).unwrap().id;
    for (kind, name) in [(ResourceKind::User, "bob"), (ResourceKind::Group, "Inner")] {
        let members = world.exported(outer, kind).await.unwrap();
        assert_eq!(members.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), [name]);
        assert_eq!(members[0].kind, kind);
    }
}

#[tokio::test]
async fn the_members_of_a_group_that_is_deleted_meanwhile_are_none() {
    let world = with_people().await;
    let crew = world.push_group("Crew", &[]).await;
    let id = GroupId::parse(&crew).unwrap();
    assert_eq!(world.exported(id, ResourceKind::User).await, Some(Vec::new()));
    world.delete_group(&crew).await.unwrap();
    for kind in [ResourceKind::User, ResourceKind::Group] {
        assert_eq!(world.exported(id, kind).await, None);
    }
}

#[tokio::test]
async fn a_dry_run_knows_of_the_groups_that_earlier_lines_make() {
    let world = with_people().await;
    let lines = [
        r#"{"displayName":"Outer","members":[{"userName":"ann"}]}"#,
        r#"{"displayName":"Inner"}"#,
        r#"{"displayName":"Inner"}"#,
        r#"{"displayName":"Inner","members":[{"userName":"bob"}]}"#,
        r#"{"displayName":"Outer","members":[{"displayName":"Inner"},{"displayName":"inner"}]}"#,
        r#"{"displayName":"Admin","members":[{"displayName":"Outer"},{"displayName":"Later"}]}"#,
        r#"{"displayName":"Later"}"#,
    ];
    let there = world.exported_groups().await.len();
    let tried = world.import_groups(&lines, ImportRun::Dry).await;
    assert_eq!(world.exported_groups().await.len(), there);
    let (new, old, more) = (Imported::Created, Imported::Unchanged, Imported::Updated);
    // Groups are no members here.
    let expected = [
        (new.clone(), 1, 0),
        (new.clone(), 0, 0),
        (old.clone(), 0, 0),
        (more, 1, 0),
        (old.clone(), 0, 1),
        (old, 0, 2),
        (new, 0, 0),
    ];
    assert_eq!(tried, expected);
    assert_eq!(world.import_groups(&lines, ImportRun::Real).await, expected);
}

#[tokio::test]
async fn a_dry_run_of_nested_groups_tells_what_the_import_does() {
    let world = with_people().await;
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    world.push_group("Pushed", &[]).await;
    let lines = [
        r#"{"displayName":"Outer","members":[{"userName":"ann"}]}"#,
        r#"{"displayName":"Inner","members":[{"userName":"bob"}]}"#,
        r#"{"displayName":"Outer","members":[{"displayName":"Inner"},{"displayName":"inner"}]}"#,
        r#"{"displayName":"Admin","members":[{"displayName":"Outer"},{"displayName":"Later"}]}"#,
        r#"{"displayName":"Later"}"#,
        r#"{"displayName":"Pushed","members":[{"displayName":"Inner"}]}"#,
        r#"{"displayName":"Inner","members":[{"displayName":"Inner"}]}"#,
    ];
    let tried = world.import_groups(&lines, ImportRun::Dry).await;
    let made = world.import_groups(&lines, ImportRun::Real).await;
    assert_eq!(tried, made);
    let joined: Vec<_> = made.iter().map(|(_, joined, left_out)| (*joined, *left_out)).collect();
    assert_eq!(joined, [(1, 0), (1, 0), (1, 0), (1, 1), (0, 0), (0, 0), (0, 0)]);
    for (outcome, word) in [(&made[5].0, "identity provider"), (&made[6].0, "of itself")] {
        assert!(matches!(outcome, Imported::Refused(it) if it.contains(word)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_member_of_a_malformed_name_is_left_out_and_the_others_join() {
    let world = with_people().await;
    let line = "{\"displayName\":\"Crew\",\"members\":[{\"displayName\":\"a\\u200bb\"},
        {\"userName\":\"a\\u200bb\"},{\"userName\":\"ann\"}]}";
    let done = world.import_group(line).await;
    assert_eq!((done.outcome, done.joined, done.left_out), (Imported::Created, 1, 2));
}

#[tokio::test]
async fn a_group_without_a_name_or_with_something_unknown_is_refused() {
    let world = world().await;
    for group in [r#"{"externalId":"x"}"#, r#"{"displayName":"Crew","shoeSize":44}"#, "[]"] {
        let outcome = world.import_group(group).await.outcome;
        assert!(matches!(outcome, Imported::Refused(_)), "{group}: {outcome:?}");
    }
}
