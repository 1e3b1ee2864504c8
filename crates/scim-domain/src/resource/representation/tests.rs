use super::*;
use crate::{
    resource::{Document, Value},
    schema::{Catalog, ENTERPRISE_USER, GROUP, USER},
};

const BASE: &str = "https://scim.example/scim/v2";

fn uuid(last: u8) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + u128::from(last))
}

fn meta() -> Meta {
    Meta {
        created: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        last_modified: Timestamp::parse("2026-06-01T12:00:00.5Z").unwrap(),
        version: 3,
    }
}

fn user_document() -> String {
    format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE_USER}"],"userName":"a]b\"c","emails":[{{"value":"a@x","type":"work"}}],"{ENTERPRISE_USER}":{{"department":"D"}}}}"#
    )
}

fn group_document() -> String {
    format!(r#"{{"schemas":["{GROUP}"],"displayName":"Analysts"}}"#)
}

fn write_user(groups: Option<&[GroupRef]>, projection: &Projection) -> String {
    let mut out = String::new();
    let computed = Computed::User(UserId::new(uuid(1)), groups);
    let user = &Catalog::standard().user;
    write(&mut out, user, &user_document(), computed, &meta(), BASE, projection).unwrap();
    out
}

fn write_group(members: Option<&[Member]>, projection: &Projection) -> String {
    let mut out = String::new();
    let computed = Computed::Group(GroupId::new(uuid(9)), members);
    let group = &Catalog::standard().group;
    write(&mut out, group, &group_document(), computed, &meta(), BASE, projection).unwrap();
    out
}

fn groups() -> [GroupRef; 2] {
    ["Analysts", "\"Quoted\"\n"].map(|name| GroupRef {
        id: GroupId::new(uuid(9)),
        display_name: name.to_owned(),
        direct: true,
    })
}

/// What the slow path makes of the same resource.
fn by_values(
    kind: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    projection: &Projection,
) -> String {
    let resource = resource(kind, document, computed, &meta(), BASE).unwrap();
    serde_json::to_string(&projection.apply(kind, resource)).unwrap()
}

#[test]
fn a_user_is_its_document_with_id_groups_and_meta() {
    let everything = Projection::default();
    let expected = format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE_USER}"],"id":"01970000-0000-7000-8000-000000000001","userName":"a]b\"c","emails":[{{"value":"a@x","type":"work"}}],"{ENTERPRISE_USER}":{{"department":"D"}},"groups":[{{"value":"01970000-0000-7000-8000-000000000009","$ref":"{BASE}/Groups/01970000-0000-7000-8000-000000000009","display":"Analysts","type":"direct"}}],"meta":{{"resourceType":"User","created":"2026-01-01T00:00:00.000Z","lastModified":"2026-06-01T12:00:00.500Z","location":"{BASE}/Users/01970000-0000-7000-8000-000000000001","version":"W/\"3\""}}}}"#
    );
    assert_eq!(write_user(Some(&groups()[..1]), &everything), expected);
    assert!(write_user(Some(&[]), &everything).contains(r#","groups":[],"meta":"#));
    assert!(!write_user(None, &everything).contains("groups"));
}

#[test]
fn a_group_lists_its_members_without_display() {
    let members = [1, 2].map(|it| Member::User(UserId::new(uuid(it))));
    let written = write_group(Some(&members), &Projection::default());
    let entry = |id: u8| {
        let id = uuid(id);
        format!(r#"{{"value":"{id}","$ref":"{BASE}/Users/{id}","type":"User"}}"#)
    };
    let expected =
        format!(r#""displayName":"Analysts","members":[{},{}],"meta":"#, entry(1), entry(2));
    assert!(written.contains(&expected), "{written}");
    assert!(write_group(Some(&[]), &Projection::default()).contains(r#""members":[],"#));
    assert!(!write_group(None, &Projection::default()).contains("members"));
}

#[test]
fn both_paths_write_the_same() {
    let Catalog { user, group, .. } = &*Catalog::standard();
    let (groups, members) = (groups(), [Member::User(UserId::new(uuid(1)))]);
    let of_user = Computed::User(UserId::new(uuid(1)), Some(&groups));
    let of_group = Computed::Group(GroupId::new(uuid(9)), Some(&members));
    for excluded in [None, Some("groups,members"), Some("meta"), Some("meta,groups,members,id")] {
        let projection = Projection::parse(user, None, excluded);
        let slow = by_values(user, &user_document(), of_user, &projection);
        assert_eq!(write_user(Some(&groups), &projection), slow);
        let projection = Projection::parse(group, None, excluded);
        let slow = by_values(group, &group_document(), of_group, &projection);
        assert_eq!(write_group(Some(&members), &projection), slow);
    }
}

#[test]
fn what_the_document_writes_is_what_the_answer_splices() {
    let user = &Catalog::standard().user;
    let stored = Document::read(user, &user_document()).unwrap().to_json(user);
    assert_eq!(stored, user_document());
    let bare = Document::from_object(Object::new()).to_json(user);
    let mut out = String::from("kept ");
    let computed = Computed::User(UserId::new(uuid(1)), None);
    write(&mut out, user, &bare, computed, &meta(), BASE, &Projection::default()).unwrap();
    assert!(out.starts_with(&format!(r#"kept {{"schemas":["{USER}"],"id":"0197"#)), "{out}");
}

#[test]
fn a_document_is_not_read_when_only_computed_parts_are_left_out() {
    let catalog = Catalog::standard();
    let excluded = |names| Projection::parse(&catalog.group, None, Some(names));
    let members = [Member::User(UserId::new(uuid(1)))];
    let written = write_group(Some(&members), &excluded("members"));
    assert!(!written.contains("members") && written.contains("\"meta\":"), "{written}");
    let written = write_group(Some(&members), &excluded("MEMBERS,meta"));
    assert!(written.ends_with(r#""displayName":"Analysts"}"#), "{written}");
    // Broken JSON after `schemas` shows that nothing was parsed.
    let mut out = String::new();
    let computed = Computed::Group(GroupId::new(uuid(9)), Some(&members));
    let broken = r#"{"schemas":["x"],broken}"#;
    let fast = excluded("members");
    write(&mut out, &catalog.group, broken, computed, &meta(), BASE, &fast).unwrap();
    assert!(out.contains("broken"));
}

#[test]
fn a_projection_of_less_shows_less() {
    let user = &Catalog::standard().user;
    let only = Projection::parse(user, Some("userName,groups.display"), None);
    let expected = format!(
        r#"{{"schemas":["{USER}","{ENTERPRISE_USER}"],"id":"{}","userName":"a]b\"c","groups":[{{"display":"Analysts"}}]}}"#,
        uuid(1)
    );
    assert_eq!(write_user(Some(&groups()[..1]), &only), expected);
    let without = Projection::parse(user, None, Some("emails.type,groups"));
    let written = write_user(Some(&groups()), &without);
    assert!(written.contains(r#""emails":[{"value":"a@x"}]"#) && !written.contains("groups"));
}

#[test]
fn a_document_of_another_shape_is_corrupt_and_writes_nothing() {
    let user = &Catalog::standard().user;
    let computed = Computed::User(UserId::new(uuid(1)), None);
    for document in
        ["", "{}", "[]", r#"{"schemas":["x"}"#, r#"{"schemas":["x"],"a":1"#, r#"{"userName":"x"}"#]
    {
        let mut out = String::new();
        for projection in [Projection::default(), Projection::parse(user, Some("userName"), None)] {
            let written = write(&mut out, user, document, computed, &meta(), BASE, &projection);
            assert!(written.is_err() && out.is_empty(), "{document}");
        }
    }
}

#[test]
fn an_odd_base_url_stays_valid_json() {
    let mut out = String::new();
    let computed = Computed::User(UserId::new(uuid(1)), None);
    let user = &Catalog::standard().user;
    let everything = Projection::default();
    write(&mut out, user, &user_document(), computed, &meta(), "https://x/\"\\", &everything)
        .unwrap();
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let location = json.pointer("/meta/location").and_then(|it| it.as_str()).unwrap();
    assert!(location.starts_with("https://x/\"\\/Users/0197"));
}

#[test]
fn a_resource_has_values_of_the_types_of_the_schemas() {
    let catalog = Catalog::standard();
    let groups = groups();
    let computed = Computed::User(UserId::new(uuid(1)), Some(&groups));
    let user = resource(&catalog.user, &user_document(), computed, &meta(), BASE).unwrap();
    let names: Vec<_> = user.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["schemas", "id", "userName", "emails", ENTERPRISE_USER, "groups", "meta"]);
    let meta = user.get("meta").and_then(Value::as_object).unwrap();
    assert!(matches!(meta.get("created"), Some(Value::DateTime(_))));
    assert!(matches!(meta.get("location"), Some(Value::Reference(_))));
    assert_eq!(user.get("schemas").map(|it| it.elements().len()), Some(2));
    assert_eq!(user.get("groups").map(|it| it.elements().len()), Some(2));
}

/// What comes of a group whose members are written bit by bit.
fn in_parts(members: &[Member], projection: &Projection) -> String {
    let group = &Catalog::standard().group;
    let (id, document) = (GroupId::new(uuid(9)), group_document());
    let around = Around::of(group, &document, id, &meta(), BASE, projection).unwrap();
    let mut out = around.before.clone();
    for (at, bit) in members.chunks(2).enumerate() {
        around.members(&mut out, at == 0, bit, BASE);
    }
    out + &around.after
}

#[test]
fn a_group_in_parts_is_the_same_text() {
    let group = &Catalog::standard().group;
    let mut members: Vec<_> = (1..5).map(|it| Member::User(UserId::new(uuid(it)))).collect();
    members.push(Member::Group(GroupId::new(uuid(8))));
    let names = [
        "members",
        "MEMBERS.Value",
        "members.$ref",
        "members.type",
        "members.display",
        "members.value,members.type",
        "members.$ref,members.type,displayName",
        "displayName",
        "members.value,members.$ref,members.type,members.display",
        "meta",
        "members,meta",
        "id",
        "meta.location,members.type",
        "schemas",
        "unknown",
        "",
    ];
    for name in names {
        for projection in
            [Projection::parse(group, Some(name), None), Projection::parse(group, None, Some(name))]
        {
            let whole = write_group(Some(&members), &projection);
            assert_eq!(in_parts(&members, &projection), whole, "{name}: {projection:?}");
            let id = GroupId::new(uuid(9));
            let around =
                Around::of(group, &group_document(), id, &meta(), BASE, &projection).unwrap();
            assert_eq!(around.shows_members(), whole.contains("\"members\":["), "{name}");
        }
    }
}
