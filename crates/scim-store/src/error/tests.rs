use super::*;

fn verdict(message: &str) -> StoreError {
    not_unique(message, std::io::Error::other("refused"))
}

#[test]
fn both_databases_tell_which_value_is_taken() {
    let cases = [
        ("users.organization_id, users.user_name_key", UniqueKey::UserName),
        ("constraint \"users_user_name_key\"", UniqueKey::UserName),
        ("groups.organization_id, groups.display_name_key", UniqueKey::GroupDisplayName),
        ("constraint \"groups_display_name_key\"", UniqueKey::GroupDisplayName),
        ("roles.organization_id, roles.name_key", UniqueKey::RoleName),
        ("constraint \"roles_name_key\"", UniqueKey::RoleName),
        ("roles.organization_id, roles.role_key", UniqueKey::RoleKey),
        ("constraint \"roles_role_key\"", UniqueKey::RoleKey),
        ("mapping_rules.organization_id, mapping_rules.name_key", UniqueKey::MappingRule),
        ("constraint \"mapping_rules_name_key\"", UniqueKey::MappingRule),
        (
            "idempotency_keys.organization_id, idempotency_keys.api_key_id, idempotency_keys.name",
            UniqueKey::IdempotencyKey,
        ),
        ("constraint \"idempotency_keys_pkey\"", UniqueKey::IdempotencyKey),
    ];
    for (message, key) in cases {
        assert!(matches!(verdict(message), StoreError::Taken(it) if it == key), "{message}");
    }
}

#[test]
fn a_place_that_is_taken_is_stale() {
    let sqlite = "UNIQUE constraint failed: audit_seals.organization_id, audit_seals.sequence";
    assert!(matches!(verdict(sqlite), StoreError::Stale));
    assert!(matches!(verdict("constraint \"feed_pkey\""), StoreError::Stale));
}

#[test]
fn an_id_that_is_taken_is_a_defect() {
    assert!(matches!(verdict("users.organization_id, users.id"), StoreError::Failed(_)));
}
