//! Orders: ascending and descending, missing values, equals.

use std::sync::Arc;

use serde_json::json;

use super::people::{ALL, People, groups, names_of, users};
use crate::{
    ports::{Store, Window},
    testing::contract::{builders::changed_user, stage::Stage},
};

impl People {
    /// Sorts both ways and compares. Equals and missing values stay in the order of creation
    /// either way, so one way does not follow from the other.
    async fn expect_order(&self, by: &str, ascending: [&str; 4], descending: [&str; 4]) {
        for (order, expected) in [("ascending", ascending), ("descending", descending)] {
            let page = users(&self.stage, self.acme, None, Some((by, order)), ALL).await;
            assert_eq!(names_of(&page.items), expected, "{by} {order}");
            assert_eq!(page.total, 4);
        }
    }
}

pub async fn users_sort_by_name(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (up, down) = (["anna", "bert", "carl", "dora"], ["dora", "carl", "bert", "anna"]);
    people.expect_order("userName", up, down).await;
    people.expect_order("id", up, down).await;
    people.expect_order("meta.created", up, down).await;
}

pub async fn missing_values_come_last_ascending(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (up, down) = (["dora", "bert", "anna", "carl"], ["carl", "anna", "bert", "dora"]);
    people.expect_order("displayName", up, down).await;
    let (up, down) = (["bert", "anna", "dora", "carl"], ["carl", "dora", "anna", "bert"]);
    people.expect_order("name.familyName", up, down).await;
    people.expect_order("name", up, down).await;
}

pub async fn exact_texts_sort_by_code_point(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (up, down) = (["anna", "bert", "carl", "dora"], ["carl", "dora", "bert", "anna"]);
    people.expect_order("externalId", up, down).await;
}

pub async fn equals_stay_in_the_order_of_creation(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (up, down) = (["anna", "dora", "bert", "carl"], ["carl", "bert", "anna", "dora"]);
    people.expect_order("title", up, down).await;
    let (up, down) = (["bert", "anna", "carl", "dora"], ["anna", "carl", "dora", "bert"]);
    people.expect_order("active", up, down).await;
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let (up, down) = (["anna", "carl", "bert", "dora"], ["dora", "bert", "anna", "carl"]);
    people.expect_order(department, up, down).await;
}

pub async fn of_several_values_the_primary_one_sorts(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let (up, down) = (["anna", "bert", "dora", "carl"], ["carl", "dora", "bert", "anna"]);
    people.expect_order("emails.value", up, down).await;
    people.expect_order("emails", up, down).await;
}

pub async fn users_sort_by_their_last_change(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let body = json!({ "userName": "anna", "title": "changed" });
    let after = changed_user(&people.users[0], &body, people.stage.now());
    people.stage.update_user(people.acme, &after, 1).await.unwrap();
    let (up, down) = (["bert", "carl", "dora", "anna"], ["anna", "dora", "carl", "bert"]);
    people.expect_order("meta.lastModified", up, down).await;
}

pub async fn users_sort_by_their_groups(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    for (group, index) in [("Zeta", 1), ("Alpha", 3)] {
        let group = people.stage.group(people.acme, group).await;
        people.stage.join(people.acme, group.id, &[people.users[index].id]).await;
    }
    let (up, down) = (["dora", "bert", "anna", "carl"], ["anna", "carl", "bert", "dora"]);
    people.expect_order("groups.display", up, down).await;
}

pub async fn a_window_is_cut_after_sorting(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let sort = Some(("displayName", "ascending"));
    let window = Window { offset: 1, limit: 2 };
    for filter in [None, Some("userName pr"), Some("not (nickName pr)")] {
        let page = users(&people.stage, people.acme, filter, sort, window).await;
        assert_eq!(names_of(&page.items), ["bert", "anna"], "{filter:?}");
        assert_eq!(page.total, 4);
    }
    let filter = Some("emails.value co \"acme\"");
    let page = users(&people.stage, people.acme, filter, sort, window).await;
    assert_eq!((names_of(&page.items), page.total), (vec!["bert".into(), "anna".into()], 3));
}

pub async fn groups_sort_by_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for name in ["beta", "Alpha", "ALPHA 2", "äther"] {
        stage.group(acme, name).await;
    }
    let up = ["Alpha", "ALPHA 2", "beta", "äther"];
    let (_, names) = groups(&stage, acme, None, Some(("displayName", "ascending")), ALL).await;
    assert_eq!(names, up);
    let (_, names) = groups(&stage, acme, None, Some(("displayName", "descending")), ALL).await;
    assert!(names.iter().eq(up.iter().rev()), "{names:?}");
}
