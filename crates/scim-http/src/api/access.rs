//! What somebody may do, and why: what a backend asks at every sign-in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_TYPE, ETAG, EntityTag, Header as _, HeaderValue, IfNoneMatch,
    },
};
use scim_app::access::{self, Answer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::ok,
    body::Object,
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    problem::{Kind, Problem},
};

mod shown;

use shown::{Access, Status};

part![get_access, look_up_access];

/// Whom a look-up asks for: exactly one of these.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Lookup {
    /// The name that the user signs in with, in any case.
    user_name: Option<String>,
    /// The user's id.
    id: Option<String>,
    /// The identity provider's own id of the user, compared exactly.
    external_id: Option<String>,
    /// The NameID of a SAML assertion: compared with the organization's `nameIdAttribute`, and with
    /// no other if that finds nobody.
    name_id: Option<String>,
}

impl Lookup {
    /// What the use case is asked, if this asks for one.
    fn read(self) -> Option<access::Lookup> {
        let given = [
            self.user_name.map(access::Lookup::UserName),
            self.id.map(access::Lookup::Id),
            self.external_id.map(access::Lookup::ExternalId),
            self.name_id.map(access::Lookup::NameId),
        ];
        let mut given = given.into_iter().flatten().filter(|it| !it.text().is_empty());
        given.next().filter(|_| given.next().is_none())
    }
}

/// Many look-ups.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lookups {
    /// At most 1,000, of any kind.
    #[schema(value_type = Vec<Lookup>, max_items = 1000)]
    lookups: Vec<Object<Lookup>>,
}

/// The answers to many look-ups.
#[derive(Debug, Serialize, ToSchema)]
struct Outcomes {
    /// In the order of the look-ups.
    items: Vec<Outcome>,
}

/// What one look-up came to.
#[derive(Debug, Serialize, ToSchema)]
struct Outcome {
    /// What became of it.
    status: Status,
    /// What was found; `null` for `unknown` and `ambiguous`.
    #[schema(required)]
    access: Option<Access>,
    /// The `ETag` that this access has when it is asked for alone.
    #[schema(required)]
    etag: Option<String>,
}

/// Look up what somebody may do
///
/// The answer says what a backend needs at sign-in: whether the user is active, its roles, their
/// permissions, and on which ways they come. Give exactly one of the four parameters. Whoever was
/// deprovisioned lately is told from whoever is unknown. The `ETag` changes with everything that the
/// answer is made of.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/access",
    tag = "Access",
    security(("managementKey" = ["access.read"])),
    params(InOrganization, Lookup),
    responses(
        (status = 200, description = "What the user may do", body = Access,
            headers(("ETag" = String, description = "The version of the answer"))),
        (status = 304, description = "The answer is the one that `If-None-Match` names"),
        (status = 404, description = "Nobody is known by this (`unknown_user`), or there is no such \
            organization"),
        (status = 409, description = "More than one user has this externalId (`ambiguous`)"),
    )
)]
async fn get_access(call: Call) -> Handled {
    const ONE: &str =
        "Give exactly one of userName, id, externalId and nameId, and not an empty one.";
    let lookup = call.query::<Lookup>()?.read().ok_or_else(|| Problem::invalid(ONE))?;
    let organization = call.organization()?;
    let answer = call.administration()?.show_access(organization, lookup.clone()).await?;
    match Access::of(&answer) {
        Some(access) => respond(&call.request, &access),
        None => Err(refusal(&answer, &lookup)),
    }
}

/// Look up what many may do
///
/// Up to 1,000 look-ups of any kind in one request. Each has its own outcome.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/access",
    tag = "Access",
    security(("managementKey" = ["access.read"])),
    params(InOrganization),
    request_body = Lookups,
    responses((status = 200, description = "The outcomes, in order", body = Outcomes))
)]
async fn look_up_access(mut call: Call) -> Handled {
    let Lookups { lookups } = call.body().await?;
    let read = |(at, Object(it)): (usize, Object<Lookup>)| {
        let one = "exactly one of userName, id, externalId and nameId, and not an empty one";
        it.read().ok_or_else(|| Problem::invalid(format!("lookups[{at}] must give {one}.")))
    };
    let lookups: Vec<_> = lookups.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    let organization = call.organization()?;
    let answers = call.administration()?.list_access(organization, &lookups).await?;
    let outcome = |answer: &Answer| -> Result<Outcome, Problem> {
        let access = Access::of(answer);
        let etag =
            access.as_ref().map(|it| text(it).map(|it| etag(&it).to_string())).transpose()?;
        Ok(Outcome { status: Status::of(answer), access, etag })
    };
    ok(&Outcomes { items: answers.iter().map(outcome).collect::<Result<_, _>>()? })
}

fn text(access: &Access) -> Result<String, Problem> {
    serde_json::to_string(access).map_err(|it| Problem::defect(it.to_string()))
}

/// The version of an answer: a digest of it, so that it changes with whatever the answer is made of.
fn etag(text: &str) -> EntityTag {
    EntityTag::new_strong(access::digest(text.as_bytes()))
}

/// The answer, or that the client has it already.
fn respond(request: &HttpRequest, access: &Access) -> Handled {
    let text = text(access)?;
    let etag = etag(&text);
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|it| it.weak_eq(&etag)),
        Err(_) => false,
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    // For the backend's own cache, which asks each time whether it still holds.
    let own = HeaderValue::from_static("private, no-cache");
    response.insert_header((ETAG, etag.to_string())).insert_header((CACHE_CONTROL, own));
    if known {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, "application/json")).body(text))
}

/// Why there is no access to show. What was asked for is personal and not repeated.
fn refusal(answer: &Answer, lookup: &access::Lookup) -> Problem {
    let what = match lookup {
        access::Lookup::Id(_) => "id",
        access::Lookup::UserName(_) => "userName",
        access::Lookup::ExternalId(_) => "externalId",
        access::Lookup::NameId(_) => "NameID",
    };
    match answer {
        Answer::Ambiguous => Problem::new(
            Kind::Ambiguous,
            format!(
                "More than one user of this organization has this {what}. Which of them is meant \
                 cannot be said; have the identity provider send different ones."
            ),
        ),
        Answer::Unknown | Answer::Known(_) | Answer::Deprovisioned(_) => Problem::new(
            Kind::UnknownUser,
            format!("No user of this organization has this {what}, and none had it lately."),
        ),
    }
}
