//! The shapes in which identity providers send users.

use super::*;
use crate::schema::ENTERPRISE_USER;

#[test]
fn a_user_as_okta_creates_it() {
    let parsed = user(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},
            "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],
            "displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",
            "groups":[],"password":"1mz050nq","active":true}"#,
    );
    assert!(parsed.ignored.is_empty());
    assert_eq!(
        parsed.document.to_json(&Catalog::standard().user),
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"00ujl29u0le5T6Aj10h7","userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},"displayName":"Test User","locale":"en-US","active":true,"emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}]}"#
    );
}

#[test]
fn a_user_as_entra_creates_it() {
    let parsed = user(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
            "externalId":"0a21f0f2","userName":"anna@example.com","active":true,
            "addresses":null,"title":null,"manager":null,"roles":[],
            "meta":{"resourceType":"User"},
            "name":{"formatted":"Anna B","familyName":"B","givenName":"Anna"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0User":{"department":"X"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"IT"}}"#,
    );
    assert_eq!(
        parsed.ignored,
        ["urn:ietf:params:scim:schemas:extension:enterprise:2.0User", "manager"]
    );
    assert_eq!(parsed.document.get("active"), Some(&Value::Boolean(true)));
    let json = parsed.document.to_json(&Catalog::standard().user);
    assert!(json.starts_with(&format!(
        r#"{{"schemas":["{}","{ENTERPRISE_USER}"],"externalId""#,
        crate::schema::USER
    )));
    assert!(json.ends_with(&format!(r#""{ENTERPRISE_USER}":{{"department":"IT"}}}}"#)), "{json}");
}

#[test]
fn a_manager_in_every_shape() {
    for (sent, kept) in [
        (r#""M1""#, Some(r#"{"value":"M1"}"#)),
        (r#"{"value":"M1"}"#, Some(r#"{"value":"M1"}"#)),
        (r#"{"$ref":null,"value":"M1","displayName":"Boss"}"#, Some(r#"{"value":"M1"}"#)),
        (
            r#"[{"$REF":"../Users/M1","Value":"M1"}]"#,
            Some(r#"{"$ref":"../Users/M1","value":"M1"}"#),
        ),
        (r#"["M1"]"#, Some(r#"{"value":"M1"}"#)),
        (r#""""#, None),
        ("null", None),
        ("[]", None),
        (r#"{"value":""}"#, None),
        ("{}", None),
    ] {
        let expected = kept
            .map_or("{}".to_owned(), |it| format!(r#"{{"{ENTERPRISE_USER}":{{"manager":{it}}}}}"#));
        for body in [
            format!(r#"{{"{ENTERPRISE_USER}":{{"manager":{sent}}}}}"#),
            format!(r#"{{"{}":{{"MANAGER":{sent}}}}}"#, ENTERPRISE_USER.to_uppercase()),
            format!(r#"{{"{ENTERPRISE_USER}:manager":{sent}}}"#),
        ] {
            assert_eq!(stored(&user(&body)), expected, "{body}");
        }
    }
}

#[test]
fn roles_and_e_mails_as_plain_texts_and_single_objects() {
    for sent in [
        r#""Admin""#,
        r#"["Admin"]"#,
        r#"{"value":"Admin"}"#,
        r#"[null,{"value":"Admin","display":null}]"#,
    ] {
        let parsed = user(&format!(r#"{{"roles":{sent}}}"#));
        assert_eq!(stored(&parsed), r#"{"roles":[{"value":"Admin"}]}"#, "{sent}");
    }
    let entra = user(
        r#"{"roles":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole",
            "displayName":"Admin","value":"Admin"}]}"#,
    );
    assert_eq!(
        stored(&entra),
        r#"{"roles":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","value":"Admin"}]}"#
    );
    assert_eq!(entra.ignored, ["roles.displayName"]);
}

#[test]
fn dotted_and_urn_keys_are_expanded_and_merged() {
    let parsed = user(&format!(
        r#"{{"name.givenName":"Anna","name":{{"familyName":"B"}},"NAME.formatted":"Anna B",
            "{ENTERPRISE_USER}:employeeNumber":"7","{ENTERPRISE_USER}":{{"manager.value":"M1","division":"D"}},
            "{ENTERPRISE_USER}:manager.$ref":"x","emails.value":"a@b.c","emails.primary":true,
            "urn:ietf:params:scim:schemas:core:2.0:User:title":"T",
            "urn:ietf:params:scim:schemas:core:2.0:User":{{"userName":"anna","locale":"de"}}}}"#
    ));
    assert!(parsed.ignored.is_empty());
    assert_eq!(
        stored(&parsed),
        format!(
            r#"{{"userName":"anna","name":{{"givenName":"Anna","familyName":"B","formatted":"Anna B"}},"title":"T","locale":"de","emails":[{{"value":"a@b.c","primary":true}}],"{ENTERPRISE_USER}":{{"employeeNumber":"7","manager":{{"value":"M1","$ref":"x"}},"division":"D"}}}}"#
        )
    );
}

#[test]
fn an_extension_that_holds_nothing_is_absent() {
    for value in ["null", r#""""#, "{}", r#"{"department":null}"#, r#"{"manager":""}"#] {
        let parsed = user(&format!(r#"{{"userName":"a","{ENTERPRISE_USER}":{value}}}"#));
        let json = parsed.document.to_json(&Catalog::standard().user);
        assert!(!json.contains("enterprise"), "{value}: {json}");
    }
}

#[test]
fn schemas_may_be_missing_odd_or_of_another_time() {
    for (schemas, ignored) in [
        ("null", vec![]),
        (r#""urn:ietf:params:scim:schemas:core:2.0:User""#, vec![]),
        (r#"["URN:ietf:params:scim:schemas:CORE:2.0:User",5]"#, vec![]),
        (r#"["urn:scim:schemas:core:1.0"]"#, vec!["urn:scim:schemas:core:1.0"]),
        (r#"["userName"]"#, vec!["userName"]),
    ] {
        let parsed = user(&format!(r#"{{"schemas":{schemas},"userName":"a"}}"#));
        assert_eq!(parsed.ignored, ignored, "{schemas}");
    }
}
