use super::*;

#[test]
fn texts_compare_folded_unless_they_are_case_exact() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            r#"userName eq "bjensen@EXAMPLE.com""#,
            r#"userName eq " bjensen@example.com ""#,
            r#"userName sw "BJ""#,
            r#"userName ew ".COM""#,
            r#"userName co "SEN@""#,
            r#"userName ne "other""#,
            r#"name.familyName eq "ＪＥＮＳＥＮ""#,
            r#"externalId eq "Ext-1""#,
            r#"externalId sw "Ext""#,
            r#"externalId ne "ext-1""#,
        ],
    );
    assert_misses(
        &user,
        &[
            r#"userName ne "bjensen@example.COM""#,
            r#"userName eq "bjensen""#,
            r#"externalId eq "ext-1""#,
            r#"externalId co "EXT""#,
        ],
    );
}

#[test]
fn texts_are_ordered_as_they_are_compared() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            r#"title gt "T""#,
            r#"title gt "tour""#,
            r#"title ge "TOUR guide""#,
            r#"title le "tour guide""#,
            r#"title lt "U""#,
            // Case-exact: capitals come before small letters.
            r#"externalId lt "a""#,
        ],
    );
    assert_misses(
        &user,
        &[r#"title gt "TOUR GUIDE""#, r#"title lt "tour guide""#, r#"externalId gt "a""#],
    );
}

#[test]
fn one_of_several_values_suffices_for_every_operator() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            r#"emails eq "B@HOME.example""#,
            r#"emails.type eq "work""#,
            r#"emails.type ne "work""#,
            r#"emails co "work""#,
            r#"groups.display eq "analysts""#,
            r#"not (emails.type eq "other")"#,
        ],
    );
    assert_misses(&user, &[r#"not (emails.type eq "work")"#, r#"emails.value sw "c""#]);
}

#[test]
fn brackets_ask_everything_of_one_element() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            r#"emails[type eq "work" and value co "@work"]"#,
            r#"emails[type eq "work"].value eq "b@work.example""#,
            r#"emails[not (type eq "work")]"#,
            "emails[primary ne true]",
            r#"name[familyName eq "jensen" and givenName sw "b"]"#,
            r#"emails.type eq "work" and emails.value co "@home""#,
        ],
    );
    assert_misses(
        &user,
        &[
            r#"emails[type eq "work" and value co "@home"]"#,
            r#"emails[type eq "work"].value eq "b@home.example""#,
            r#"ims[type ne "x"]"#,
        ],
    );
}

