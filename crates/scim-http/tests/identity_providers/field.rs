//! What has broken elsewhere, again and again, one story for each report from the field. 14 and
//! the large half of 33 are in `field_at_scale.rs`.

stories! { "field":
    /// 1, Entra ID.
    a_boolean_as_text_deactivates: "01-boolean-as-text",
    /// 2, Entra ID.
    add_sets_a_single_valued_attribute: "02-add-on-single-valued",
    /// 3, Okta.
    a_value_without_path_deactivates: "03-deactivate-without-path",
    /// 4, Okta.
    a_rename_may_repeat_the_id: "04-rename-with-id-in-the-value",
    /// 5, Okta and Entra ID.
    a_replace_leaves_alone_what_it_does_not_name: "05-replace-without-members",
    /// 6, Okta.
    members_are_replaced_without_a_path: "06-members-without-path",
    /// 7, Entra ID.
    a_remove_with_a_list_removes_those_listed: "07-remove-with-a-value-list",
    /// 8, Okta.
    a_filtered_remove_takes_one_and_an_add_unites: "08-filtered-remove-and-union",
    /// 9, Okta.
    an_empty_group_can_be_pushed: "09-push-now-of-an-empty-group",
    /// 10, Okta and Entra ID.
    a_member_needs_nothing_but_its_value: "10-bare-members",
    /// 11, JumpCloud.
    a_member_can_be_added_again: "11-re-adding-a-member",
    /// 12, Okta.
    a_member_named_twice_is_one: "12-a-member-twice-in-one-put",
    /// 13, Okta.
    an_unknown_member_does_not_sink_the_others: "13-an-unknown-member-id",
    /// 15, Okta.
    a_group_does_not_clash_with_itself: "15-put-with-an-unchanged-name",
    /// 16, Okta.
    members_count_in_post_and_put_and_a_users_groups_do_not: "16-members-in-post-and-put",
    /// 17, Entra ID.
    a_write_through_a_filter_makes_what_is_missing: "17-create-on-absent",
    /// 18, Entra ID.
    dotted_keys_are_expanded: "18-dotted-keys",
    /// 19, Entra ID.
    a_path_may_begin_with_a_urn: "19-urn-paths",
    /// 20, Entra ID.
    a_manager_comes_in_any_shape_and_goes_out_in_one: "20-manager",
    /// 21, Entra ID.
    an_external_id_is_kept_and_found: "21-external-id",
    /// 22, Okta and Entra ID.
    a_user_name_is_found_in_any_case_and_kept_as_sent: "22-case-of-user-names",
    /// 23, Okta and authentik.
    a_filter_is_decoded_once_and_may_lack_quotes: "23-decoded-once",
    /// 24, Okta.
    totals_and_pages_are_exact: "24-totals-and-pages",
    /// 25, Okta.
    every_error_is_scim_json: "25-errors-are-scim-json",
    /// 26, authentik.
    a_clash_says_what_clashes: "26-a-clash-says-what-clashes",
    /// 27, Okta.
    what_the_filter_finds_is_what_a_create_clashes_with: "27-users-that-were-there-before",
    /// 28, Okta.
    a_failed_write_changes_nothing: "28-a-failed-write-changes-nothing",
    /// 29, Okta.
    a_deactivated_user_is_not_a_deleted_one: "29-deactivated-is-not-deleted",
    /// 30, Okta.
    a_placeholder_password_is_dropped: "30-placeholder-password",
    /// 31, all.
    both_json_media_types_are_taken: "31-media-types",
    /// 32, Entra ID and OneLogin.
    nothing_depends_on_the_user_agent: "32-no-user-agent",
    /// 33, Entra ID.
    groups_are_read_and_changed_without_their_members: "33-groups-without-members",
    /// 34, Okta.
    a_group_goes_by_its_current_name: "34-current-group-names",
    /// 35, Entra ID and Okta.
    // Z1
    roles_in_any_shape_are_data_and_grant_nothing: "35-roles-in-any-shape",
    /// 36, Okta.
    a_put_keeps_active_and_members_that_it_does_not_name: "36-put-without-active-or-members",
    /// 37, Entra ID.
    a_user_is_deleted_whatever_it_is_tied_to: "37-delete-whatever-it-is-tied-to",
    /// 38, Okta and Entra ID.
    deactivation_ends_all_access_and_says_so: "38-access-ends-at-once",
    /// 39, all.
    an_operation_is_applied_or_refused: "39-nothing-is-dropped-in-silence",
    /// 40, Okta.
    only_people_are_listed: "40-only-people-are-listed",
}
