//! Taking in users and groups that a backend already has.

use std::{
    future::{Future as _, poll_fn},
    pin::pin,
    task::Poll,
};

use scim_app::{
    administration::{ImportLine, ImportRun, Imported, UserImport, UserSummary, WhichUser},
    ports::Store as _,
};
use scim_domain::{
    EventKind, Json, OrganizationId,
    organization::Entitlements,
    resource::{Document, document::Strictness},
    schema::Catalog,
    user::{Source, User},
};
use serde_json::json as value;

use crate::{
    assignments::assigning,
    schemas::{BADGE, declare},
    world::{World, json, user_json, world},
};

mod groups;

pub fn line(number: u64, resource: &str) -> ImportLine {
    ImportLine { number, resource: json(resource) }
}

/// A person with all that a record needs, and more.
pub fn person(name: &str, more: &str) -> String {
    format!(
        r#"{{"userName":"{name}","name":{{"givenName":"Test","familyName":"User"}},
            "emails":[{{"value":"{name}@acme.example"}}]{more}}}"#
    )
}

fn people(all: &[(&str, &str)]) -> Vec<ImportLine> {
    let line = |(number, (name, more)): (u64, &(&str, &str))| line(number, &person(name, more));
    (1..).zip(all).map(line).collect()
}

fn refusal(imported: &Imported) -> &str {
    let Imported::Refused(reason) = imported else { panic!("{imported:?}") };
    reason
}

impl World {
    async fn import_with(&self, lines: &[ImportLine], run: ImportRun) -> Vec<Imported> {
        let mut import = UserImport::new(run);
        self.admin.import_users(self.organization, lines, &mut import).await.unwrap()
    }

    pub async fn import(&self, lines: &[ImportLine]) -> Vec<Imported> {
        self.import_with(lines, ImportRun::Real).await
    }

    pub async fn person(&self, name: &str) -> UserSummary {
        let which = WhichUser::UserName(name.to_owned());
        self.admin.show_user(self.organization, &which).await.unwrap()
    }

    async fn users(&self) -> usize {
        self.admin.export_users(self.organization, None, 1_000).await.unwrap().len()
    }
}

