use super::*;
use crate::schema::{Catalog, Found};

fn path(name: &str) -> AttributePath {
    match Catalog::standard().user.find(name) {
        Found::Attribute(found) => found.path(),
        other => panic!("{name} is {other:?}"),
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn email(value: &str) -> Value {
    Value::Complex([("value".into(), text(value))].into_iter().collect())
}

#[test]
fn a_path_prints_as_the_schema_spells_it() {
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
    for name in ["userName", "name.familyName", "meta.lastModified", manager] {
        assert_eq!(path(&name.to_ascii_uppercase()).to_string(), name);
    }
}

#[test]
fn the_values_of_a_path_are_those_of_every_element() {
    let emails = Value::List(vec![email("a@x"), email(""), email("b@x")]);
    let user = [("emails".into(), emails)].into_iter().collect();
    let values: Vec<_> =
        path("emails.value").values(&user).filter_map(Value::as_text).map(str::to_owned).collect();
    assert_eq!(values, ["a@x", "b@x"]);
    assert_eq!(path("title").values(&user).count(), 0);
}

#[test]
fn an_attribute_of_an_extension_is_looked_up_under_its_urn() {
    let department = path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    let extension = [("department".into(), text("Sales"))].into_iter().collect();
    let urn = department.extension.clone().unwrap();
    let user = [(urn, Value::Complex(extension)), ("department".into(), text("none"))];
    let user = user.into_iter().collect();
    assert_eq!(department.attribute_in(&user), Some(&text("Sales")));
}
