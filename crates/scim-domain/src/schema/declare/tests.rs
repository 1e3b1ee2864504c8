use serde_json::{Value, json};

use super::*;
use crate::schema::{Catalog, Kind, Mutability, Returned};

const BADGE: &str = "urn:example:params:scim:schemas:Badge:2.0:User";

fn read(json: &Value) -> Json {
    Json::parse(json.to_string().as_bytes()).unwrap()
}

fn declare(json: &Value) -> Result<Schema, Undeclarable> {
    Schema::declare(ResourceKind::User, &read(json))
}

/// A schema with these attributes.
fn badge(attributes: &Value) -> Value {
    json!({ "id": BADGE, "name": "Badge", "attributes": attributes })
}

fn refusal(attribute: &Value) -> (String, Rule) {
    match declare(&badge(&json!([attribute]))) {
        Err(it) => (it.at, it.rule),
        Ok(it) => panic!("{it:?}"),
    }
}

#[test]
fn what_is_left_out_has_the_defaults_of_the_rfc() {
    let schema = declare(&json!({ "id": BADGE, "attributes": [{ "name": "number" }] })).unwrap();
    assert_eq!((&*schema.id, &*schema.name, &*schema.description), (BADGE, BADGE, ""));
    let it = &schema.attributes[0];
    assert_eq!((&*it.name, it.kind), ("number", Kind::String));
    assert_eq!((it.mutability, it.returned), (Mutability::ReadWrite, Returned::Default));
    assert!(![it.multi_valued, it.required, it.case_exact, it.indexed].contains(&true));
}

#[test]
fn every_characteristic_is_read_and_written_back() {
    let attributes = json!([
        { "name": "number", "caseExact": true, "mutability": "IMMUTABLE", "indexed": true,
          "canonicalValues": ["1", "2"], "description": " Printed on it " },
        { "name": "pin", "mutability": "writeOnly" },
        { "name": "photo-small_1", "type": "reference", "referenceTypes": ["external"],
          "returned": "request", "multiValued": true },
        { "name": "scan", "type": "binary", "caseExact": false },
        { "name": "since", "type": "datetime", "returned": "always", "uniqueness": "none" },
        { "name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "$ref", "type": "reference" },
            { "name": "primary", "type": "boolean" }, { "name": "weight", "type": "decimal" },
            { "name": "floor", "type": "integer", "mutability": "immutable" }] },
    ]);
    let mut declared = badge(&attributes);
    declared["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
    declared["meta"] = json!({ "resourceType": "Schema" });
    let schema = declare(&declared).unwrap();
    let pin = &schema.attributes[1];
    assert_eq!((pin.mutability, pin.returned), (Mutability::WriteOnly, Returned::Never));
    assert!(schema.attributes[2].case_exact, "references are, unless it is said otherwise");
    assert!(schema.attributes[3].case_exact, "Base64 is, whatever is said");
    assert_eq!(schema.attributes[0].description, "Printed on it");
    let definition = schema.to_definition();
    assert_eq!(Schema::read(&definition.to_string()), Ok(schema.clone()));
    assert_eq!(definition["attributes"][0]["indexed"], true);
    // What everybody sees is without what is never returned, and without our own key.
    let shown = schema.to_discovery();
    assert!(shown["attributes"][0].get("indexed").is_none());
    assert_eq!(shown["attributes"][1]["name"], "photo-small_1");
}

#[test]
fn parts_of_what_is_fixed_or_hidden_are_so_too() {
    let parts = json!([{ "name": "a", "mutability": "readWrite", "returned": "default" }]);
    let fixed = json!({ "name": "x", "type": "complex", "mutability": "immutable",
        "subAttributes": parts });
    let hidden = json!({ "name": "y", "type": "complex", "mutability": "writeOnly",
        "subAttributes": parts });
    let schema = declare(&badge(&json!([fixed, hidden]))).unwrap();
    let part = |at: usize| &schema.attributes[at].sub_attributes[0];
    assert_eq!(part(0).mutability, Mutability::Immutable);
    assert_eq!((part(1).mutability, part(1).returned), (Mutability::WriteOnly, Returned::Never));
}

