//! The management API, `/api/v1`: what a backend and a dashboard talk to.
//!
//! A request meets, in this order: an id and a span, its credential, the table of endpoints, the
//! permission that the table asks for, its query, its body, the use case. The table is made of the
//! `OpenAPI` document, so that what is documented, what is routed and what is enforced are one thing.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest,
    web::{self, Bytes, Payload, ServiceConfig},
};
use ipnet::IpNet;
use scim_app::{feed::Feeds, management::Management, ports::Ids};

mod access;
mod answer;
mod api_keys;
mod body;
mod call;
mod document;
mod door;
mod endpoints;
mod events;
mod groups;
mod history;
mod mapping_rules;
mod members;
mod numbers;
mod once;
mod operator_keys;
mod organizations;
mod page;
mod paging;
mod permissions;
mod problem;
mod public_keys;
mod roles;
mod users;

use endpoints::{Part, Table};

use crate::Settings;

/// Where the management API is mounted.
pub(crate) const MOUNT: &str = "/api/v1";

/// The management API and all it needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    management: Management,
    feeds: Feeds,
    ids: Arc<dyn Ids>,
    table: Table,
    document: Bytes,
    page: Bytes,
    public_url: String,
    trusted_proxies: Vec<IpNet>,
    request_timeout: Duration,
}

impl Api {
    /// The API over these use cases. `ids` names requests.
    ///
    /// # Errors
    /// Endpoints that do not agree with their description: a defect, which a test finds.
    pub fn new(
        management: Management,
        feeds: Feeds,
        ids: Arc<dyn Ids>,
        settings: Settings,
    ) -> Result<Self, String> {
        let Settings { public_url, trusted_proxies, request_timeout, .. } = settings;
        let public_url = public_url.trim_end_matches('/').to_owned();
        let (document, table) = endpoints::assemble(parts(), &format!("{public_url}{MOUNT}"))?;
        let page = page::render(&document)?;
        Ok(Self(Arc::new(Inner {
            management,
            feeds,
            ids,
            table,
            document: document.to_string().into(),
            page: page.into(),
            public_url,
            trusted_proxies,
            request_timeout,
        })))
    }

    /// The `OpenAPI` document, as JSON.
    pub fn document(&self) -> &[u8] {
        &self.0.document
    }

    /// The endpoints, one line each: method, whole path, what a key needs for it.
    pub fn inventory(&self) -> String {
        self.0.table.inventory()
    }
}

/// Every endpoint.
fn parts() -> Vec<Part> {
    vec![
        access::part(),
        document::part(),
        events::part(),
        history::part(),
        organizations::part(),
        organizations::lifecycle::part(),
        organizations::scim::part(),
        roles::part(),
        groups::part(),
        members::part(),
        mapping_rules::part(),
        api_keys::part(),
        operator_keys::part(),
        permissions::part(),
        users::part(),
        public_keys::part(),
    ]
}

/// One service for everything below the mount: nothing of a request is looked at before its
/// credential, and actix decodes paths before it matches them.
pub(crate) fn configure(cfg: &mut ServiceConfig, api: &Api) {
    let api = api.clone();
    let serve = move |request: HttpRequest, payload: Payload| {
        let api = api.clone();
        async move { door::serve(&api, &request, payload).await }
    };
    cfg.service(web::scope(MOUNT).default_service(web::to(serve)));
}
