//! Users as the backend and admins see and change them: recorded at sign-in, locked where an
//! identity provider manages them, detached from it.

use scim_app::{
    Error,
    administration::{Email, Profile, ProfileChange, UserSummary, WhichUser},
    error::Forbidden,
    ports::UniqueKey,
};
use scim_domain::{EventKind, ManagedBy, UserId, organization::SeatLimit, user::Source};

use crate::world::{World, user_json, world};

mod detached;
mod lists;

pub fn profile(name: &str) -> Profile {
    Profile {
        user_name: name.to_owned(),
        given_name: "Test".to_owned(),
        family_name: "User".to_owned(),
        emails: vec![Email { value: format!("{name}@acme.example"), ..Email::default() }],
        ..Profile::default()
    }
}

impl World {
    async fn record(&self, name: &str) -> UserSummary {
        self.admin.create_user(self.organization, profile(name)).await.unwrap()
    }

    async fn show(&self, id: UserId) -> UserSummary {
        self.admin.show_user(self.organization, &WhichUser::Id(id)).await.unwrap()
    }

    async fn change_user(&self, id: UserId, change: ProfileChange) -> Result<UserSummary, Error> {
        self.admin.update_user(self.organization, id, change).await
    }

    async fn turn(&self, id: UserId, active: bool) -> Result<UserSummary, Error> {
        self.change_user(id, ProfileChange { active: Some(active), ..ProfileChange::default() })
            .await
    }
}

fn title(family_name: &str) -> ProfileChange {
    ProfileChange { family_name: Some(family_name.to_owned()), ..ProfileChange::default() }
}

fn conflict<T: std::fmt::Debug>(result: Result<T, Error>, words: &str) {
    let Err(Error::Conflict(detail)) = result else { panic!("{result:?}") };
    assert!(detail.contains(words), "{detail}");
}

fn missing<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::Missing { what: "user", .. })), "{result:?}");
}