#[test]
fn what_is_absent_equals_null_and_differs_from_everything_else() {
    let user = user(r#""userName":"x""#);
    assert_matches(
        &user,
        &[
            "title eq null",
            r#"title ne "x""#,
            "active ne true",
            "emails.type eq null",
            r#"emails.type ne "work""#,
            "not (title pr)",
            "name eq null",
            "meta.created ne null",
            r#"not (title eq "x")"#,
        ],
    );
    assert_misses(
        &user,
        &[
            "title ne null",
            r#"title eq "x""#,
            r#"title co """#,
            r#"title gt "a""#,
            r#"title le "z""#,
            "title pr",
            "name pr",
            "emails pr",
            "active eq false",
            "userName eq null",
        ],
    );
}

#[test]
fn presence_needs_something_that_is_not_empty() {
    let user = jensen();
    assert_matches(
        &user,
        &["id pr", "name pr", "emails pr", "emails.primary pr", "groups pr", "active pr"],
    );
    assert_misses(&user, &["name.middleName pr", "ims pr", "emails.display pr"]);
}

#[test]
fn booleans_and_common_attributes_are_filterable() {
    let user = jensen();
    let id = uuid(1);
    assert_matches(
        &user,
        &[
            "active eq true",
            "active ne false",
            r#"active eq "True""#,
            "emails.primary eq true",
            r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#,
            r#"schemas[value ew "core:2.0:User"]"#,
            &format!(r#"id eq "{id}""#),
            r#"meta.version eq "W/\"3\"""#,
            r#"meta.location ew "/Users/01970000-0000-7000-8000-000000000001""#,
            &format!(r#"groups eq "{}""#, uuid(9)),
        ],
    );
    assert_misses(
        &user,
        &["active eq false", r#"id eq "x""#, &format!(r#"schemas eq "{ENTERPRISE}""#)],
    );
}

#[test]
fn dates_compare_as_moments() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            r#"meta.lastModified eq "2026-06-01T14:00:00.000+02:00""#,
            r#"meta.lastModified ge "2026-06-01T12:00:00Z""#,
            r#"meta.lastModified gt "2026-06-01T12:30:00+02:00""#,
            r#"meta.created lt "2026-01-01T00:00:00.001Z""#,
            r#"meta.created sw "2026-01""#,
        ],
    );
    assert_misses(&user, &[r#"meta.lastModified gt "2026-06-01T12:00:00Z""#]);
}

#[test]
fn an_attribute_of_an_extension_is_found_under_its_urn() {
    let user = jensen();
    assert_matches(
        &user,
        &[
            &format!(r#"{ENTERPRISE}:department eq "TOURS""#),
            &format!(r#"{ENTERPRISE}:manager eq "26118915""#),
            &format!("{ENTERPRISE}:manager pr"),
            &format!("{ENTERPRISE}:division eq null"),
            &format!(r#"{ENTERPRISE}:manager[value eq "26118915"]"#),
        ],
    );
}

#[test]
fn an_attribute_of_an_extension_is_found_without_its_urn() {
    let user = jensen();
    assert_matches(&user, &[r#"manager eq "26118915""#, r#"department sw "tour""#]);
    assert_misses(&user, &[r#"manager.value eq "x""#, "division pr"]);
}

#[test]
fn members_of_a_group_are_filterable() {
    let catalog = catalog();
    let member = uuid(1);
    for text in [
        format!(r#"members eq "{member}""#),
        format!(r#"members[value eq "{member}" and type eq "user"]"#),
        format!(r#"members.$ref eq "https://x/scim/v2/Users/{member}""#),
    ] {
        let filter = Filter::parse(&text, &catalog.group, &[]).unwrap();
        assert!(filter.matches(&catalog.group, &group()), "{text}");
    }
}

#[test]
fn numbers_compare_by_their_value() {
    use crate::schema::Kind;
    let mut catalog = Catalog::clone(&catalog());
    let mut schema = crate::schema::Schema::clone(&catalog.user.schema);
    let mut attribute = schema.attributes.iter().find(|it| &*it.name == "title").unwrap().clone();
    attribute.kind = Kind::Integer;
    attribute.name = "floor".into();
    let decimal = Attribute { kind: Kind::Decimal, name: "height".into(), ..attribute.clone() };
    schema.attributes.extend([attribute, decimal]);
    catalog.user.schema = Arc::new(schema);
    let mut user = jensen();
    user.set("floor".into(), Value::Integer(9_007_199_254_740_993));
    user.set("height".into(), Value::Decimal(1.5));
    for (text, outcome) in [
        ("floor eq 9007199254740993", true),
        ("floor eq 9007199254740992", false),
        ("floor gt 10", true),
        ("floor gt 1.5", true),
        ("floor lt 1e300", true),
        ("height eq 1.50", true),
        ("height ge 2", false),
        ("height lt 2", true),
        ("height ne 1", true),
    ] {
        let filter = Filter::parse(text, &catalog.user, &[]).unwrap();
        assert_eq!(filter.matches(&catalog.user, &user), outcome, "{text}");
    }
    assert!(Filter::parse("floor co 1", &catalog.user, &[]).is_err());
    assert!(Filter::parse(r#"floor eq "1""#, &catalog.user, &[]).is_err());
}

#[test]
fn a_matcher_serves_many_resources() {
    let catalog = catalog();
    let filter = parse(r#"userName sw "bj" and emails[type eq "work"]"#);
    let matcher = filter.matcher(&catalog.user);
    assert!(matcher.matches(&jensen()));
    assert!(!matcher.matches(&user(r#""userName":"bj""#)));
}
