//! Other identity providers, with what each of them alone does.

stories! { "others":
    onelogin_has_no_name_and_an_old_schema: "onelogin",
    jumpcloud_tests_and_repeats: "jumpcloud",
    pingfederate_matches_by_e_mail: "pingfederate",
    authentik_leaves_out_quotes: "authentik",
    rippling_and_sailpoint_probe_discovery: "rippling-and-sailpoint",
    scim_for_keycloak_wraps_json_in_text: "scim-for-keycloak",
}
