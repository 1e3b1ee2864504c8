use super::shown;

#[test]
fn a_server_is_named_without_user_password_and_parameters() {
    assert_eq!(
        shown("postgres://me:pa%40ss@db:5432/scimd?sslmode=require"),
        "postgres://db:5432/scimd"
    );
    assert_eq!(shown("postgresql://db/scimd"), "postgresql://db/scimd");
}