#[test]
fn a_refusal_names_the_attribute_and_the_rule() {
    let complex = |part: Value| json!({ "name": "x", "type": "complex", "subAttributes": [part] });
    let kind = "a data type of RFC 7643 §2.3";
    for (attribute, at, rule) in [
        (json!({ "name": "x", "required": true }), "x", Rule::Required),
        (complex(json!({ "name": "y", "required": true })), "x.y", Rule::Required),
        (json!({ "name": "x", "uniqueness": "server" }), "x", Rule::Unique),
        (json!({ "name": "x", "mutability": "readOnly" }), "x", Rule::ReadOnly),
        (complex(json!({ "name": "y", "mutability": "readOnly" })), "x.y", Rule::ReadOnly),
        (json!({ "name": "x", "returned": "never" }), "x", Rule::Hidden),
        (
            json!({ "name": "x", "mutability": "writeOnly", "returned": "default" }),
            "x",
            Rule::Hidden,
        ),
        (json!({ "name": "x", "type": "complex" }), "x", Rule::NoParts),
        (json!({ "name": "x", "subAttributes": [{ "name": "y" }] }), "x", Rule::PartsOfSimple),
        (complex(complex(json!({ "name": "y" }))), "x.x", Rule::Nested),
        (json!({ "name": "1x" }), "1x", Rule::Name),
        (json!({ "name": "x.y" }), "x.y", Rule::Name),
        (json!({ "name": "" }), "", Rule::Name),
        (json!({ "name": "$ref" }), "$ref", Rule::Name),
        (json!({ "name": "a".repeat(65) }), &"a".repeat(65), Rule::Name),
        (json!({ "type": "string" }), "", Rule::Missing("the name")),
        (json!({ "name": "x", "type": "text" }), "x", Rule::Type { key: "type", wanted: kind }),
        (json!({ "name": "x", "multivalue": true }), "x", Rule::Unknown("multivalue".to_owned())),
        (
            json!({ "name": "x", "multiValued": "yes" }),
            "x",
            Rule::Type { key: "multiValued", wanted: "true or false" },
        ),
        (json!({ "name": "x", "type": "boolean", "canonicalValues": ["a"] }), "x", Rule::Canonical),
        (json!({ "name": "x", "referenceTypes": ["User"] }), "x", Rule::References),
        (
            json!({ "name": "x", "type": "reference", "referenceTypes": ["Device"] }),
            "x",
            Rule::ReferenceType("Device".to_owned()),
        ),
        (json!({ "name": "x", "type": "integer", "indexed": true }), "x", Rule::IndexKind),
        (json!({ "name": "x", "type": "dateTime", "indexed": true }), "x", Rule::IndexKind),
        (json!({ "name": "x", "mutability": "writeOnly", "indexed": true }), "x", Rule::IndexKind),
        (
            json!({ "name": "x", "type": "complex", "indexed": true, "subAttributes": [{ "name": "y" }] }),
            "x",
            Rule::IndexKind,
        ),
        (complex(json!({ "name": "y", "indexed": true })), "x.y", Rule::IndexOfPart),
        (json!("x"), "", Rule::Type { key: "it", wanted: "an object" }),
        (
            json!({ "name": "x", "canonicalValues": vec!["a"; 101] }),
            "x",
            Rule::TooMany { what: "canonicalValues", most: 100 },
        ),
    ] {
        assert_eq!(refusal(&attribute), (at.to_owned(), rule), "{attribute}");
    }
    let twice = declare(&badge(&json!([{ "name": "x" }, { "name": "X" }]))).unwrap_err();
    assert_eq!((&*twice.at, &twice.rule), ("X", &Rule::NameTaken));
    assert_eq!(
        twice.to_string(),
        "The attribute X cannot be declared so: another attribute has this name; letter case does \
         not tell two apart."
    );
    let group = Schema::declare(
        ResourceKind::Group,
        &read(&badge(&json!([{ "name": "x", "indexed": true }]))),
    );
    assert_eq!(group.unwrap_err().rule, Rule::IndexOfGroup);
}

