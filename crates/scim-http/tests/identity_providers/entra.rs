//! Microsoft Entra ID: its provisioning engine, its validators and its collection of requests.

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
