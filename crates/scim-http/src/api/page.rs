//! The description of the API as a page: made once of the `OpenAPI` document, and of nothing else.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS},
    web::Bytes,
};
use askama::Template;
use scim_domain::api_key::{Permission, Section};
use serde_json::Value;

mod curl;
mod fields;
mod operations;
mod prose;
#[cfg(test)]
mod tests;

use operations::{Needs, Tag};
use prose::Prose;

use super::problem::Kind;

const STYLE: &str = include_str!("page/style.css");
/// The digest of [`STYLE`], so that the page needs no `unsafe-inline`; a test keeps it right.
const STYLE_DIGEST: &str = "pc5QkqPV03GTgm0xPhxBbuJYPE5aZBTvpeBQ2wU9isU=";

/// What the template is filled with. All of it is escaped where it is put.
#[derive(Template)]
#[template(path = "docs.html")]
struct Page<'a> {
    style: &'static str,
    title: &'a str,
    version: &'a str,
    base: &'a str,
    description: Prose,
    tags: Vec<Tag>,
    sections: Vec<(&'static str, Vec<Permission>)>,
    problems: Vec<Problem>,
}

/// A kind of problem.
struct Problem {
    status: u16,
    code: &'static str,
    title: &'static str,
    advice: Prose,
}

/// The page of a document.
///
/// # Errors
/// A template that cannot be filled: a defect, which a test finds.
pub(super) fn render(document: &Value) -> Result<String, String> {
    let text =
        |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let sections = Section::ALL.iter().map(|section| {
        let permissions = Permission::ALL.iter().copied().filter(|it| it.section() == *section);
        (section.title(), permissions.collect())
    });
    let problems = Kind::ALL.iter().map(|it| Problem {
        status: it.status().as_u16(),
        code: it.code(),
        title: it.title(),
        advice: Prose::of(it.advice()),
    });
    let page = Page {
        style: STYLE,
        title: text("/info/title"),
        version: text("/info/version"),
        base: text("/servers/0/url"),
        description: Prose::of(text("/info/description")),
        tags: operations::by_tag(document),
        sections: sections.collect(),
        problems: problems.collect(),
    };
    page.render().map_err(|it| it.to_string())
}

/// The answer with the page: it may load nothing, run nothing and be framed by nobody.
pub(super) fn respond(page: Bytes) -> HttpResponse {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(page)
}
