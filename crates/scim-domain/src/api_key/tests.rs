use super::*;
use crate::role::RoleKey;

const DAY: i64 = 86_400;

fn start() -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000)
}

fn days(number: i64) -> Timestamp {
    start().plus_seconds(number * DAY)
}

fn id(number: u128) -> ApiKeyId {
    ApiKeyId::new(uuid::Uuid::from_u128(number))
}

fn acme() -> OrganizationId {
    OrganizationId::new(uuid::Uuid::from_u128(7))
}

fn new() -> NewApiKey {
    NewApiKey {
        name: "Okta".to_owned(),
        description: "Acme's directory".to_owned(),
        permissions: [Permission::Scim].into(),
        strictness: Strictness::Strict,
        addresses: AllowedAddresses::parse(&["192.0.2.0/24"]).unwrap(),
        limits: Limits { users_only: true, denied_roles: [RoleKey::read("admin")].into() },
        expires: Some(days(90)),
    }
}

fn create(new: NewApiKey) -> Result<ApiKey, Invalid> {
    ApiKey::create(id(1), acme(), new, "hash".to_owned(), start())
}

fn key() -> ApiKey {
    create(new()).unwrap()
}

/// The days that were told of, each with the days since the beginning.
fn told(key: &mut ApiKey, at: impl IntoIterator<Item = i64>) -> Vec<(i64, i64)> {
    at.into_iter().filter_map(|day| key.warn(days(day)).map(|left| (day, left))).collect()
}

#[test]
fn an_expiry_is_warned_of_30_7_and_1_days_before_and_each_time_once() {
    let mut key = key();
    let each_day_twice = (0..95).flat_map(|it| [it, it]);
    assert_eq!(told(&mut key, each_day_twice), [(60, 30), (83, 7), (89, 1)]);
    assert_eq!(key.warning, None);
}

#[test]
fn a_key_that_is_created_late_is_warned_of_what_lies_ahead() {
    for (lifetime, wanted) in
        [(31, vec![(1, 30), (24, 7), (30, 1)]), (30, vec![(23, 7), (29, 1)]), (7, vec![(6, 1)])]
    {
        let mut key = create(NewApiKey { expires: Some(days(lifetime)), ..new() }).unwrap();
        assert_eq!(told(&mut key, 0..40), wanted, "{lifetime}");
    }
    let mut short = create(NewApiKey { expires: Some(days(1)), ..new() }).unwrap();
    assert_eq!(short.warning, None);
    assert_eq!(told(&mut short, 0..3), []);
    assert_eq!(create(NewApiKey { expires: None, ..new() }).unwrap().warning, None);
}

#[test]
fn after_a_long_silence_only_the_nearest_warning_is_told() {
    let mut late = key();
    // The warnings of 30 and 7 days were due; a begun day counts whole.
    let moment = days(85).plus_seconds(DAY / 2);
    assert_eq!(late.warn(moment), Some(5));
    assert_eq!(late.warn(moment), None);
    assert_eq!(late.warning, Some(days(89)));
    let mut over = key();
    assert_eq!(over.warn(days(90)), None);
    assert_eq!(over.warning, None);
}

// R8
#[test]
fn a_clock_that_jumps_back_warns_of_nothing_twice() {
    let mut key = key();
    assert_eq!(told(&mut key, [60, 50, 60, 61, 59]), [(60, 30)]);
}

#[test]
fn a_revoked_key_is_not_warned_of() {
    let mut key = key();
    key.revoke(days(10));
    assert_eq!(key.standing(days(10)), Standing::Revoked);
    assert_eq!(told(&mut key, 0..95), []);
}

#[test]
fn a_successor_has_everything_but_the_secret() {
    let mut old = key();
    let fresh = old.rotate(id(2), "other".to_owned(), 3 * DAY, days(40)).unwrap();
    let wanted = ApiKey {
        id: id(2),
        hash: "other".to_owned(),
        created: days(40),
        expires: Some(days(130)),
        warning: Some(days(100)),
        ..key()
    };
    assert_eq!(fresh, wanted);
    assert_eq!(fresh.connection, id(1));
    assert_eq!((old.successor, old.expires), (Some(id(2)), Some(days(43))));
    // Of the overlap, too, somebody may want to know.
    assert_eq!(old.warning, Some(days(42)));
    assert_eq!(old.standing(days(43)), Standing::Expired);
}