#[tokio::test]
async fn who_signs_in_is_recorded_and_readable_over_scim() {
    let world = world().await;
    let recorded = world
        .admin
        .create_user(
            world.organization,
            Profile {
                display_name: Some("Jane D.".to_owned()),
                external_id: Some("saml-1".to_owned()),
                emails: vec![Email {
                    value: "jane@acme.example".to_owned(),
                    kind: Some("work".to_owned()),
                    primary: true,
                }],
                ..profile("Jane@acme.example")
            },
        )
        .await
        .unwrap();
    assert_eq!(recorded, world.show(recorded.id).await);
    assert_eq!((recorded.source, recorded.managed_by), (Source::SignIn, ManagedBy::Local));
    assert!(recorded.active && !recorded.protected && !recorded.managed_by.locked());
    assert!(recorded.roles.is_empty() && recorded.groups.is_empty());
    assert_eq!(recorded.given_name.as_deref(), Some("Test"));
    assert_eq!(recorded.emails[0].kind.as_deref(), Some("work"));
    let by_name = WhichUser::UserName("JANE@acme.example".to_owned());
    assert_eq!(world.admin.show_user(world.organization, &by_name).await.unwrap(), recorded);
    assert_eq!(world.find(r#"userName eq "jane@acme.example""#).await[0].user.id, recorded.id);
    let (action, detail) = world.last_audit().await;
    assert_eq!((action.as_str(), &detail["source"]), ("user.created", &"sign_in".into()));
    assert_eq!(world.count(EventKind::UserCreated).await, 1);
}

#[tokio::test]
async fn a_record_without_what_lists_need_is_refused() {
    let world = world().await;
    let blank = || " ".to_owned();
    let email = |value: &str| vec![Email { value: value.to_owned(), ..Email::default() }];
    for (what, profile) in [
        ("userName", Profile { user_name: String::new(), ..profile("jane") }),
        ("name.givenName", Profile { given_name: blank(), ..profile("jane") }),
        ("name.familyName", Profile { family_name: String::new(), ..profile("jane") }),
        ("emails", Profile { emails: Vec::new(), ..profile("jane") }),
        ("emails.value", Profile { emails: email(""), ..profile("jane") }),
    ] {
        let refused = world.admin.create_user(world.organization, profile).await;
        let Err(Error::Invalid(refused)) = refused else { panic!("{what}: {refused:?}") };
        assert!(refused.detail.starts_with(what), "{what}: {}", refused.detail);
    }
    assert!(world.find("userName pr").await.is_empty());
}

#[tokio::test]
async fn nobody_is_recorded_twice_and_nobody_is_revived_by_signing_in() {
    let world = world().await;
    let left = world.create("left").await;
    world.set_active(left, false).await;
    world.create("pushed").await;
    world.record("local").await;
    let paused = world.record("paused").await.id;
    world.turn(paused, false).await.unwrap();
    for (name, words) in [
        ("LEFT", "the identity provider has deactivated it"),
        ("pushed", "Ask for the access"),
        ("local", "Ask for the access"),
        ("paused", "an admin can activate it"),
    ] {
        let before = world.find(&format!(r#"userName eq "{name}""#)).await;
        let refused = world.admin.create_user(world.organization, profile(name)).await;
        let Err(Error::Taken { key: UniqueKey::UserName, detail }) = refused else {
            panic!("{name}: {refused:?}")
        };
        assert!(detail.contains(words), "{name}: {detail}");
        assert_eq!(world.find(&format!(r#"userName eq "{name}""#)).await, before);
    }
}

#[tokio::test]
async fn a_local_user_is_changed_and_keeps_what_the_change_does_not_name() {
    let world = world().await;
    let jane = world.record("jane").await;
    let change = ProfileChange {
        external_id: Some("x".to_owned()),
        display_name: Some("Jane".to_owned()),
        ..title("Doe")
    };
    let changed = world.change_user(jane.id, change).await.unwrap();
    assert_eq!(changed, world.show(jane.id).await);
    let expected = UserSummary {
        family_name: Some("Doe".to_owned()),
        external_id: Some("x".to_owned()),
        display_name: Some("Jane".to_owned()),
        meta: changed.meta,
        document: changed.document.clone(),
        ..jane.clone()
    };
    assert_eq!(changed, expected);
    assert_eq!(changed.meta.version, 2);
    assert_eq!(world.count(EventKind::UserUpdated).await, 1);
    let removed = ProfileChange { external_id: Some(String::new()), ..ProfileChange::default() };
    assert_eq!(world.change_user(jane.id, removed).await.unwrap().external_id, None);
    let audited = world.audited().await.len();
    assert_eq!(world.change_user(jane.id, title("Doe")).await.unwrap().meta.version, 3);
    assert_eq!(world.audited().await.len(), audited, "nothing to change");
    for refused in [
        title(" "),
        ProfileChange { emails: Some(Vec::new()), ..ProfileChange::default() },
        ProfileChange { user_name: Some(" ".to_owned()), ..ProfileChange::default() },
    ] {
        assert!(matches!(world.change_user(jane.id, refused).await, Err(Error::Invalid(_))));
    }
    world.create("joe").await;
    let taken = ProfileChange { user_name: Some("JOE".to_owned()), ..ProfileChange::default() };
    assert!(matches!(world.change_user(jane.id, taken).await, Err(Error::Taken { .. })));
}

#[tokio::test]
async fn access_of_a_local_user_goes_and_comes_with_active() {
    let world = world().await;
    let jane = world.record("jane").await.id;
    world.add(&world.home_of("admin").await, jane).await;
    assert_eq!(world.show(jane).await.roles[0].as_str(), "admin");
    assert!(world.turn(jane, false).await.unwrap().roles.is_empty());
    assert_eq!(world.last_audit().await.0, "role.abandoned");
    assert_eq!(world.count(EventKind::UserDeactivated).await, 1);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    assert!(world.audited().await.contains(&"user.deactivated".to_owned()));
    assert_eq!(world.turn(jane, true).await.unwrap().roles.len(), 1);
    assert_eq!(world.count(EventKind::RoleGranted).await, 2);
    assert_eq!(world.count(EventKind::UserActivated).await, 1);
    world.admin.delete_user(world.organization, jane).await.unwrap();
    assert_eq!(world.count(EventKind::UserDeleted).await, 1);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 2);
    missing(&world.admin.delete_user(world.organization, jane).await);
    assert!(world.members(&world.home_of("admin").await).await.is_empty());
}

#[tokio::test]
async fn a_user_of_an_identity_provider_is_locked_for_everybody_else() {
    let world = world().await;
    let jane = world.create("jane").await;
    let before = world.show(jane).await;
    assert!(before.managed_by == ManagedBy::IdentityProvider && before.managed_by.locked());
    conflict(world.change_user(jane, title("x")).await, "managed by the identity provider");
    conflict(world.turn(jane, false).await, "detach it first");
    conflict(world.admin.delete_user(world.organization, jane).await, "detach it first");
    conflict(world.admin.attach_user(world.organization, world.record("j").await.id).await, "ever");
    assert_eq!(world.show(jane).await, before);
    assert!(world.admin.set_user_protected(world.organization, jane, true).await.is_ok());
}

// Z3
#[tokio::test]
async fn a_protected_user_does_not_lose_its_access_by_accident() {
    let world = world().await;
    let root = world.record("root").await.id;
    let organization = world.organization;
    world.admin.set_user_protected(organization, root, true).await.unwrap();
    conflict(world.turn(root, false).await, "is protected");
    conflict(world.admin.delete_user(organization, root).await, "is protected");
    assert_eq!(world.change_user(root, title("Root")).await.unwrap().meta.version, 2);
    world.admin.set_user_protected(organization, root, false).await.unwrap();
    assert!(!world.turn(root, false).await.unwrap().active);
}

// Z4
#[tokio::test]
async fn a_local_user_takes_a_seat_while_it_is_active() {
    let world = world().await;
    let (organization, admin) = (world.organization, &world.admin);
    let limit = SeatLimit::new(1).unwrap();
    admin.set_seat_limit(organization, limit).await.unwrap();
    let jane = world.record("jane").await.id;
    let full = |it: Result<UserSummary, Error>| {
        let used = Forbidden::SeatLimit { limit: 1, used: 1 };
        assert!(matches!(&it, Err(Error::Forbidden(why)) if *why == used), "{it:?}");
    };
    full(admin.create_user(organization, profile("joe")).await);
    world.turn(jane, false).await.unwrap();
    let joe = world.record("joe").await.id;
    full(world.turn(jane, true).await);
    world.put(joe, user_json("joe")).await.unwrap();
    full(world.turn(jane, true).await);
    world.delete(joe).await.unwrap();
    world.turn(jane, true).await.unwrap();
    admin.delete_user(organization, jane).await.unwrap();
    world.record("joe").await;
}

// T1
#[tokio::test]
async fn another_organizations_users_are_unknown() {
    let world = world().await;
    let jane = world.record("jane").await.id;
    let (other, _) = world.neighbour().await;
    let admin = &world.admin;
    missing(&admin.show_user(other, &WhichUser::Id(jane)).await);
    missing(&admin.show_user(other, &WhichUser::UserName("jane".to_owned())).await);
    missing(&admin.update_user(other, jane, title("x")).await);
    missing(&admin.set_user_protected(other, jane, true).await);
    missing(&admin.detach_user(other, jane).await);
    missing(&admin.attach_user(other, jane).await);
    missing(&admin.delete_user(other, jane).await);
    assert_eq!(world.show(jane).await.meta.version, 1);
    admin.create_user(other, profile("jane")).await.unwrap();
    assert!(world.try_create(user_json("jane")).await.is_ok(), "it is another one there");
}
