//! Makes a test of each promise.

/// Runs the contract of every store on one adapter: one test for each promise.
///
/// The expression makes an empty, migrated store, with whatever must live as long as it does; it
/// is evaluated inside each test and may await:
///
/// ```text
/// scim_app::store_contract!({
///     let directory = tempfile::tempdir().unwrap();
///     let store = SqlStore::open(&directory.path().join("test.db")).await.unwrap();
///     (Arc::new(store) as Arc<dyn Store>, directory)
/// });
/// ```
#[macro_export]
macro_rules! store_contract {
    ($fresh:expr) => {
        $crate::store_contract!(@ $fresh;
            organizations;
            an_organization_reads_back_as_it_was_written
            organizations_are_listed_oldest_first
            the_operators_own_is_there_from_the_beginning_and_in_no_list
            an_update_of_an_organization_changes_name_plan_and_settings
            an_update_of_an_unknown_organization_is_stale
        );
        $crate::store_contract!(@ $fresh;
            ahead;
            no_answer_is_another_one_for_what_was_asked_ahead
            what_was_asked_ahead_for_one_organization_is_not_told_of_another
            what_was_asked_ahead_is_of_the_same_moment_as_the_rest
            an_unknown_key_is_unknown_whatever_is_wanted_with_it
            a_group_that_was_asked_ahead_is_the_group
            a_unit_that_was_told_ahead_finds_what_is_there
            a_name_that_was_asked_ahead_is_free_until_it_is_taken
        );
        $crate::store_contract!(@ $fresh;
            seats;
            seats_are_counted_only_where_somebody_began
            a_seat_is_taken_only_below_the_limit
            several_seats_are_taken_together_or_not_at_all
            a_seat_of_an_abandoned_unit_is_free
            as_many_racers_get_a_seat_as_there_are
            active_users_are_counted_by_who_manages_them
        );
        $crate::store_contract!(@ $fresh;
            purges;
            organizations_are_due_when_their_grace_is_over
            what_is_purged_is_gone_and_others_stay
            a_purged_organization_is_deleted_once
        );
        $crate::store_contract!(@ $fresh;
            keys;
            a_key_reads_back_as_it_was_written
            authentication_joins_the_organization
            authentication_sees_plan_and_revocation_at_once
            an_update_of_a_key_changes_what_may_change
            an_update_of_an_unknown_key_is_stale
            keys_are_listed_oldest_first_with_their_last_use
            keys_are_listed_in_pages_after_a_key
            warnings_are_due_at_their_moment_of_all_organizations
            one_of_many_who_warn_of_a_key_changes_it
            an_update_of_a_key_keeps_its_last_use
            quirks_add_up_and_keep_their_last_request
        );
        $crate::store_contract!(@ $fresh;
            keyring;
            the_first_secret_of_a_name_stays
            all_who_race_for_a_secret_have_the_same
        );
        $crate::store_contract!(@ $fresh;
            oauth;
            public_keys_read_back_as_they_were_set
            an_assertion_is_used_for_the_first_time_once
            of_many_that_race_for_an_assertion_one_is_first
        );
        $crate::store_contract!(@ $fresh;
            idempotency;
            an_answered_request_reads_back_as_it_was_written
            a_request_of_a_name_is_answered_once
            a_name_of_another_key_or_organization_is_another
            answers_older_than_a_moment_are_forgotten_oldest_first
            of_many_at_once_one_is_answered
        );
        $crate::store_contract!(@ $fresh;
            users;
            a_user_reads_back_as_it_was_written
            a_user_keeps_its_source_its_protection_and_its_access
            the_protected_users_are_found_among_all
            an_unknown_user_is_not_found
            a_user_is_found_by_its_folded_name
            a_user_is_found_for_update_as_it_is_stored
            many_users_are_inserted_at_once_and_found_like_others
            many_users_are_found_by_their_names_at_once
            of_many_users_with_a_taken_name_none_is_inserted
            a_user_name_is_unique_whatever_its_case
            a_user_name_is_free_in_another_organization
            an_update_replaces_the_user
            an_update_to_a_taken_user_name_changes_nothing
            an_update_may_change_the_case_of_its_own_user_name
            a_user_name_given_up_is_free_again
            a_stale_update_of_a_user_changes_nothing
            an_update_of_an_unknown_user_is_stale
            a_deleted_user_is_gone
            a_stale_delete_of_a_user_changes_nothing
        );
        $crate::store_contract!(@ $fresh;
            groups;
            a_group_reads_back_as_it_was_written
            an_unknown_group_is_not_found
            a_group_is_found_by_its_folded_name
            many_groups_are_found_by_their_names_at_once
            a_display_name_is_unique_whatever_its_case
            a_display_name_is_free_in_another_organization
            a_display_name_does_not_clash_with_a_user_name
            an_update_replaces_the_group
            an_update_keeps_members_and_mappings
            an_update_to_a_taken_display_name_changes_nothing
            a_group_never_clashes_with_itself
            a_display_name_given_up_is_free_again
            a_stale_update_of_a_group_changes_nothing
            a_deleted_group_takes_its_members_and_mappings_along
            a_stale_delete_of_a_group_changes_nothing
        );
        $crate::store_contract!(@ $fresh;
            members;
            added_members_are_answered_ordered_and_once
            adding_members_again_answers_only_the_new_ones
            removed_members_are_answered_ordered_and_once
            removing_who_is_not_a_member_changes_nothing
            a_member_that_left_may_join_again
            a_deleted_user_takes_its_memberships_along
            an_update_of_a_user_keeps_its_memberships
            groups_of_users_are_ordered_by_user_then_group
            members_of_groups_are_ordered_by_group_then_user
            states_tell_who_is_active_and_who_is_protected
            member_states_come_in_pages
            members_come_in_pages
            no_more_members_of_groups_are_answered_than_were_asked_for
            thousands_of_members_are_complete_and_ordered
            a_user_in_many_groups_is_in_all_of_them
        );
        $crate::store_contract!(@ $fresh;
            nestings;
            nested_groups_are_answered_ordered_and_once
            nested_groups_come_in_pages
            what_is_above_is_found_on_every_way
            users_are_in_the_groups_above_their_own
            active_users_below_are_found_once
            a_role_is_held_from_below
            a_deleted_group_is_a_member_no_more
            even_a_circle_comes_to_an_end
            nested_groups_of_others_are_unknown
            names_tell_which_ids_are_groups
            a_long_line_of_groups_is_walked_whole
            random_nestings_agree_with_a_plain_model
        );
        $crate::store_contract!(@ $fresh;
            roles;
            a_role_reads_back_as_it_was_written
            roles_are_listed_oldest_first
            an_unknown_role_is_not_found
            a_taken_role_key_is_named
            a_taken_role_name_is_named
            an_update_of_a_role_changes_what_may_change
            an_update_of_an_unknown_role_is_stale
            a_deleted_role_takes_its_mappings_along
            mapping_answers_whether_it_is_new
            mapped_roles_are_ordered_by_group_then_role
        );
        $crate::store_contract!(@ $fresh;
            mapping_rules;
            rules_are_those_of_their_organization_oldest_first
            one_pattern_leads_to_a_role_once
            an_update_of_a_rule_changes_pattern_and_role
            a_rule_goes_with_its_role
        );
        $crate::store_contract!(@ $fresh;
            holders;
            holders_are_counted_and_listed_once_whatever_their_ways
            inactive_users_hold_nothing
            holders_come_in_pages_and_are_those_of_one_organization
            users_in_a_group_come_whole_and_in_pages
            members_of_many_groups_are_counted_at_once
        );
        $crate::store_contract!(@ $fresh;
            schemas;
            a_schema_reads_back_as_it_was_written
            schemas_are_those_of_their_organization_oldest_first
            an_update_of_a_schema_changes_what_is_declared
            a_schema_that_is_not_there_is_stale
            advancing_the_schemas_counts_them_up
            who_carries_an_extension_is_counted
            declared_attributes_are_searched_as_the_domain_decides
            an_index_is_brought_up_to_date_in_batches
        );
        $crate::store_contract!(@ $fresh;
            reach;
            holdings_name_every_way_to_every_role
            holdings_of_inactive_users_are_told_too
            holdings_of_thousands_are_complete
            only_active_members_hold_a_role
            the_groups_of_a_role_are_ordered
            paths_are_ordered_by_role_key_then_group
            who_left_all_groups_reaches_nothing
        );
        $crate::store_contract!(@ $fresh;
            assignments;
            an_assigned_role_is_one_more_way
            assigning_again_and_taking_what_is_not_there_change_nothing
            assignees_come_in_pages_with_their_state
            thousands_of_assignees_are_complete
            only_active_assignees_hold_and_count
            an_assignment_goes_with_its_user_and_with_its_role
            an_update_of_a_user_keeps_what_is_assigned
            assignments_are_those_of_one_organization
            a_walk_through_all_users_misses_nobody
        );
        $crate::store_contract!(@ $fresh;
            access;
            every_link_tells_its_moment_and_its_request
            accounts_are_found_by_id_name_and_external_id
            of_an_external_id_of_many_two_users_are_told
            access_of_thousands_is_complete
            what_lies_above_is_told_link_by_link
            who_was_deleted_is_recognized_until_forgotten
            access_shows_nothing_of_another_organization
        );
        $crate::store_contract!(@ $fresh;
            access::agreement;
            random_access_agrees_with_a_plain_model
        );
        $crate::store_contract!(@ $fresh;
            audit;
            an_audit_entry_reads_back_as_it_was_written
            the_newest_entries_come_first_and_as_many_as_asked
            unsealed_entries_come_in_commit_order_of_all_organizations
            a_sealed_entry_waits_no_more
            the_chain_is_read_in_its_order
            the_last_seal_is_that_of_the_organization
            a_place_in_the_chain_is_given_once
            pages_of_the_audit_log_make_up_the_whole
            a_page_goes_on_where_it_ended_when_entries_got_their_place
            the_audit_log_is_filtered_by_subject_and_action
        );
        $crate::store_contract!(@ $fresh;
            outbox;
            events_come_in_commit_order_as_they_were_written
            every_event_gets_its_number_once
            numbers_given_in_an_abandoned_unit_are_given_again
            the_newest_requests_come_first_and_as_many_as_asked
            pages_of_requests_make_up_the_whole
            requests_older_than_a_moment_are_forgotten_everywhere
        );
        $crate::store_contract!(@ $fresh;
            feed;
            a_feed_is_read_in_its_order_from_any_number
            a_feed_knows_where_it_ends
            an_audit_entry_without_a_place_waits_too
            old_events_are_forgotten_from_the_beginning_alone
            numbers_go_on_when_everything_is_forgotten
            numbers_have_no_gaps_whoever_writes_and_numbers
        );
        $crate::store_contract!(@ $fresh;
            units;
            a_fresh_store_is_ready
            an_abandoned_unit_leaves_nothing
            a_unit_that_failed_leaves_nothing_and_blocks_nobody
            a_unit_whose_caller_went_away_keeps_no_row
            a_commit_whose_caller_went_away_is_whole_or_nothing
            a_unit_reads_what_it_wrote
            nobody_sees_a_unit_before_its_commit
            a_snapshot_does_not_see_later_commits
            many_snapshots_are_open_at_once
            an_empty_unit_commits
            a_commit_is_signalled
        );
        $crate::store_contract!(@ $fresh;
            races;
            one_of_200_racers_gets_a_user_name
            one_of_many_renames_gets_a_user_name
            one_of_many_renames_gets_a_display_name
            one_of_many_updates_of_a_version_wins
            writers_take_turns_and_lose_no_update
            eight_writers_add_a_hundred_members_each
            a_member_added_by_many_at_once_is_new_to_one
            a_reader_never_sees_half_a_unit
        );
        $crate::store_contract!(@ $fresh;
            tenants;
            no_query_shows_what_another_organization_stores
            no_search_finds_or_counts_another_organizations_rows
            no_write_reaches_into_another_organization
            another_organizations_entry_is_not_sealed
            deleting_in_one_organization_spares_the_others
        );
        $crate::store_contract!(@ $fresh;
            search::windows;
            an_empty_organization_has_nothing_to_find
            what_is_found_is_what_is_stored
            without_an_order_the_oldest_comes_first
            a_window_shows_its_part_and_the_whole_total
            a_limit_of_zero_asks_for_the_total_alone
            pages_of_groups_are_windows_too
        );
        $crate::store_contract!(@ $fresh;
            search::numbers;
            every_window_is_right_whoever_came_and_went
            every_window_of_groups_is_right_too
            a_unit_counts_what_it_wrote
        );
        $crate::store_contract!(@ $fresh;
            search::walks;
            steps_make_up_the_whole_in_every_order
            who_stays_is_met_once_whoever_comes_and_goes
            a_place_outlives_who_stood_there
            groups_are_walked_too
            a_walk_stays_in_its_organization
        );
        $crate::store_contract!(@ $fresh;
            search::filters;
            user_names_compare_folded
            external_ids_compare_exactly
            one_of_several_e_mails_suffices
            a_value_path_asks_all_of_one_element
            active_is_true_or_false
            attributes_without_an_index_are_searched_too
            ids_are_searched_as_text
            times_compare_as_moments
            computed_facts_of_a_resource_are_searched
        );
        $crate::store_contract!(@ $fresh;
            search::logic;
            and_or_and_not_combine
            many_terms_are_no_trouble
            a_search_follows_updates_and_deletes
            a_unit_searches_what_it_wrote
        );
        $crate::store_contract!(@ $fresh;
            search::texts;
            no_character_means_anything_but_itself
            an_empty_part_is_in_every_text
            one_rule_decides_what_is_one_name
            one_rule_decides_for_groups_too
        );
        $crate::store_contract!(@ $fresh;
            search::sorting;
            users_sort_by_name
            missing_values_come_last_ascending
            exact_texts_sort_by_code_point
            equals_stay_in_the_order_of_creation
            of_several_values_the_primary_one_sorts
            users_sort_by_their_last_change
            users_sort_by_their_groups
            a_window_is_cut_after_sorting
            groups_sort_by_name
        );
        $crate::store_contract!(@ $fresh;
            search::agreement;
            the_domain_decides_which_users_match
            the_domain_decides_which_groups_match
        );
        $crate::store_contract!(@ $fresh;
            search::computed;
            users_are_found_by_their_groups
            groups_are_found_by_their_attributes
            groups_are_found_by_their_members
            users_are_found_by_the_groups_above_theirs
            groups_are_found_by_groups_in_them
        );
    };
    (@ $fresh:expr; $($module:ident)::+; $($promise:ident)+) => {
        $crate::store_contract!(@@ $fresh; [$($module)::+]; $($promise)+);
    };
    (@@ $fresh:expr; $module:tt; $($promise:ident)+) => {
        $($crate::store_contract!(@@@ $fresh; $module; $promise);)+
    };
    (@@@ $fresh:expr; [$($module:ident)::+]; $promise:ident) => {
        #[::tokio::test(flavor = "multi_thread")]
        async fn $promise() {
            let (store, _kept) = $fresh;
            $crate::testing::contract::$($module)::+::$promise(store).await;
        }
    };
}
