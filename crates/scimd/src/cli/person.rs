//! Users in lists of people.

use scim_app::administration::Person;
use serde_json::{Value, json};

/// The head of a table of people.
pub const HEAD: [&str; 4] = ["id", "user name", "name", "access"];

/// A row below it.
pub fn row(person: &Person) -> [String; 4] {
    let name = person.display_name.clone().unwrap_or_default();
    let access = match (person.active, person.protected) {
        (true, false) => "active",
        (true, true) => "active, protected",
        (false, false) => "inactive",
        (false, true) => "inactive, protected",
    };
    [person.id.to_string(), person.user_name.clone(), name, access.to_owned()]
}

/// One of them for programs.
pub fn object(person: &Person) -> Value {
    json!({
        "id": person.id.to_string(),
        "type": "User",
        "userName": person.user_name,
        "displayName": person.display_name,
        "active": person.active,
        "protected": person.protected,
    })
}
