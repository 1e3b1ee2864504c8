//! Who may manage what: keys of an organization, keys of the operator, keys for SCIM.

use std::{collections::BTreeSet, sync::Arc};

use scim_app::{
    Error,
    activity::Activity,
    administration::CreatedApiKey,
    authentication::Authentication,
    error::{Forbidden, Unauthenticated},
    management::{Management, Manager},
    provisioning::Origin,
    testing::CountingIds,
};
use scim_domain::{
    OrganizationId,
    api_key::{NewApiKey, Permission},
    organization::Plan,
};

use crate::world::{World, scim_key, world};

pub struct Desk {
    pub world: World,
    pub management: Management,
    pub activity: Activity,
}

pub async fn desk() -> Desk {
    let world = world().await;
    let authentication = Authentication::new(world.secrets.clone(), world.clock.clone()).unwrap();
    let store = Arc::new(world.store.clone());
    let activity = Activity::new(store, world.clock.clone(), Arc::new(CountingIds::series(9)));
    let management = Management::new(authentication, world.admin.clone(), activity.clone());
    Desk { world, management, activity }
}

impl Desk {
    pub async fn key(&self, owner: OrganizationId, permissions: &[Permission]) -> CreatedApiKey {
        let permissions: BTreeSet<_> = permissions.iter().copied().collect();
        let new = NewApiKey { permissions, ..scim_key() };
        self.world.admin.create_api_key(owner, new).await.unwrap()
    }

    pub async fn open(&self, key: &CreatedApiKey) -> Result<Manager, Error> {
        let origin = Origin { request_id: "request".to_owned(), address: None };
        self.management.open(Some(&key.token), origin, None).await
    }
}

fn is_unknown<T: std::fmt::Debug>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Missing { what: "organization", .. }))
}

#[tokio::test]
async fn without_a_key_nothing_opens() {
    let desk = desk().await;
    let origin = Origin { request_id: "request".to_owned(), address: None };
    let refused = desk.management.open(None, origin, None).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(Unauthenticated::Unknown))));
}

#[tokio::test]
async fn a_key_for_scim_opens_nothing_here_and_the_denial_is_counted() {
    let desk = desk().await;
    let refused = desk.open(&desk.world.key).await;
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::ScimKey))), "{refused:?}");
    desk.activity.flush(true).await.unwrap();
    let audit = desk.world.admin.list_audit(desk.world.organization, 1).await.unwrap();
    assert_eq!(audit[0].entry.action, "request.denied");
    assert_eq!(audit[0].entry.detail["reason"], "scim_key");
}

// T1
#[tokio::test]
async fn an_organizations_key_reaches_its_own_organization_alone() {
    let desk = desk().await;
    let own = desk.world.organization;
    let other = desk.world.admin.create_organization("Bolt", Plan::Growth).await.unwrap().id;
    let key = desk.key(own, &[Permission::OrganizationRead]).await;
    let manager = desk.open(&key).await.unwrap();
    let may = |id: &str| manager.within(id, Permission::OrganizationRead);
    assert_eq!(may(&own.to_string()).unwrap(), own);
    for id in [&other.to_string(), &OrganizationId::OPERATOR.to_string(), "", "0", "../x"] {
        assert!(is_unknown(&may(id)), "{id}");
    }
}

#[tokio::test]
async fn a_permission_that_a_key_lacks_is_named() {
    let desk = desk().await;
    let own = desk.world.organization;
    let key = desk.key(own, &[Permission::UsersRead]).await;
    let manager = desk.open(&key).await.unwrap();
    let refused = manager.within(&own.to_string(), Permission::UsersWrite);
    let Err(Error::Forbidden(why)) = refused else { panic!("{refused:?}") };
    assert_eq!(why, Forbidden::Lacks(Permission::UsersWrite));
    assert_eq!(why.to_string(), "This API key lacks the permission users.write.");
}

#[tokio::test]
async fn an_operator_key_reaches_every_organization_and_not_the_operators_own() {
    let desk = desk().await;
    let other = desk.world.admin.create_organization("Bolt", Plan::Growth).await.unwrap().id;
    let permissions = [Permission::OrganizationsManage, Permission::UsersRead];
    let key = desk.key(OrganizationId::OPERATOR, &permissions).await;
    let manager = desk.open(&key).await.unwrap();
    for organization in [desk.world.organization, other] {
        let id = organization.to_string();
        assert_eq!(manager.within(&id, Permission::UsersRead).unwrap(), organization);
        assert!(manager.within(&id, Permission::UsersWrite).is_err());
    }
    let own = OrganizationId::OPERATOR.to_string();
    assert!(is_unknown(&manager.within(&own, Permission::UsersRead)));
    assert!(manager.operates(Permission::OrganizationsManage).is_ok());
}

#[tokio::test]
async fn what_is_the_operators_is_refused_to_an_organizations_key() {
    let desk = desk().await;
    let key = desk.key(desk.world.organization, &[Permission::OrganizationWrite]).await;
    let manager = desk.open(&key).await.unwrap();
    let refused = manager.operates(Permission::OrganizationWrite);
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::OperatorOnly))), "{refused:?}");
}

#[tokio::test]
async fn what_a_key_does_is_audited_with_its_name_and_its_request() {
    let desk = desk().await;
    let key = desk.key(desk.world.organization, &[Permission::OrganizationWrite]).await;
    let manager = desk.open(&key).await.unwrap();
    let id = desk.world.organization;
    let plan = Plan::Growth;
    let changed = manager.carry_out(move |it| async move { it.set_plan(id, plan).await }).await;
    assert_eq!(changed.unwrap().plan, plan);
    let newest = desk.world.admin.list_audit(id, 1).await.unwrap();
    assert_eq!(newest[0].entry.actor, format!("api_key:{}", key.key.id));
    assert_eq!(newest[0].entry.request_id.as_deref(), Some("request"));
}

#[tokio::test]
async fn nothing_of_a_customer_belongs_to_the_operator() {
    let desk = desk().await;
    let own = OrganizationId::OPERATOR;
    assert!(is_unknown(&desk.world.admin.show_organization(own).await));
    assert!(is_unknown(&desk.world.admin.set_plan(own, Plan::Starter).await));
    assert!(is_unknown(&desk.world.admin.list_roles(own).await));
    assert!(desk.world.admin.list_api_keys(own).await.unwrap().is_empty());
}