#[test]
fn an_overlap_neither_prolongs_a_key_nor_lasts_longer_than_a_week() {
    let mut old = key();
    assert!(old.rotate(id(2), String::new(), 7 * DAY + 1, start()).is_err());
    assert!(old.rotate(id(2), String::new(), -1, start()).is_err());
    assert_eq!(old, key());
    old.rotate(id(2), String::new(), 7 * DAY, days(88)).unwrap();
    assert_eq!(old.expires, Some(days(90)));
    let mut at_once = key();
    let fresh = at_once.rotate(id(2), String::new(), 0, days(5)).unwrap();
    assert_eq!(at_once.standing(days(5)), Standing::Expired);
    assert_eq!(fresh.standing(days(5)), Standing::Live);
}

#[test]
fn a_change_changes_what_it_names_and_nothing_else() {
    let before = key();
    assert_eq!(before.changed(ApiKeyChange::default(), start()), Ok(before.clone()));
    let change = ApiKeyChange {
        name: Some(" Entra ".to_owned()),
        description: Some(String::new()),
        strictness: Some(Strictness::Tolerant),
        addresses: Some(AllowedAddresses::default()),
        users_only: Some(false),
        expiry: Some(Expiry::At(days(40))),
        ..ApiKeyChange::default()
    };
    let wanted = ApiKey {
        name: "Entra".to_owned(),
        description: String::new(),
        strictness: Strictness::Tolerant,
        addresses: AllowedAddresses::default(),
        limits: Limits { users_only: false, ..before.limits.clone() },
        expires: Some(days(40)),
        warning: Some(days(33)),
        ..before.clone()
    };
    assert_eq!(before.changed(change, days(20)), Ok(wanted));
    let never = ApiKeyChange { expiry: Some(Expiry::Never), ..ApiKeyChange::default() };
    let never = before.changed(never, start()).unwrap();
    assert_eq!((never.expires, never.warning), (None, None));
}

#[test]
fn a_change_leads_to_no_key_that_could_not_be_created() {
    let refused = |change: ApiKeyChange| key().changed(change, days(20)).unwrap_err();
    let some = ApiKeyChange::default;
    refused(ApiKeyChange { name: Some("\n".to_owned()), ..some() });
    refused(ApiKeyChange { description: Some("x".repeat(1_001)), ..some() });
    refused(ApiKeyChange { expiry: Some(Expiry::At(days(20))), ..some() });
    let both = [Permission::Scim, Permission::UsersRead];
    refused(ApiKeyChange { permissions: Some(both.into()), ..some() });
    // Its limits would limit nothing.
    let manages = Some([Permission::UsersRead].into());
    let told = refused(ApiKeyChange { permissions: manages.clone(), ..some() });
    assert!(told.detail.contains("Limits are for keys with the permission scim"), "{told}");
    let unlimited = ApiKeyChange {
        permissions: manages,
        users_only: Some(false),
        denied_roles: Some(BTreeSet::new()),
        ..some()
    };
    assert!(key().changed(unlimited, days(20)).is_ok());
}

#[test]
fn limits_are_for_keys_that_are_for_scim() {
    assert!(create(NewApiKey { permissions: BTreeSet::new(), ..new() }).is_ok());
    assert!(create(NewApiKey { permissions: [Permission::UsersRead].into(), ..new() }).is_err());
    let operator = NewApiKey { permissions: BTreeSet::new(), ..new() };
    let owner = OrganizationId::OPERATOR;
    assert!(ApiKey::create(id(1), owner, operator, String::new(), start()).is_err());
}

#[test]
fn fewer_permissions_and_nothing_else_is_taking_away() {
    let before =
        ApiKey { permissions: [Permission::UsersRead, Permission::UsersWrite].into(), ..key() };
    let fewer = ApiKey { permissions: [Permission::UsersRead].into(), ..before.clone() };
    assert!(before.only_loses(&fewer));
    assert!(!fewer.only_loses(&before));
    let other = ApiKey { name: "Other".to_owned(), ..fewer.clone() };
    assert!(!before.only_loses(&other));
    let exchanged = ApiKey { permissions: [Permission::RolesRead].into(), ..before.clone() };
    assert!(!before.only_loses(&exchanged));
}
