//! Four users to search among, and how to ask for them.

use std::sync::Arc;

use scim_domain::{
    OrganizationId,
    group::Group,
    resource::{filter::Filter, sort::Sort},
    schema::Catalog,
    user::{StoredUser, User},
};
use serde_json::json;

use crate::{
    ports::{Page, Part, Search, Store, Window},
    testing::contract::stage::Stage,
};

/// Everything there is.
pub(super) const ALL: Window = Window { offset: 0, limit: 1_000 };

/// anna, bert, carl and dora, in the order of their creation.
pub(super) struct People {
    pub stage: Stage,
    pub acme: OrganizationId,
    pub users: Vec<User>,
}

impl People {
    pub async fn on(store: Arc<dyn Store>) -> Self {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let bodies = [
            json!({
                "userName": "Anna",
                "externalId": "X1",
                "displayName": "Änne",
                "title": "CEO",
                "name": { "familyName": "Müller" },
                "emails": [
                    { "value": "anna@acme.example", "type": "work", "primary": true },
                    { "value": "Zoe@home.example", "type": "home" },
                ],
                enterprise: { "department": "Research" },
            }),
            json!({
                "userName": "bert",
                "externalId": "x1",
                "displayName": "bertram",
                "title": "cto",
                "name": { "familyName": "Adam" },
                "emails": [{ "value": "bert@acme.example", "type": "work" }],
                "active": false,
                enterprise: { "department": "Sales" },
            }),
            json!({ "userName": "CARL", enterprise: { "department": "research" } }),
            json!({
                "userName": "dora",
                "displayName": "ANNE",
                "title": "Ceo",
                "name": { "familyName": "zorn" },
                "emails": [
                    { "value": "Aaron@x.example", "type": "home" },
                    { "value": "dora@acme.example", "type": "work", "primary": true },
                ],
            }),
        ];
        let stage = Stage::new(store);
        let acme = stage.organization("Acme").await;
        let users: Vec<_> = bodies.iter().map(|it| stage.new_user_of(it)).collect();
        stage.insert_users(acme, &users).await;
        Self { stage, acme, users }
    }

    /// Asks with each filter and compares who is found, by name, in the order of creation.
    pub async fn expect(&self, cases: &[(&str, &[&str])]) {
        self.expect_by(&Catalog::standard(), cases).await;
    }

    /// The same by the schemas of some organization.
    pub async fn expect_by(&self, catalog: &Arc<Catalog>, cases: &[(&str, &[&str])]) {
        for (filter, names) in cases {
            let page = users_by(catalog, &self.stage, self.acme, Some(filter), None, ALL).await;
            assert_eq!(names_of(&page.items), *names, "{filter}");
            assert_eq!(page.total, u64::try_from(names.len()).unwrap(), "{filter}");
        }
    }
}

/// A search among users.
pub(super) async fn users(
    stage: &Stage,
    organization: OrganizationId,
    filter: Option<&str>,
    sort: Option<(&str, &str)>,
    window: Window,
) -> Page<StoredUser> {
    users_by(&Catalog::standard(), stage, organization, filter, sort, window).await
}

async fn users_by(
    catalog: &Arc<Catalog>,
    stage: &Stage,
    organization: OrganizationId,
    filter: Option<&str>,
    sort: Option<(&str, &str)>,
    window: Window,
) -> Page<StoredUser> {
    let filter = filter.map(|it| Filter::parse(it, &catalog.user, &[]).unwrap());
    let sort = sort.map(|(by, order)| Sort::parse(&catalog.user, by, Some(order)).unwrap());
    let search = Search {
        catalog,
        filter: filter.as_ref(),
        sort: sort.as_ref(),
        part: Part::Window(window),
    };
    stage.read().await.users().search(organization, search).await.unwrap()
}

/// A search among groups; answers the total and the names.
pub(super) async fn groups(
    stage: &Stage,
    organization: OrganizationId,
    filter: Option<&str>,
    sort: Option<(&str, &str)>,
    window: Window,
) -> (u64, Vec<String>) {
    groups_by(&Catalog::standard(), stage, organization, filter, sort, window).await
}

/// The same by the schemas of some organization.
pub(super) async fn groups_by(
    catalog: &Arc<Catalog>,
    stage: &Stage,
    organization: OrganizationId,
    filter: Option<&str>,
    sort: Option<(&str, &str)>,
    window: Window,
) -> (u64, Vec<String>) {
    let filter = filter.map(|it| Filter::parse(it, &catalog.group, &[]).unwrap());
    let sort = sort.map(|(by, order)| Sort::parse(&catalog.group, by, Some(order)).unwrap());
    let search = Search {
        catalog,
        filter: filter.as_ref(),
        sort: sort.as_ref(),
        part: Part::Window(window),
    };
    let page = stage.read().await.groups().search(organization, search).await.unwrap();
    let group = |it| Group::from_stored(&catalog.group, it).unwrap();
    let names = page.items.iter().map(|it| group(it).display_name().to_owned());
    (page.total, names.collect())
}

/// The names of users, in lower case.
pub(super) fn names_of(users: &[StoredUser]) -> Vec<String> {
    let catalog = Catalog::standard();
    let user = |it| User::from_stored(&catalog.user, it).unwrap();
    users.iter().map(|it| user(it).user_name().to_lowercase()).collect()
}
