//! Much at once: what is read and written off the worker is the same as what is not.

use serde_json::json;

use crate::common::World;

#[actix_web::test]
async fn a_large_page_is_written_whole_and_in_order() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for number in 0..300 {
        ids.push(world.user(&format!("user-{number}")).await);
    }
    let members: Vec<_> = ids.iter().map(|it| json!({"value": it})).collect();
    let made =
        world.send("POST", "/Groups", json!({"displayName": "All", "members": members})).await;
    assert_eq!(made.status, 201);
    let read = world.get(&format!("/Groups/{}", made.id())).await.json();
    let read: Vec<_> = read["members"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
    assert_eq!(read, ids.iter().collect::<Vec<_>>());
    let page = world.get("/Users?count=1000").await.json();
    let page = page["Resources"].as_array().unwrap().clone();
    assert_eq!(page.len(), 300);
    assert!(page.iter().zip(&ids).all(|(user, id)| user["id"] == **id));
    assert!(page.iter().all(|it| it["groups"].as_array().unwrap().len() == 1));
}
