use super::*;

/// Two ways to write one filter.
fn assert_same(left: &str, right: &str) {
    assert_eq!(parse(left), parse(right), "{left} and {right}");
}

#[test]
fn every_example_of_the_rfc_is_understood() {
    for text in [
        r#"userName eq "bjensen""#,
        r#"name.familyName co "O'Malley""#,
        r#"userName sw "J""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        "title pr",
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
        r#"title pr and userType eq "Employee""#,
        r#"title pr or userType eq "Intern""#,
        r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType eq "Employee" and (emails.type eq "work")"#,
        r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
    ] {
        parse(text);
    }
}

#[test]
fn not_binds_before_and_which_binds_before_or() {
    assert_same("title pr or active pr and id pr", "title pr or (active pr and id pr)");
    assert_same("not (title pr) and id pr", "(not (title pr)) and id pr");
    assert_eq!(
        parse("title pr and active pr or id pr").to_string(),
        "title pr and active pr or id pr"
    );
    assert_eq!(
        parse("(title pr or active pr) and id pr").to_string(),
        "(title pr or active pr) and id pr"
    );
}

#[test]
fn names_operators_and_keywords_come_in_any_case() {
    assert_same(
        r#"userName eq "x" and not (title pr) or active eq true"#,
        r#"USERNAME Eq "x" AND NOT(Title PR) Or ACTIVE eQ True"#,
    );
    assert_same(r#"name.familyName eq "x""#, r#"Name.FAMILYNAME EQ "x""#);
}

#[test]
fn blanks_are_needed_only_where_words_would_run_together() {
    assert_same("(title pr)and(id pr)", " ( title   pr ) and\t( id pr ) ");
    assert_same("not(title pr)", "not (title pr)");
    assert_same(r#"emails[type eq "work"]"#, r#"emails[ type eq "work" ]"#);
}

#[test]
fn a_urn_with_dots_and_colons_names_its_attribute() {
    let text = format!(r#"{ENTERPRISE}:manager.value eq "1""#);
    let Filter::Compare(path, Comparison::Eq, _) = parse(&text) else { panic!("{text}") };
    assert_eq!(path.extension.as_deref(), Some(ENTERPRISE));
    assert_eq!((&*path.attribute, path.sub_attribute.as_deref()), ("manager", Some("value")));
    assert_same(&text, &text.to_ascii_uppercase());
    assert_same(r#"urn:ietf:params:scim:schemas:core:2.0:User:title eq "x""#, r#"title eq "x""#);
}

#[test]
fn a_complex_attribute_stands_for_its_value() {
    assert_same(r#"emails eq "x""#, r#"emails.value eq "x""#);
    assert_same(r#"groups eq "x""#, r#"groups.value eq "x""#);
    assert_same(
        &format!(r#"{ENTERPRISE}:manager eq "x""#),
        &format!(r#"{ENTERPRISE}:manager.value eq "x""#),
    );
    let members = Filter::parse(r#"members eq "U""#, &catalog().group, &[]).unwrap();
    assert_eq!(members.to_string(), r#"members.value eq "U""#);
    let reference = Filter::parse(r#"members.$ref ew "/U""#, &catalog().group, &[]).unwrap();
    assert_eq!(reference.to_string(), r#"members.$ref ew "/U""#);
}

#[test]
fn a_complex_attribute_compared_with_null_is_present_or_not() {
    assert_same("name eq null", "not (name pr)");
    assert_same("emails ne null", "emails pr");
}

#[test]
fn a_value_path_may_be_followed_by_a_condition_on_the_same_element() {
    // Entra matches users this way.
    assert_same(
        r#"emails[type eq "work"].value eq "x""#,
        r#"emails[type eq "work" and value eq "x"]"#,
    );
    assert_same(
        r#"emails[type eq "work" and primary eq true].value pr"#,
        r#"emails[type eq "work" and primary eq true and value pr]"#,
    );
    assert_same(
        r#"emails[type eq "work" or type eq "home"].value sw "x" and title pr"#,
        r#"emails[(type eq "work" or type eq "home") and value sw "x"] and title pr"#,
    );
}

#[test]
fn the_inside_of_brackets_is_written_in_full() {
    let catalog = catalog();
    let emails = catalog.user.find("emails");
    let crate::schema::Found::Attribute(emails) = emails else { panic!() };
    let inner = Filter::parse_element(r#"type eq "work""#, &catalog.user, &emails.path()).unwrap();
    let outer = parse(r#"emails[type eq "work"]"#);
    assert_eq!(outer, Filter::Element(emails.path(), Box::new(inner.clone())));
    assert_eq!(inner.to_string(), r#"emails.type eq "work""#);
    let work: Value =
        Value::Complex([("type".into(), Value::String("Work".into()))].into_iter().collect());
    assert!(inner.matches_element(emails.attribute, &work));
}

#[test]
fn what_only_another_searched_type_knows_is_absent() {
    let catalog = catalog();
    let parse = |text| Filter::parse(text, &catalog.user, &[&catalog.group]).unwrap();
    assert_eq!(parse(r#"members eq "U""#), Filter::Absent { matches: false });
    assert_eq!(parse(r#"members ne "U""#), Filter::Absent { matches: true });
    assert_eq!(parse("members.value eq null"), Filter::Absent { matches: true });
    assert_eq!(parse("members eq null"), Filter::Absent { matches: true });
    assert_eq!(parse("members pr"), Filter::Absent { matches: false });
    assert_eq!(parse(r#"members[value eq "U"]"#), Filter::Absent { matches: false });
    assert_eq!(parse(r#"members[value eq "U"].type ne "x""#), Filter::Absent { matches: false });
    let both = parse(r#"not (members pr) and displayName eq "x""#);
    assert!(both.mentions("displayName") && !both.mentions("members"));
    assert!(Filter::parse("nothing pr", &catalog.user, &[&catalog.group]).is_err());
    // An extension's attribute without its URN, too.
    let manager = Filter::parse("manager pr", &catalog.group, &[&catalog.user]);
    assert_eq!(manager, Ok(Filter::Absent { matches: false }));
}

#[test]
fn it_says_which_attributes_must_be_loaded() {
    assert!(parse(r#"title pr and not (GROUPS eq "x")"#).mentions("groups"));
    assert!(parse(r#"groups[display eq "x"]"#).mentions("Groups"));
    assert!(!parse("title pr or userName pr").mentions("groups"));
}
