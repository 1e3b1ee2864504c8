use secrecy::SecretString;

use super::*;

#[test]
fn postgresql_is_backed_up_with_its_own_tools() {
    for url in ["postgres://u:secret@h/db", " postgresql://u:secret@h/db"] {
        let database = Database::of(&SecretString::from(url)).unwrap();
        let error = embedded(&database).unwrap_err().to_string();
        assert!(error.contains("pg_dump") && error.contains("docs/operations.md"), "{error}");
        assert!(!error.contains("secret") && error.lines().count() == 1);
    }
    embedded(&Database::of(&SecretString::from("sqlite://data/scimd.db")).unwrap()).unwrap();
}