#[tokio::test]
async fn who_is_imported_is_a_local_user_told_and_audited_like_any_other() {
    let world = world().await;
    let lines = people(&[("ann", r#","title":"CEO""#), ("bob", r#","active":false"#)]);
    assert_eq!(world.import(&lines).await, [Imported::Created, Imported::Created]);
    let ann = world.person("ANN").await;
    assert_eq!((ann.source, ann.active, ann.managed_by.locked()), (Source::SignIn, true, false));
    assert!(ann.document.contains(r#""title":"CEO""#) && !world.person("bob").await.active);
    assert_eq!(world.count(EventKind::UserCreated).await, 2);
    let audited = world.audited().await;
    assert_eq!(audited.iter().filter(|it| *it == "user.created").count(), 2);
    let (_, detail) = world.last_audit().await;
    assert_eq!((&detail["source"], &detail["import"]), (&"sign_in".into(), &true.into()));
    // The first write of an identity provider takes the user over.
    world.try_create(user_json("ann")).await.unwrap();
    assert_eq!(world.person("ann").await.source, Source::Scim);
}

#[tokio::test]
async fn an_import_that_is_repeated_changes_nothing() {
    let world = world().await;
    let lines = people(&[("ann", ""), ("bob", "")]);
    world.import(&lines[..1]).await;
    assert_eq!(world.import(&lines).await, [Imported::Unchanged, Imported::Created]);
    let before = (world.events().await.len(), world.audited().await.len());
    assert_eq!(world.import(&lines).await, [Imported::Unchanged, Imported::Unchanged]);
    assert_eq!((world.events().await.len(), world.audited().await.len()), before);
}

#[tokio::test]
async fn what_a_line_names_changes_and_the_rest_stays() {
    let world = world().await;
    world.import(&people(&[("ann", r#","title":"CEO","nickName":"A""#)])).await;
    let changed = [line(1, r#"{"userName":"ANN","title":"CTO","active":false}"#)];
    assert_eq!(world.import(&changed).await, [Imported::Updated]);
    let ann = world.person("ann").await;
    assert!(ann.document.contains(r#""title":"CTO""#), "{}", ann.document);
    assert!(ann.document.contains(r#""nickName":"A""#) && !ann.active && ann.user_name == "ANN");
    assert_eq!(ann.emails.len(), 1);
    assert_eq!(world.last_audit().await.0, "user.deactivated");
    assert_eq!(world.count(EventKind::UserDeactivated).await, 1);
}

#[tokio::test]
async fn what_an_identity_provider_manages_and_the_protected_are_left_as_they_are() {
    let world = world().await;
    world.create("okta").await;
    world.import(&people(&[("safe", "")])).await;
    let safe = world.person("safe").await;
    world.admin.set_user_protected(world.organization, safe.id, true).await.unwrap();
    let equal = [line(1, r#"{"userName":"okta","locale":"en-US"}"#), line(2, &person("safe", ""))];
    assert_eq!(world.import(&equal).await, [Imported::Unchanged, Imported::Unchanged]);
    let other = people(&[("okta", r#","title":"x""#), ("safe", r#","active":false"#)]);
    let outcome = world.import(&other).await;
    assert!(refusal(&outcome[0]).contains("identity provider"), "{outcome:?}");
    assert!(refusal(&outcome[1]).contains("protected"), "{outcome:?}");
    assert!(world.person("safe").await.active);
}

#[tokio::test]
async fn a_line_that_cannot_be_taken_sinks_no_other() {
    let world = world().await;
    let lines = [
        line(1, &person("ann", r#","shoeSize":44"#)),
        line(2, r#"{"title":"nobody"}"#),
        line(3, r#"{"userName":"eve","emails":["e@x.example"],"name":{"givenName":"E"}}"#),
        line(4, r#"{"userName":"eve2","name":{"givenName":"E","familyName":"F"}}"#),
        line(5, &person("bob", r#","active":7"#)),
        line(6, &person("cid", "")),
        line(7, &person("CID", "")),
    ];
    let outcome = world.import(&lines).await;
    let words = ["shoeSize", "userName", "name.familyName", "emails.value", "active"];
    for (outcome, word) in outcome.iter().zip(words) {
        assert!(refusal(outcome).contains(word), "{word}: {outcome:?}");
    }
    assert_eq!(outcome[5], Imported::Created);
    assert_eq!(refusal(&outcome[6]), "Line 6 has the same userName.");
    assert_eq!(world.users().await, 1);
}

#[tokio::test]
async fn a_name_of_an_earlier_batch_is_known_in_a_later_one() {
    let world = world().await;
    let mut import = UserImport::new(ImportRun::Real);
    let organization = world.organization;
    for (at, expected) in [(3, Imported::Created), (3, Imported::Unchanged)] {
        let lines = [line(at, &person("ann", ""))];
        let outcome = world.admin.import_users(organization, &lines, &mut import).await.unwrap();
        assert_eq!(outcome, [expected]);
    }
    let lines = [line(9, &person("Ann", r#","title":"x""#))];
    let outcome = world.admin.import_users(organization, &lines, &mut import).await.unwrap();
    assert_eq!(refusal(&outcome[0]), "Line 3 has the same userName.");
}

// Z4
#[tokio::test]
async fn who_finds_no_seat_is_refused_line_by_line() {
    let world = world().await;
    world.import(&people(&[("zoe", "")])).await;
    world.limit(3).await;
    let lines = people(&[
        ("ann", ""),
        ("idle", r#","active":false"#),
        ("bob", ""),
        ("cid", ""),
        ("zoe", r#","active":false"#),
        ("dee", ""),
        ("eve", ""),
    ]);
    let dry = world.import_with(&lines, ImportRun::Dry).await;
    assert_eq!(world.users().await, 1);
    let real = world.import(&lines).await;
    assert_eq!(dry, real);
    let refused: Vec<_> =
        (1..).zip(&real).filter(|(_, it)| matches!(it, Imported::Refused(_))).collect();
    assert_eq!(refused.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [4, 7]);
    assert!(refusal(refused[0].1).contains("limit is 3"), "{refused:?}");
    assert_eq!((world.used().await, world.counted().await), (3, 3));
    // When there is room again, the same file does the rest.
    world.limit(4).await;
    assert_eq!(world.import(&lines[3..4]).await, [Imported::Created]);
}

#[tokio::test]
async fn a_dry_run_counts_seats_over_all_batches_and_changes_nothing() {
    let world = world().await;
    world.limit(1).await;
    let mut import = UserImport::new(ImportRun::Dry);
    let lines = people(&[("ann", ""), ("bob", "")]);
    let mut outcomes = Vec::new();
    for batch in lines.chunks(1) {
        let organization = world.organization;
        outcomes.extend(world.admin.import_users(organization, batch, &mut import).await.unwrap());
    }
    assert_eq!(outcomes[0], Imported::Created);
    assert!(refusal(&outcomes[1]).contains("seats"));
    assert_eq!((world.users().await, world.count(EventKind::UserCreated).await), (0, 0));
}

#[tokio::test]
async fn role_values_assign_where_the_organization_assigns_and_nowhere_else() {
    let world = world().await;
    let with_roles = |name: &str| people(&[(name, r#","roles":[{"value":"analyst"}]"#)]);
    world.import(&with_roles("ann")).await;
    assert!(world.roles_of("ann").await.is_empty());
    let nobody = |_| {};
    world.admin.set_entitlements(world.organization, Entitlements::Assign, &nobody).await.unwrap();
    assert_eq!(world.roles_of("ann").await, ["analyst"]);
    world.import(&with_roles("bob")).await;
    assert_eq!(world.roles_of("bob").await, ["analyst"]);
    world.import(&people(&[("bob", r#","roles":[{"value":"developer"}]"#)])).await;
    assert_eq!(world.roles_of("bob").await, ["developer"]);
    world.import(&people(&[("bob", r#","active":false"#)])).await;
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
}

#[tokio::test]
async fn nothing_is_imported_into_an_organization_that_is_not_there() {
    let world = world().await;
    let unknown = OrganizationId::new(uuid::Uuid::from_u128(7));
    let mut import = UserImport::new(ImportRun::Real);
    let outcome = world.admin.import_users(unknown, &people(&[("ann", "")]), &mut import).await;
    assert!(outcome.is_err());
}

#[tokio::test]
async fn who_is_inactive_without_saying_so_is_inactive_where_it_is_taken_in() {
    let world = world().await;
    world.import(&people(&[("ann", "")])).await;
    let ann = world.person("ann").await.id;
    world.patch(ann, r#"{"op":"remove","path":"active"}"#).await.unwrap();
    let (other, _) = world.neighbour().await;
    let exported = world.admin.export_users(world.organization, None, 10).await.unwrap();
    for run in [ImportRun::Dry, ImportRun::Real] {
        let mut import = UserImport::new(run);
        let lines = [line(1, &exported[0].document)];
        let done = world.admin.import_users(other, &lines, &mut import).await.unwrap();
        assert_eq!(done, [Imported::Created]);
    }
    let which = WhichUser::UserName("ann".to_owned());
    assert!(!world.admin.show_user(other, &which).await.unwrap().active);
}

#[tokio::test]
async fn who_is_renamed_while_an_import_waits_keeps_the_new_name() {
    let world = world().await;
    world.import(&people(&[("ann", "")])).await;
    let ann = world.person("ann").await.id;
    let mut unit = world.store.begin().await.unwrap();
    let lines = [line(1, r#"{"userName":"ann","title":"CTO"}"#)];
    let mut import = pin!(world.import(&lines));
    for _ in 0..100 {
        // It has its plan, and waits for the writer.
        let pending = poll_fn(|context| Poll::Ready(import.as_mut().poll(context).is_pending()));
        assert!(pending.await);
    }
    let kind = &Catalog::standard().user;
    let stored = unit.users().find_for_update(world.organization, ann).await.unwrap().unwrap();
    let before = User::from_stored(kind, &stored).unwrap();
    let anna = json(&person("anna", ""));
    let anna = Document::from_request(kind, &anna, Strictness::Strict).unwrap().document;
    let renamed = before.edit(anna, before.meta.created).unwrap().into_parts().0.user;
    let (catalog, version) = (Catalog::standard(), before.meta.version);
    unit.users().update(world.organization, &catalog, &renamed, version).await.unwrap();
    unit.commit().await.unwrap();
    let done = import.await;
    assert_eq!(refusal(&done[0]), "name.givenName is required.");
    assert_eq!(world.person("anna").await.id, ann);
    assert_eq!(world.users().await, 1);
}

#[tokio::test]
async fn a_role_value_that_names_no_role_is_told_in_the_audit_log() {
    let world = assigning().await;
    let roles = |value: &str| format!(r#","roles":[{{"value":"{value}"}}]"#);
    for (role, action) in [("reviewr", "user.created"), ("auditr", "user.updated")] {
        world.import(&people(&[("ann", &roles(role))])).await;
        let (told, detail) = world.last_audit().await;
        assert_eq!((told.as_str(), &detail["rolesUnknown"]), (action, &value!([role])));
    }
    world.import(&people(&[("bob", &roles("admin"))])).await;
    assert_eq!(world.roles_of("bob").await, ["admin"]);
}

#[tokio::test]
async fn what_is_set_once_stays_in_an_import() {
    let world = world().await;
    declare(&world, r#"{"name":"number","mutability":"immutable"},{"name":"desk"}"#).await;
    let badge = |badge: &str| format!(r#","{BADGE}":{badge}"#);
    world.import(&people(&[("ann", &badge(r#"{"number":"7"}"#))])).await;
    let done = world.import(&people(&[("ann", &badge(r#"{"number":"8"}"#))])).await;
    assert!(refusal(&done[0]).contains("number"), "{done:?}");
    let done = world.import(&people(&[("ann", &badge(r#"{"desk":"a"}"#))])).await;
    assert_eq!(done, [Imported::Updated]);
    let document = world.person("ann").await.document;
    assert!(document.contains(r#""number":"7""#) && document.contains(r#""desk":"a""#));
}

#[tokio::test]
async fn what_was_exported_is_imported_as_the_same() {
    let world = world().await;
    let enterprise = r#","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
        {"department":"d","manager":{"value":"m"}},"phoneNumbers":[{"value":"+1"},{"value":"2"}]"#;
    world.import(&people(&[("ann", enterprise), ("bob", r#","active":false"#)])).await;
    world.create("okta").await;
    let (other, _) = world.neighbour().await;
    let exported = world.admin.export_users(world.organization, None, 10).await.unwrap();
    let lines: Vec<_> = (1..).zip(&exported).map(|(at, it)| line(at, &it.document)).collect();
    let mut import = UserImport::new(ImportRun::Real);
    world.admin.import_users(other, &lines, &mut import).await.unwrap();
    let again = world.admin.export_users(other, None, 10).await.unwrap();
    let texts = |all: &[scim_app::administration::Exported<_>]| {
        all.iter().map(|it| it.document.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&exported), texts(&again));
    let page = world.admin.export_users(other, Some(again[0].id), 1).await.unwrap();
    assert_eq!(page, again[1..2]);
    let parsed = Json::parse(again[0].document.as_bytes()).unwrap();
    assert_eq!(parsed.get("userName").and_then(Json::as_str), Some("ann"));
}
