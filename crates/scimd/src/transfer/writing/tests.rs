use serde_json::json;

use super::*;

#[test]
fn every_value_of_a_user_has_its_column() {
    let user = json!({
        "schemas": ["x"],
        "userName": "ann",
        "active": true,
        "name": { "givenName": "=Ann" },
        "emails": [{ "value": "a@x.example", "primary": true }, { "value": "b@x.example" }],
        "urn:example:Badge": { "number": 7, "doors": ["1", "2"] },
    });
    let mut columns = Columns::new();
    gather(&mut columns, &user);
    let header = header(columns);
    assert_eq!(header[..FIRST.len()], FIRST);
    let more = [
        "emails.2.value",
        "emails.primary",
        "urn:example:Badge:doors",
        "urn:example:Badge:doors.2",
        "urn:example:Badge:number",
    ];
    assert_eq!(header[FIRST.len()..], more);
    let row = csv_row(&header, &user).unwrap();
    let expected = [
        "ann",
        "",
        "true",
        "",
        "'=Ann",
        "",
        "a@x.example",
        "",
        "b@x.example",
        "true",
        "1",
        "2",
        "7",
    ];
    assert_eq!(row.iter().collect::<Vec<_>>(), expected);
    let error = csv_row(&header, &json!({ "nickName": "x" })).unwrap_err().to_string();
    assert!(error.contains("nickName"), "{error}");
}
