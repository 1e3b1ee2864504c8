//! An actix handler that does nothing: the limit that the service is measured against.
//!
//! `cargo xtask bench` builds and runs it beside the service. It answers with a body of the size of
//! a usual user, and knows neither key, nor database, nor JSON.

use actix_web::{App, HttpResponse, HttpServer, web};

/// As long as a user whose every common attribute is filled, with two groups.
const BODY: &str = include_str!("bare/user.json");

async fn bare() -> HttpResponse {
    HttpResponse::Ok().content_type("application/scim+json").body(BODY)
}

/// Listens on the address given as the only argument, with one worker a core as the service has.
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let server = HttpServer::new(|| App::new().route("/", web::get().to(bare)));
    server.bind(address)?.run().await
}
