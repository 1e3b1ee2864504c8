use uuid::Uuid;

use super::*;

const ACME: OrganizationId = OrganizationId::new(Uuid::from_u128(1));

#[test]
fn names_are_unique_and_read_back() {
    for permission in Permission::ALL {
        assert_eq!(Permission::parse(permission.name()), Some(*permission));
    }
    let names: BTreeSet<_> = Permission::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), Permission::ALL.len());
}

#[test]
fn the_permission_for_scim_is_shown_in_the_words_of_the_dashboard() {
    assert_eq!(Permission::Scim.section().title(), "API");
    assert_eq!(Permission::Scim.title(), "Use API key for SCIM");
}

#[test]
fn permissions_are_listed_section_by_section() {
    let sections: Vec<_> = Permission::ALL.iter().map(|it| it.section()).collect();
    assert!(sections.is_sorted());
    assert!(Section::ALL.iter().all(|it| sections.contains(it)));
}

#[test]
fn a_key_for_scim_has_no_other_permission() {
    let alone = [Permission::Scim].into();
    assert_eq!(together(ACME, &alone), Ok(()));
    let both = [Permission::Scim, Permission::UsersRead].into();
    assert!(together(ACME, &both).is_err());
}

#[test]
fn only_operator_keys_manage_organizations_and_none_of_them_is_for_scim() {
    let manage = [Permission::OrganizationsManage].into();
    assert!(together(ACME, &manage).is_err());
    assert_eq!(together(OrganizationId::OPERATOR, &manage), Ok(()));
    let scim = [Permission::Scim].into();
    assert!(together(OrganizationId::OPERATOR, &scim).is_err());
}

#[test]
fn all_other_permissions_suit_everybody_together() {
    let common =
        |it: &Permission| !matches!(it, Permission::Scim | Permission::OrganizationsManage);
    let all: BTreeSet<_> = Permission::ALL.iter().copied().filter(common).collect();
    assert_eq!(together(ACME, &all), Ok(()));
    assert_eq!(together(OrganizationId::OPERATOR, &all), Ok(()));
}