#[test]
fn the_id_is_a_urn_of_the_organizations_own() {
    for id in [
        "",
        "Badge",
        "urn:badge",
        "urn:example:",
        "urn::badge",
        "urn:example:a b",
        "urn:example:a]b",
        "urn:example:a\"b",
        "urn:example:é",
        "https://example.com/badge",
        &format!("urn:example:{}", "x".repeat(200)),
    ] {
        let refused = declare(&json!({ "id": id, "attributes": [{ "name": "x" }] }));
        assert_eq!(refused.unwrap_err().rule, Rule::Urn, "{id}");
    }
    for id in [
        "urn:ietf:params:scim:schemas:core:2.0:Device",
        "URN:IETF:params:scim:schemas:extension:Enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:Group",
        "urn:ietf:params:scim:api:messages:2.0:Error",
        "urn:okta:scim:schemas:core:1.0:Role",
    ] {
        let refused = declare(&json!({ "id": id, "attributes": [{ "name": "x" }] }));
        assert!(matches!(refused.unwrap_err().rule, Rule::Reserved(_)), "{id}");
    }
    // As the guides of Entra and Okta name them.
    for id in [
        "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User",
        "urn:okta:acme_app_1:1.0:user:custom",
    ] {
        declare(&json!({ "id": id, "attributes": [{ "name": "x" }] })).unwrap();
    }
}

#[test]
fn a_schema_has_its_limits() {
    let many = |number: usize, more: Value| {
        let mut all = Vec::new();
        for at in 0..number {
            let mut it = more.clone();
            it["name"] = json!(format!("x{at}"));
            all.push(it);
        }
        json!(all)
    };
    let rule = |attributes: Value| declare(&badge(&attributes)).map_err(|it| it.rule);
    rule(many(100, json!({}))).unwrap();
    let refused = |what, most| Err(Rule::TooMany { what, most });
    assert_eq!(rule(many(101, json!({}))), refused("attributes", 100));
    assert_eq!(rule(many(11, json!({ "indexed": true }))), refused("indexed attributes", 10));
    let parts = json!([{ "name": "x", "type": "complex", "subAttributes": many(31, json!({})) }]);
    assert_eq!(rule(parts), refused("subAttributes", 30));
    assert_eq!(rule(json!([])), Err(Rule::Missing("attributes")));
}

#[test]
fn a_change_keeps_what_stored_values_mean() {
    let before = declare(&badge(&json!([
        { "name": "number" },
        { "name": "door", "type": "complex", "subAttributes": [{ "name": "value" }] },
    ])))
    .unwrap();
    let change = |attributes: Value| declare(&badge(&attributes)).unwrap().in_place_of(&before);
    let door = json!({ "name": "door", "type": "complex", "subAttributes": [{ "name": "value" }] });
    for (attributes, at, rule) in [
        (json!([{ "name": "number" }]), "door", Rule::Gone),
        (json!([{ "name": "Number" }, door]), "number", Rule::Gone),
        (json!([{ "name": "number", "type": "integer" }, door]), "number", Rule::Fixed("type")),
        (
            json!([{ "name": "number", "multiValued": true }, door]),
            "number",
            Rule::Fixed("multiValued"),
        ),
        (
            json!([{ "name": "number", "caseExact": true }, door]),
            "number",
            Rule::Fixed("caseExact"),
        ),
        (
            json!([{ "name": "number", "mutability": "writeOnly" }, door]),
            "number",
            Rule::Fixed("writeOnly"),
        ),
        (
            json!([{ "name": "number" }, { "name": "door", "type": "complex",
            "subAttributes": [{ "name": "other" }] }]),
            "door.value",
            Rule::Gone,
        ),
    ] {
        assert_eq!(change(attributes).unwrap_err(), Undeclarable { at: at.to_owned(), rule });
    }
    let fine = json!([
        { "name": "number", "indexed": true, "mutability": "immutable", "returned": "request",
          "canonicalValues": ["1"], "description": "New" },
        { "name": "door", "type": "complex",
          "subAttributes": [{ "name": "value" }, { "name": "floor" }] },
        { "name": "colour", "indexed": true },
    ]);
    let after = change(fine).unwrap();
    let building: Vec<_> = after.attributes.iter().map(|it| it.index_building).collect();
    // Users may have numbers already, and nobody has a colour.
    assert_eq!(building, [true, false, false]);
    let again = declare(&after.to_definition()).unwrap().in_place_of(&after).unwrap();
    assert_eq!(again, after, "what is being built still is");
}

#[test]
fn the_schemas_that_everybody_has_could_be_read_back_too() {
    let catalog = Catalog::standard();
    for schema in catalog.user.schemas().chain(catalog.group.schemas()) {
        let mut read = Schema::read(&schema.to_definition().to_string()).unwrap();
        for it in &mut read.attributes {
            // Where values live is no part of a declaration.
            it.in_rows = it.name.eq_ignore_ascii_case("members");
        }
        assert_eq!(read, *schema);
    }
}
