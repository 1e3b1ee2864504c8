//! What Microsoft Entra ID makes of the schemas.

use serde_json::{Value, json};

use crate::common::World;

/// Entra ID makes `emails[type eq "work"].value` of the canonical values of `type`, and without any
/// counts the attribute as missing; null in a schema stops it.
#[actix_web::test]
async fn schemas_have_the_canonical_values_that_entra_flattens() {
    let world = World::new().await;
    let schemas = world.get("/Schemas").await;
    assert!(!schemas.text().contains("null"), "{}", schemas.text());
    let user = &schemas.json()["Resources"][0];
    for (name, expected) in [
        ("emails", vec!["work", "home", "other"]),
        ("phoneNumbers", vec!["work", "home", "mobile", "fax", "pager", "other"]),
        ("addresses", vec!["work", "home", "other"]),
    ] {
        assert_eq!(canonical_values(user, name), json!(expected), "{name}");
    }
    assert_eq!(canonical_values(user, "roles"), Value::Null);
}

fn canonical_values(schema: &Value, attribute: &str) -> Value {
    let named = |all: &Value, name: &str| {
        all.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone()
    };
    let attribute = named(&schema["attributes"], attribute);
    named(&attribute["subAttributes"], "type")["canonicalValues"].clone()
}
