use super::*;

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

#[test]
fn an_attribute_is_reached_whatever_the_case_of_its_name() {
    let mut it = object([("userName", text("a")), ("title", text("b"))]);
    assert_eq!(it.get("USERNAME"), Some(&text("a")));
    it.set("username".into(), text("c"));
    let names: Vec<&str> = it.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["userName", "title"], "the spelling and the place stay");
    assert_eq!(it.remove("TITLE"), Some(text("b")));
    assert_eq!(it.remove("title"), None);
}

#[test]
fn objects_are_equal_in_any_order_of_their_attributes() {
    let one = object([("a", text("1")), ("b", text("2"))]);
    assert_eq!(one, object([("b", text("2")), ("a", text("1"))]));
    assert_ne!(one, object([("a", text("1"))]));
    assert_ne!(one, object([("a", text("1")), ("b", text("3"))]));
    assert_ne!(one, object([("a", text("1")), ("c", text("2"))]));
}

#[test]
fn the_elements_of_a_value_are_its_list_or_itself() {
    assert_eq!(text("a").elements(), [text("a")]);
    assert_eq!(Value::List(vec![text("a"), text("b")]).elements(), [text("a"), text("b")]);
}
