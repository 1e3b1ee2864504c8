use scim_domain::schema::Catalog;

use super::*;

fn read(header: &str) -> anyhow::Result<Option<Column>> {
    Column::read(&Catalog::standard().user, header)
}

fn user_of(cells: &[(&str, &str)]) -> Json {
    let columns: Vec<_> = cells.iter().map(|(header, _)| read(header).unwrap()).collect();
    user(&columns, cells.iter().map(|(_, cell)| *cell))
}

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap()
}

#[test]
fn a_row_is_the_user_that_its_headers_name() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let read = user_of(&[
        ("id", "7"),
        ("username", "ann"),
        (" name.givenName ", "Ann"),
        ("name.familyName", ""),
        ("active", "TRUE"),
        ("emails", "a@x.example"),
        ("emails.primary", "true"),
        ("emails.3.value", "c@x.example"),
        ("phoneNumbers.value", "'+49"),
        ("department", "d"),
        (&format!("{urn}:manager.value"), "m"),
    ]);
    let expected = json(&format!(
        r#"{{"userName":"ann","name":{{"givenName":"Ann"}},"active":true,
            "emails":[{{"value":"a@x.example","primary":true}},{{"value":"c@x.example"}}],
            "phoneNumbers":[{{"value":"+49"}}],
            "{urn}":{{"department":"d","manager":{{"value":"m"}}}}}}"#
    ));
    assert_eq!(read, expected);
}

#[test]
fn a_header_that_names_nothing_is_refused_with_what_is_near() {
    for (header, words) in [
        ("userNam", "did you mean userName"),
        ("shoeSize", "names no attribute"),
        ("", "names no attribute"),
        ("urn:example:x", "names no attribute"),
        ("name", "a part of name"),
        ("title.2", "no list"),
        ("emails.0.value", "beyond"),
        ("emails.101.value", "beyond"),
    ] {
        let error = read(header).unwrap_err().to_string();
        assert!(error.contains(words), "{header}: {error}");
    }
}

#[test]
fn what_only_the_service_sets_is_passed_over() {
    for header in ["id", "meta.created", "groups.value", "password"] {
        assert_eq!(read(header).unwrap(), None, "{header}");
    }
}
