//! Microsoft Entra ID: its provisioning engine, its validators and its collection of requests.

use serde_json::{Value, json};

use crate::common::World;

stories! { "entra":
    the_connection_is_tested: "test-connection",
    a_user_is_matched: "match-a-user",
    a_user_is_created: "create-a-user",
    a_misspelt_schema_is_ignored: "a-misspelt-schema",
    a_user_is_updated: "update-a-user",
    a_user_is_disabled_and_restored: "disable-and-restore-a-user",
    several_operations_make_one_element: "several-operations-on-one-element",
    attributes_are_emptied_by_text_and_null: "null-update",
    the_flag_of_the_tenant_url_changes_nothing_but_the_shape: "update-with-the-flag",
    a_group_is_provisioned: "provision-a-group",
    members_come_and_go_in_every_form: "members-come-and-go",
    a_manager_is_checked: "check-a-manager",
    schemas_are_discovered: "schema-discovery",
    lists_are_paged: "pages",
    the_validator_passes_users: "validator-users",
    the_validator_passes_patches_of_users: "validator-user-patches",
    the_validator_passes_groups: "validator-groups",
    the_collection_passes: "postman-collection",
}

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
