//! Lists of users: pages by place, filters, groups and roles of everybody on a page.

use scim_app::{Error, administration::UserSummary, ports::Window};
use scim_domain::{Reason, UserId, organization::Plan};

use crate::world::{World, world};

impl World {
    async fn page(
        &self,
        filter: Option<&str>,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserSummary>, Error> {
        self.admin.page_of_users(self.organization, filter, after, limit).await
    }
}

#[tokio::test]
async fn pages_go_on_where_the_one_before_ended() {
    let world = world().await;
    let mut names = Vec::new();
    for number in 0..7 {
        let name = format!("user-{number}");
        if number % 2 == 0 {
            world.create(&name).await;
        } else {
            world.record(&name).await;
        }
        names.push(name);
    }
    for filter in [None, Some(r#"userName sw "user""#)] {
        let mut seen: Vec<UserSummary> = Vec::new();
        loop {
            let page = world.page(filter, seen.last().map(|it| it.id), 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(
            seen.iter().map(|it| &it.user_name).collect::<Vec<_>>(),
            names.iter().collect::<Vec<_>>()
        );
        let window = Window { offset: 2, limit: 3 };
        let listed = world.admin.list_users(world.organization, filter, window).await.unwrap();
        assert_eq!((listed.total, &listed.items[..]), (7, &seen[2..5]));
    }
}

#[tokio::test]
async fn a_page_tells_groups_and_roles_of_each() {
    let world = world().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    let left = world.create("left").await;
    for user in [jane, left] {
        world.add(&world.home_of("admin").await, user).await;
    }
    world.push_group("Team", &[jane, joe]).await;
    world.set_active(left, false).await;
    let page = world.page(None, None, 10).await.unwrap();
    let told = |it: &UserSummary| (it.groups.len(), it.roles.len());
    assert_eq!(page.iter().map(told).collect::<Vec<_>>(), [(2, 1), (1, 0), (1, 0)]);
    for it in &page {
        assert_eq!(*it, world.show(it.id).await);
    }
}

#[tokio::test]
async fn a_filter_is_that_of_scim_and_needs_no_plan() {
    let world = world().await;
    world.create("jane").await;
    let joe = world.record("joe").await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    for filter in [
        r#"userName eq "JOE""#,
        r#"emails.value eq "joe@acme.example""#,
        "not (externalId pr) and active eq true",
    ] {
        let page = world.page(Some(filter), None, 10).await.unwrap();
        assert_eq!(page, std::slice::from_ref(&joe), "{filter}");
    }
    let refused = world.page(Some("userName eq"), None, 10).await;
    let Err(Error::Invalid(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.reason, Reason::InvalidFilter);
}
