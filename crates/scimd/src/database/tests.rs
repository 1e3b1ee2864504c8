use super::shown;

#[test]
fn a_server_is_named_without_user_password_and_parameters() {
    assert_eq!(
        shown("postgres://me:pa%40ss@db:5432/scimd?sslmode=require"),
        "postgres://db:5432/scimd"
    );
    assert_eq!(shown("postgresql://db/scimd"), "postgresql://db/scimd");
}

#[test]
fn no_part_of_a_password_is_shown_however_it_is_written() {
    for (url, expected) in [
        ("postgres://me:pa?ss@db:5432/scimd?sslmode=require", "postgres://db:5432/scimd"),
        ("postgres://me:pa#ss@db/scimd", "postgres://db/scimd"),
        ("postgres://me:p@ss@db/scimd", "postgres://db/scimd"),
        ("postgres://me:p@s?s@db/scimd", "postgres://db/scimd"),
        ("postgres://db/scimd?password=secret", "postgres://db/scimd"),
        ("postgres://me:secret@db/scimd?password=secret", "postgres://db/scimd"),
        // Where the password ends cannot be told.
        ("postgres://db/scimd?password=pa@ss", "postgres://…"),
        ("postgres://me:p/a?ss@db/scimd", "postgres://…"),
        ("postgres://me:p?a@s@db/scimd", "postgres://…"),
        ("postgres://db?password=pa@ss", "postgres://…"),
    ] {
        assert_eq!(shown(url), expected, "{url}");
    }
}
