use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::api::{endpoints, parts};

fn document() -> Value {
    endpoints::assemble(parts(), "https://scim.example.com/api/v1").unwrap().0
}

// U3
#[test]
fn the_policy_allows_the_style_of_the_page() {
    assert_eq!(STYLE_DIGEST, STANDARD.encode(Sha256::digest(STYLE)));
    assert!(render(&document()).unwrap().contains(&format!("<style>{STYLE}</style>")));
}

#[test]
fn every_operation_every_permission_and_every_kind_of_problem_has_its_place() {
    let document = document();
    let page = render(&document).unwrap();
    let has = |anchor: &str| {
        assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
    };
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            has(operation["operationId"].as_str().unwrap());
        }
    }
    for permission in Permission::ALL {
        has(&format!("permission-{}", permission.name()));
    }
    for kind in Kind::ALL {
        has(&format!("problem-{}", kind.code()));
    }
}

#[test]
fn every_link_inside_of_the_page_leads_somewhere() {
    let page = render(&document()).unwrap();
    for link in page.split("href=\"#").skip(1) {
        let anchor = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

// U4
#[test]
fn nothing_of_the_document_is_taken_for_markup() {
    let mut document = document();
    let evil = "</style><script>alert('x')</script>\" onload=\"y`</code><img>`";
    for pointer in [
        "/info/title",
        "/info/description",
        "/servers/0/url",
        "/tags/0/description",
        "/paths/~1organizations/get/summary",
        "/paths/~1organizations/get/description",
    ] {
        *document.pointer_mut(pointer).unwrap() = json!(evil);
    }
    document["components"]["schemas"]["NewOrganization"]["properties"][evil] =
        json!({"type": evil, "description": evil});
    let page = render(&document).unwrap();
    for markup in ["<script", "<img", "\" onload"] {
        assert!(!page.contains(markup), "{markup}");
    }
    assert!(page.contains("&#60;script&#62;") || page.contains("&lt;script&gt;"));
}

#[test]
fn an_example_survives_the_shell() {
    let body = Some("{\"name\": \"Anna's\"}");
    let call = curl::call("https://a.example/x", "POST", &json!({}), body);
    assert!(call.contains(r#"-d '{"name": "Anna'\''s"}'"#), "{call}");
}
