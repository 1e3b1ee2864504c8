//! `/`: what this is and where to go, for people and for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, REFERRER_POLICY, VARY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    web::{self, ServiceConfig},
};
use serde_json::json;

use crate::{
    api,
    scim::{
        MOUNT, nowhere_for,
        routes::{Action, path_of},
    },
};

#[cfg(test)]
mod tests;

const PAGE: &str = include_str!("home/page.html");
const STYLE: &str = include_str!("home/style.css");
/// The digest of [`STYLE`], so that the page needs no `unsafe-inline`; a test keeps it right.
const STYLE_DIGEST: &str = "qWwrZOjxaxu/femiiDKrrEG9wxNdwXBV5Zz37nYJiAQ=";

pub(crate) fn configure(cfg: &mut ServiceConfig, public_url: &str) {
    let base = format!("{public_url}{MOUNT}");
    let page = page(&base);
    let public_url = public_url.to_owned();
    let serve = move |request: HttpRequest| {
        let response =
            if wants_json(request.headers()) { json(&public_url, &base) } else { html(&page) };
        async move { response }
    };
    cfg.service(
        web::resource(path_of(Action::Home))
            .route(web::get().to(serve.clone()))
            .route(web::head().to(serve))
            .default_service(web::to(|| nowhere_for("GET, HEAD"))),
    );
}

/// Whether a client asks for JSON and not for a page.
fn wants_json(headers: &HeaderMap) -> bool {
    let accepts = |what: &str| {
        headers.get_all(ACCEPT).filter_map(|it| it.to_str().ok()).any(|it| it.contains(what))
    };
    (accepts("application/json") || accepts("application/scim+json")) && !accepts("text/html")
}

fn page(base: &str) -> String {
    // Okta takes https and nothing else; whoever reads this on a laptop should know before trying.
    let hint = if base.starts_with("https://") {
        ""
    } else {
        "<p class=\"hint\">Okta accepts only addresses that begin with https. Put a TLS certificate, \
         a reverse proxy or a tunnel in front, and set <code>server.public_url</code>.</p>"
    };
    PAGE.replace("{style}", STYLE).replace("{hint}", hint).replace("{base}", &escape(base))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn html(page: &str) -> HttpResponse {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .body(page.to_owned())
}

fn json(public_url: &str, base: &str) -> HttpResponse {
    let body = json!({
        "name": "scimd",
        "description": "A SCIM 2.0 service: identity providers create, update and deactivate users here, and push groups.",
        "scim": base,
        "management": format!("{public_url}{}/openapi.json", api::MOUNT),
        "documentation": format!("{public_url}{}/docs", api::MOUNT),
        "alive": path_of(Action::Alive),
        "ready": path_of(Action::Ready),
    });
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .body(body.to_string())
}
