//! What succeeds: one resource, a page of them, or nothing (RFC 7644 §3.3 – §3.6).

use std::{fmt::Write as _, sync::Arc};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{CONTENT_LOCATION, ETAG, LOCATION},
    },
};
use scim_app::provisioning::{Caller, GroupView, Listing, Position, ResourceView, Shown, UserView};
use scim_domain::{
    group::Member,
    resource::{
        document::Corrupt,
        projection::Projection,
        representation::{self, Around, Computed, Meta},
    },
    schema::ResourceKind,
};

use super::{
    Scim,
    conditions::etag,
    error::{Failure, Refusal},
    query::Query,
};

/// The media type of every answer (RFC 7644 §3.1).
pub(super) const SCIM_JSON: &str = "application/scim+json";
/// Bytes set aside for one resource; most users need fewer.
const RESOURCE_BYTES: usize = 1024;
/// A member with its `$ref`, or a group of a user, takes about an eighth of that.
const ENTRIES_PER_KILOBYTE: usize = 8;
/// Kilobytes that are written on the worker.
const WRITTEN_INLINE: usize = 256;

/// A resource on its way out.
pub(super) trait View: Send + 'static {
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
    /// How many entries the computed attribute has.
    fn entries(&self) -> usize;
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

    fn entries(&self) -> usize {
        self.groups.as_ref().map_or(0, Vec::len)
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
        Computed::Group(self.group.id, self.members.all())
    }

    fn entries(&self) -> usize {
        self.members.all().map_or(0, <[Member]>::len)
    }
}

/// How resources of one type are shown in one answer.
pub(super) struct Shape {
    scim: Scim,
    /// With the schemas. Has the turn of the request, which so is kept while an answer is written on
    /// a thread of its own.
    caller: Arc<Caller>,
    projection: Projection,
}

impl Shape {
    /// The shape that the query asks for.
    pub(super) fn of<V: View>(scim: &Scim, caller: &Arc<Caller>, query: &Query) -> Self {
        let projection = Projection::parse(
            caller.catalog.of(V::KIND),
            query.attributes.as_deref(),
            query.excluded_attributes.as_deref(),
        );
        Self { scim: scim.clone(), caller: Arc::clone(caller), projection }
    }

    /// Whether the answer shows what is computed from memberships.
    pub(super) fn shown<V: View>(&self) -> Shown {
        Shown(self.projection.shows(V::COMPUTED))
    }

    /// One resource, with its `Location` and `ETag`. `Content-Location` says the same once more:
    /// RFC 7643 §3.1 wants `meta.location` to equal it.
    pub(super) async fn one<V: View>(
        self,
        status: StatusCode,
        view: V,
    ) -> Result<HttpResponse, Failure> {
        let mut response = self.head_of_one(status, &view);
        let text = written(weight(&view), move || self.one_text(&view)).await?;
        Ok(response.body(text))
    }

    /// The beginning of an answer with one resource.
    pub(super) fn head_of_one<V: View>(&self, status: StatusCode, view: &V) -> HttpResponseBuilder {
        let location = format!("{}{}/{}", self.scim.base_url(), V::KIND.endpoint(), view.id());
        let mut response = json(status);
        response.insert_header((CONTENT_LOCATION, location.clone()));
        response.insert_header((LOCATION, location));
        response.insert_header((ETAG, etag(view.meta().version)));
        response
    }

    /// A group without its members, which are written between the two ends.
    pub(super) fn around(&self, view: &GroupView) -> Result<Around, Corrupt> {
        Around::of(
            self.caller.catalog.of(ResourceKind::Group),
            &view.group.document,
            view.group.id,
            &view.group.meta,
            self.scim.base_url(),
            &self.projection,
        )
    }

    /// A page (RFC 7644 §3.4.2): `Resources` is there even when it is empty.
    pub(super) async fn page<V: View>(self, page: Listing<V>) -> Result<HttpResponse, Failure> {
        let weight = page.items.iter().map(weight).sum();
        list(weight, page, move |text, view| self.write(text, view)).await
    }

