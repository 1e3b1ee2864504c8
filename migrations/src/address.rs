//! The address of a PostgreSQL database, read by sqlx as the store reads it.

/// What an address says of encryption, in the words that mean the same to sqlx.
///
/// The store checks the name in a certificate wherever it checks the certificate, checks it for
/// `require` too where authorities are named, and encrypts for `allow` where the server can. sqlx by
/// itself does none of that.
pub(crate) fn for_sqlx(url: &str) -> String {
    let Some((address, query)) = url.split_once('?') else { return url.to_owned() };
    let authorities = query.split('&').any(|it| it.starts_with("sslrootcert="));
    let same = |parameter| match parameter {
        "sslmode=verify-ca" => "sslmode=verify-full",
        "sslmode=require" if authorities => "sslmode=verify-full",
        "sslmode=allow" => "sslmode=prefer",
        other => other,
    };
    let query: Vec<&str> = query.split('&').map(same).collect();
    format!("{address}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::for_sqlx;

    #[test]
    fn whoever_checks_a_certificate_checks_the_name_in_it() {
        for (said, meant) in [
            ("postgres://me@db/scimd", "postgres://me@db/scimd"),
            ("postgres://db/s?sslmode=disable", "postgres://db/s?sslmode=disable"),
            ("postgres://db/s?sslmode=allow", "postgres://db/s?sslmode=prefer"),
            ("postgres://db/s?sslmode=require", "postgres://db/s?sslmode=require"),
            ("postgres://db/s?sslmode=verify-ca", "postgres://db/s?sslmode=verify-full"),
            (
                "postgres://db/s?sslrootcert=/ca.pem&sslmode=require&application_name=a",
                "postgres://db/s?sslrootcert=/ca.pem&sslmode=verify-full&application_name=a",
            ),
        ] {
            assert_eq!(for_sqlx(said), meant);
        }
    }
}
