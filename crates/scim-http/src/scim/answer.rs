//! What succeeds: one resource, a page of them, or nothing (RFC 7644 §3.3 – §3.6).

use std::fmt::Write as _;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ETAG, LOCATION},
    },
};
use scim_app::provisioning::{GroupView, Listing, Shown, UserView};
use scim_domain::{
    resource::{
        document::Corrupt,
        projection::Projection,
        representation::{self, Computed, Meta},
    },
    schema::{Catalog, ResourceKind, ResourceType},
};

use super::{Scim, conditions::etag, query::Query};

/// The media type of every answer (RFC 7644 §3.1).
pub(super) const SCIM_JSON: &str = "application/scim+json";
/// Bytes set aside for one resource; most users need fewer.
const RESOURCE_BYTES: usize = 1024;

/// A resource on its way out.
pub(super) trait View {
    /// Which kind it is.
    const KIND: ResourceKind;
    /// What the service computes: whoever does not show this attribute need not read it.
    const COMPUTED: &'static str;
    /// Its id.
    fn id(&self) -> String;
    /// Its times and version.
    fn meta(&self) -> &Meta;
    /// Its stored document.
    fn document(&self) -> &str;
    /// What joins the document.
    fn computed(&self) -> Computed<'_>;
}

impl View for UserView {
    const KIND: ResourceKind = ResourceKind::User;
    const COMPUTED: &'static str = "groups";

    fn id(&self) -> String {
        self.user.id.to_string()
    }

    fn meta(&self) -> &Meta {
        &self.user.meta
    }

    fn document(&self) -> &str {
        &self.user.document
    }

    fn computed(&self) -> Computed<'_> {
        Computed::User(self.user.id, self.groups.as_deref())
    }
}

impl View for GroupView {
    const KIND: ResourceKind = ResourceKind::Group;
    const COMPUTED: &'static str = "members";

    fn id(&self) -> String {
        self.group.id.to_string()
    }

    fn meta(&self) -> &Meta {
        &self.group.meta
    }

    fn document(&self) -> &str {
        &self.group.document
    }

    fn computed(&self) -> Computed<'_> {
        Computed::Group(self.group.id, self.members.as_deref())
    }
}

/// How resources of one type are shown in one answer.
pub(super) struct Shape<'a> {
    base: &'a str,
    resource_type: &'a ResourceType,
    projection: Projection,
}

impl<'a> Shape<'a> {
    /// The shape that the query asks for.
    pub(super) fn of<V: View>(scim: &'a Scim, catalog: &'a Catalog, query: &Query) -> Self {
        let resource_type = catalog.of(V::KIND);
        let projection = Projection::parse(
            resource_type,
            query.attributes.as_deref(),
            query.excluded_attributes.as_deref(),
        );
        Self { base: scim.base_url(), resource_type, projection }
    }

    /// Whether the answer shows what is computed from memberships.
    pub(super) fn shown<V: View>(&self) -> Shown {
        Shown(self.projection.shows(V::COMPUTED))
    }

    /// One resource, with its `Location` and `ETag`.
    pub(super) fn one<V: View>(
        &self,
        status: StatusCode,
        view: &V,
    ) -> Result<HttpResponse, Corrupt> {
        let mut text = String::with_capacity(RESOURCE_BYTES);
        self.write(&mut text, view)?;
        let location = format!("{}{}/{}", self.base, V::KIND.endpoint(), view.id());
        let mut response = json(status);
        response.insert_header((LOCATION, location));
        response.insert_header((ETAG, etag(view.meta().version)));
        Ok(response.body(text))
    }

    /// A page (RFC 7644 §3.4.2): `Resources` is there even when it is empty.
    pub(super) fn page<V: View>(&self, listing: &Listing<V>) -> Result<HttpResponse, Corrupt> {
        let Listing { total, start_index, items } = listing;
        let mut text = String::with_capacity(RESOURCE_BYTES * (items.len() + 1));
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            r#"{{"schemas":["{LIST_RESPONSE}"],"totalResults":{total},"startIndex":{start_index},"itemsPerPage":{},"Resources":["#,
            items.len()
        );
        for (index, view) in items.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            self.write(&mut text, view)?;
        }
        text.push_str("]}");
        Ok(json(StatusCode::OK).body(text))
    }

    fn write<V: View>(&self, text: &mut String, view: &V) -> Result<(), Corrupt> {
        representation::write(
            text,
            self.resource_type,
            view.document(),
            view.computed(),
            view.meta(),
            self.base,
            &self.projection,
        )
    }
}

/// The schema of every list (RFC 7644 §3.4.2).
pub(super) const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// The beginning of an answer with a body.
pub(super) fn json(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.content_type(SCIM_JSON);
    response
}

/// 304: the client has this version already.
pub(super) fn not_modified(version: u64) -> HttpResponse {
    HttpResponse::NotModified().insert_header((ETAG, etag(version))).finish()
}

/// 204.
pub(super) fn nothing() -> HttpResponse {
    HttpResponse::NoContent().finish()
}
