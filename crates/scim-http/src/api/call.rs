//! One request whose credential is good, whose endpoint is known, and whose key may use it.

use actix_web::{
    HttpRequest,
    error::QueryPayloadError,
    web::{Bytes, Payload, Query},
};
use scim_app::{administration::Administration, management::Manager};
use scim_domain::OrganizationId;
use serde::de::DeserializeOwned;

use super::{Api, MOUNT, body, endpoints::Segments, numbers::in_query, problem::Problem};

/// A request for an endpoint.
pub(super) struct Call {
    /// The API.
    pub(super) api: Api,
    /// The request.
    pub(super) request: HttpRequest,
    /// Its body, unless it was read.
    pub(super) payload: Option<Payload>,
    /// The body as it was sent, once it was read.
    pub(super) sent: Bytes,
    /// Who asks; nobody on an endpoint that is open.
    pub(super) manager: Option<Manager>,
    /// The organization that the path names, which the key reaches.
    pub(super) organization: Option<OrganizationId>,
    /// What the path says beside.
    pub(super) segments: Segments,
}

impl Call {
    /// Who asks. The door lets nobody pass without a key, except on endpoints that are open.
    pub(super) fn manager(&self) -> Result<&Manager, Problem> {
        self.manager.as_ref().ok_or_else(|| Problem::defect("an open endpoint asked for a key"))
    }

    /// The use cases, on behalf of the key.
    pub(super) fn administration(&self) -> Result<&Administration, Problem> {
        Ok(self.manager()?.administration())
    }

    /// The address of a path of the API.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{MOUNT}{path}", self.api.0.public_url)
    }

    /// The organization that the path names; the key reaches it and has the permission.
    pub(super) fn organization(&self) -> Result<OrganizationId, Problem> {
        self.organization.ok_or_else(|| Problem::defect("no organization is in the path"))
    }

    /// What stands in the path for a name.
    pub(super) fn segment(&self, name: &str) -> &str {
        let found = self.segments.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value)
    }

    /// The parameters of the query. One that the endpoint does not know is an error that names it:
    /// a filter with a typing error must not list everything.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let query = self.request.query_string();
        read(query).map_err(|why| {
            let why = in_query(&why, query, |other| read::<T>(other).err());
            Problem::invalid(format!("The query cannot be read: {why}."))
        })
    }

    /// The body, as JSON without duplicate or unknown names.
    pub(super) async fn body<T: DeserializeOwned>(&mut self) -> Result<T, Problem> {
        let payload = self.payload.take();
        let payload = payload.ok_or_else(|| Problem::defect("a body was read twice"))?;
        self.sent = body::receive(&self.api, &self.request, payload).await?;
        body::parse(&self.sent)
    }
}

/// Reads a query, or says why it cannot be read.
fn read<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    let read = Query::<T>::from_query(query);
    read.map(Query::into_inner).map_err(|it| match it {
        QueryPayloadError::Deserialize(why) => why.to_string(),
        // Others may come: its enum is not exhaustive.
        other => other.to_string(),
    })
}
