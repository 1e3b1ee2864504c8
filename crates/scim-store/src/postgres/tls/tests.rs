use tokio_postgres::config::SslMode;

use super::{configuration, parameters};

#[test]
fn sslmode_is_taken_out_of_the_address_and_the_rest_stays() {
    let (bare, mode, authorities) = parameters(
        "postgres://me@db/scimd?sslmode=verify-full&sslrootcert=/my%20ca.pem&options=-ca%3Db",
    );
    assert_eq!(bare, "postgres://me@db/scimd?options=-ca%3Db");
    assert_eq!(
        (mode.as_deref(), authorities.as_deref()),
        (Some("verify-full"), Some("/my ca.pem"))
    );
}

#[test]
fn encryption_is_preferred_unless_the_address_says_otherwise() {
    let mode = |url| configuration(url).unwrap().0.get_ssl_mode();
    assert_eq!(mode("postgres://me@db/scimd"), SslMode::Prefer);
    assert_eq!(mode("postgres://me@db/scimd?sslmode=disable"), SslMode::Disable);
    assert_eq!(mode("postgres://me@db/scimd?sslmode=verify-full"), SslMode::Require);
    assert!(configuration("postgres://me@db/scimd?sslmode=maybe").is_err());
}

#[test]
fn an_address_that_cannot_be_read_is_not_repeated() {
    let refused = configuration("postgres://me:secret@db:port/scimd").err().unwrap();
    assert!(!format!("{refused:?}").contains("secret"));
}
