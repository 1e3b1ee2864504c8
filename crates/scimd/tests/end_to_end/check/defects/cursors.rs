//! A server that is wrong about pages by cursor.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Request;

/// The cursor that is asked for, however.
fn cursor(request: &mut Request) -> Option<&mut String> {
    if let Some(Value::String(cursor)) = request.json.get_mut("cursor") {
        return Some(cursor);
    }
    request.query.iter_mut().find(|(name, _)| name == "cursor").map(|(_, value)| value)
}

defects! {
    "gives the first page for every cursor" [
        "cursors.walk" "cursors.search" "cursors.back" "cursors.forged" "cursors.other-query"]
        Asked |request| {
            if let Some(cursor) = cursor(request) { cursor.clear(); }
            None
        };
    "gives cursors that a URL does not take" ["cursors.characters"]
        Told |_, answer| if answer.json["previousCursor"].is_string() {
            answer.json["previousCursor"] = json!("a+b/c=");
        };
    "leads back from the first page" ["cursors.back"]
        Told |request, answer| if request.parameter("cursor") == Some("") {
            answer.json["previousCursor"] = json!("x");
        };
    "leads on from a page of nobody" ["cursors.zero"]
        Told |request, answer| if request.parameter("count") == Some("0") {
            answer.json["nextCursor"] = json!("x");
        };
    "ends a search by POST after a page" ["cursors.search"]
        Told |request, answer| if request.path.ends_with("/.search") {
            answer.json.as_object_mut().map(|it| it.remove("nextCursor"));
        };
    "knows no startIndex beside cursors" ["cursors.index"]
        Asked |request| { request.forget(&["startIndex"]); None };
    "caps the count of a page by cursor" ["cursors.count"]
        Asked |request| {
            for (_, value) in request.query.iter_mut().filter(|(name, _)| name == "count") {
                *value = value.parse::<u64>().unwrap().min(1000).to_string();
            }
            None
        };
}