    /// A page of users in this shape and groups in another.
    pub(super) async fn page_with(
        self,
        groups: Self,
        page: Listing<ResourceView>,
    ) -> Result<HttpResponse, Failure> {
        let weigh = |it: &ResourceView| match it {
            ResourceView::User(view) => weight(view),
            ResourceView::Group(view) => weight(view),
        };
        let weight = page.items.iter().map(weigh).sum();
        let write = move |text: &mut String, it: &ResourceView| match it {
            ResourceView::User(view) => self.write(text, view),
            ResourceView::Group(view) => groups.write(text, view),
        };
        list(weight, page, write).await
    }

    fn one_text<V: View>(&self, view: &V) -> Result<String, Corrupt> {
        let mut text = String::with_capacity(RESOURCE_BYTES * weight(view));
        self.write(&mut text, view)?;
        Ok(text)
    }

    pub(super) fn write<V: View>(&self, text: &mut String, view: &V) -> Result<(), Corrupt> {
        representation::write(
            text,
            self.caller.catalog.of(V::KIND),
            view.document(),
            view.computed(),
            view.meta(),
            self.scim.base_url(),
            &self.projection,
        )
    }
}

/// The list around what `write` makes of each item.
async fn list<T: Send + 'static>(
    weight: usize,
    page: Listing<T>,
    write: impl Fn(&mut String, &T) -> Result<(), Corrupt> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    let text = written(weight, move || list_text(&page, write)).await?;
    Ok(json(StatusCode::OK).body(text))
}

fn list_text<T>(
    page: &Listing<T>,
    write: impl Fn(&mut String, &T) -> Result<(), Corrupt>,
) -> Result<String, Corrupt> {
    let items = &page.items;
    let mut text = String::with_capacity(RESOURCE_BYTES * (items.len() + 1));
    write_head_of_list(&mut text, page);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(&mut text, item)?;
    }
    text.push_str(END_OF_LIST);
    Ok(text)
}

/// What comes before the resources of a list.
pub(super) fn write_head_of_list<T>(text: &mut String, page: &Listing<T>) {
    let Listing { total, position, items } = page;
    // Writing to a String cannot fail.
    let _ = write!(text, r#"{{"schemas":["{LIST_RESPONSE}"],"totalResults":{total}"#);
    write_position(text, position);
    let _ = write!(text, r#","itemsPerPage":{},"Resources":["#, items.len());
}

/// What comes after the resources of a list.
pub(super) const END_OF_LIST: &str = "]}";

/// `startIndex`, or what leads to the pages before and after (RFC 9865 §2).
fn write_position(text: &mut String, position: &Position) {
    match position {
        Position::Index(start) => {
            let _ = write!(text, r#","startIndex":{start}"#);
        }
        Position::Cursor { previous, next } => {
            for (name, cursor) in [("previousCursor", previous), ("nextCursor", next)] {
                // A cursor has no character that JSON would escape.
                if let Some(cursor) = cursor {
                    let _ = write!(text, r#","{name}":"{cursor}""#);
                }
            }
        }
    }
}

/// How much writing a resource is, in kilobytes of text, about.
fn weight<V: View>(view: &V) -> usize {
    1 + view.entries() / ENTRIES_PER_KILOBYTE
}

/// Writes here, or, if there is much of it, on a thread of its own: who reads 100,000 members must
/// not keep the worker from answering others.
async fn written(
    weight: usize,
    write: impl FnOnce() -> Result<String, Corrupt> + Send + 'static,
) -> Result<String, Failure> {
    if weight <= WRITTEN_INLINE {
        return Ok(write()?);
    }
    match tokio::task::spawn_blocking(write).await {
        Ok(text) => Ok(text?),
        Err(_) => Err(Refusal::Panicked.into()),
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
