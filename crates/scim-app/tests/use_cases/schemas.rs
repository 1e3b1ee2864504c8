//! Schemas that an organization declares for itself.

use scim_app::{
    Error,
    administration::Indexing,
    ports::{Store as _, StoreError},
    provisioning::{IfMatch, Shown},
};
use scim_domain::{EventKind, Reason, schema::ResourceKind};

use crate::world::{World, attribute, json, world};

pub const BADGE: &str = "urn:acme:Badge:2.0";

fn badge(attributes: &str) -> scim_domain::Json {
    json(&format!(r#"{{"id":"{BADGE}","name":"Badge","attributes":[{attributes}]}}"#))
}

pub async fn declare(world: &World, attributes: &str) {
    let declared = badge(attributes);
    world.admin.declare_schema(world.organization, ResourceKind::User, &declared).await.unwrap();
}

fn wearing(number: &str) -> scim_domain::Json {
    json(&format!(r#"{{"userName":"{number}","{BADGE}":{{"number":"{number}"}}}}"#))
}

#[tokio::test]
async fn a_schema_holds_from_the_next_request_on_and_is_told() {
    let world = world().await;
    let before = world.try_create(wearing("1")).await.unwrap();
    assert!(attribute(&before.value, BADGE).is_null(), "nobody knew it");
    declare(&world, r#"{"name":"number"}"#).await;
    let after = world.try_create(wearing("2")).await.unwrap();
    assert_eq!(attribute(&after.value, BADGE)["number"], "2");
    let (action, detail) = {
        let all = world.audited().await;
        (all[all.len() - 2].clone(), world.last_audit().await.0)
    };
    assert_eq!((action.as_str(), detail.as_str()), ("schema.declared", "user.created"));
    assert_eq!(world.count(EventKind::SchemaDeclared).await, 1);
    // Nobody else has it.
    let (other, _) = world.neighbour().await;
    assert!(world.admin.list_schemas(other).await.unwrap().is_empty());
    let theirs = world.admin.show_schema(other, BADGE).await;
    assert!(matches!(theirs, Err(Error::Missing { what: "schema", .. })), "{theirs:?}");
}

#[tokio::test]
async fn a_write_that_was_read_by_other_schemas_is_to_be_repeated() {
    let world = world().await;
    let id = world.create("jane").await;
    let caller = world.caller().await;
    declare(&world, r#"{"name":"number"}"#).await;
    let stale = |outcome: Result<(), Error>| {
        assert!(matches!(outcome, Err(Error::Store(StoreError::Stale))), "{outcome:?}");
    };
    let created = world.scim.create_user(caller.clone(), wearing("7"), Shown(false)).await;
    stale(created.map(drop));
    let id = id.to_string();
    let (body, any) = (wearing("jane"), IfMatch::Absent);
    let replaced = world.scim.replace_user(caller.clone(), &id, any, body, Shown(false)).await;
    stale(replaced.map(drop));
    stale(world.scim.delete_user(caller.clone(), &id, IfMatch::Absent).await.map(drop));
    let group = crate::world::group_json("Team", None);
    stale(world.scim.create_group(caller.clone(), group, Shown(false)).await.map(drop));
    // A search goes on, by the schemas that hold now.
    let session = world.scim.resume(caller).await.unwrap();
    assert_eq!(session.caller.catalog.user.extensions.len(), 2);
}

#[tokio::test]
async fn a_schema_in_use_stays() {
    let world = world().await;
    declare(&world, r#"{"name":"number"}"#).await;
    let made = world.try_create(wearing("7")).await.unwrap().value.user.id;
    let removed = world.admin.remove_schema(world.organization, BADGE).await;
    let Err(Error::Conflict(told)) = removed else { panic!("{removed:?}") };
    assert!(told.starts_with("1 user(s)"), "{told}");
    world.patch(made, &format!(r#"{{"op":"remove","path":"{BADGE}"}}"#)).await.unwrap();
    world.admin.remove_schema(world.organization, &BADGE.to_uppercase()).await.unwrap();
    assert_eq!(world.last_audit().await.0, "schema.removed");
    assert!(world.get(made).await.is_ok());
    assert!(world.admin.list_schemas(world.organization).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_declaration_changes_nothing() {
    let world = world().await;
    let before = world.audited().await.len();
    let refused = world
        .admin
        .declare_schema(
            world.organization,
            ResourceKind::User,
            &badge(r#"{"name":"x","required":true}"#),
        )
        .await;
    let Err(Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    assert_eq!(invalid.reason, Reason::InvalidValue);
    assert!(invalid.detail.starts_with("The attribute x cannot be declared so:"), "{invalid}");
    declare(&world, r#"{"name":"x"}"#).await;
    let twice = badge(r#"{"name":"y"}"#);
    let taken = world.admin.declare_schema(world.organization, ResourceKind::Group, &twice).await;
    assert!(matches!(taken, Err(Error::Invalid(_))), "{taken:?}");
    let gone = world.admin.update_schema(world.organization, &badge(r#"{"name":"y"}"#)).await;
    assert!(matches!(gone, Err(Error::Invalid(_))), "{gone:?}");
    let same = world.admin.update_schema(world.organization, &badge(r#"{"name":"x"}"#)).await;
    same.unwrap();
    assert_eq!(world.audited().await.len(), before + 1);
    let revision =
        world.store.read().await.unwrap().organizations().find(world.organization).await.unwrap();
    assert_eq!(revision.unwrap().schema_revision, 1);
}

#[tokio::test]
async fn an_index_is_built_to_its_end_by_whoever_comes_along() {
    let world = world().await;
    declare(&world, r#"{"name":"number"}"#).await;
    for number in ["1", "2", "3"] {
        world.try_create(wearing(number)).await.unwrap();
    }
    let indexed = badge(r#"{"name":"number","indexed":true}"#);
    let updated = world.admin.update_schema(world.organization, &indexed).await.unwrap();
    assert_eq!(updated.building(), ["number"]);
    let found = async || world.find(&format!("{BADGE}:number eq \"2\"")).await.len();
    assert_eq!(found().await, 1);
    assert_eq!(
        world.admin.index_schema(world.organization, BADGE).await.unwrap(),
        Indexing::Further
    );
    assert_eq!(found().await, 1);
    // Told to stop, it stops; the next one goes on.
    world.admin.index_schemas(|| false).await.unwrap();
    let shown = async || world.admin.show_schema(world.organization, BADGE).await.unwrap();
    assert!(shown().await.indexed_up_to.is_some());
    world.admin.index_schemas(|| true).await.unwrap();
    assert!(shown().await.building().is_empty());
    assert_eq!(world.last_audit().await.0, "schema.indexed");
    assert_eq!(found().await, 1);
    assert_eq!(
        world.admin.index_schema(world.organization, BADGE).await.unwrap(),
        Indexing::Complete
    );
}

#[tokio::test]
async fn what_is_set_once_stays_in_a_put() {
    let world = world().await;
    declare(
        &world,
        r#"{"name":"number","mutability":"immutable"},
           {"name":"desk","type":"complex","subAttributes":
            [{"name":"seat","mutability":"immutable"},{"name":"room"}]}"#,
    )
    .await;
    let body = |badge: &str| json(&format!(r#"{{"userName":"jane","{BADGE}":{badge}}}"#));
    let set = r#"{"number":"7","desk":{"seat":"1","room":"a"}}"#;
    let id = world.try_create(body(set)).await.unwrap().value.user.id;
    for changed in [r#"{"number":"8"}"#, r#"{"desk":{"seat":"2"}}"#] {
        let refused = world.put(id, body(changed)).await;
        let Err(Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
        assert_eq!(invalid.reason, Reason::Mutability);
    }
    world.put(id, json(r#"{"userName":"jane","title":"Dr"}"#)).await.unwrap();
    let kept = attribute(&world.get(id).await.unwrap(), BADGE);
    assert_eq!(kept, serde_json::json!({ "number": "7" }));
    world.put(id, body(r#"{"number":"7","desk":{"seat":"3"}}"#)).await.unwrap();
    world.put(id, body(r#"{"desk":{"room":"b"}}"#)).await.unwrap();
    let kept = attribute(&world.get(id).await.unwrap(), BADGE);
    assert_eq!(kept, serde_json::json!({ "number": "7", "desk": { "room": "b", "seat": "3" } }));
}
