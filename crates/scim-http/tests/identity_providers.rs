//! What identity providers really send, and what they must get back.
//!
//! Every `*.json` in a folder of `identity_providers/` is one story: where its requests come from, who
//! is there at first, the requests in the client's own words, and what each is answered, up to
//! reading back what it has left behind. `runner.rs` says how a story is written, `README.md` which
//! facts about identity providers are told where. A provider's test plays its folder and the stories
//! of `field` that name it: what has broken elsewhere, again and again.

mod catalogue;
mod entra;
mod field_at_scale;
mod runner;

/// Makes one test of each provider.
macro_rules! providers {
    ($($(#[$about:meta])* $test:ident: $folder:literal,)+) => {
        $($(#[$about])* #[actix_web::test]
        async fn $test() {
            runner::play_all($folder).await;
        })+

        const PROVIDERS: &[&str] = &[$($folder,)+];
    };
}

providers! {
    /// Both clients, that of the custom SAML app (PUT) and that of the templates (PATCH), and the
    /// suites and the test plan of Okta.
    okta_gets_what_it_needs: "okta",
    /// Both dialects of PATCH, the validator, the tests of the gallery and the collection of
    /// requests of Microsoft.
    entra_gets_what_it_needs: "entra",
    onelogin_gets_what_it_needs: "onelogin",
    jumpcloud_gets_what_it_needs: "jumpcloud",
    /// Both products of Ping Identity.
    ping_gets_what_it_needs: "ping",
    /// Google Workspace has no client of its own for SCIM; bridges read its directory.
    google_bridges_get_what_they_need: "google",
    rippling_gets_what_it_needs: "rippling",
    sailpoint_gets_what_it_needs: "sailpoint",
    authentik_gets_what_it_needs: "authentik",
    /// SCIM for Keycloak.
    keycloak_gets_what_it_needs: "keycloak",
    /// Forms that no published request shows, and that are understood all the same.
    any_client_is_understood: "any",
}
