//! `/Bulk` (RFC 7644 §3.7): the request read into operations, and their results told.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::http::StatusCode;
use scim_app::{
    Error,
    provisioning::{Caller, Carried},
};
use scim_domain::schema::ResourceKind;
use serde_json::{Map, Value, json};

use super::{
    Scim,
    answer::json as answer,
    body,
    conditions::etag,
    door::log_cause,
    error::Failure,
    exchange::{Call, Done, Handled},
};

mod request;

use request::{Asked, Head, Verb};

const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

pub(super) async fn carry_out(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, turn, .. } = call;
    let caller = session.release();
    // The limit of Groups is that of Bulk.
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group, &turn).await?;
    let Asked { heads, operations, fail_on_errors } = Asked::read(body, scim.base_url())?;
    let carried = scim.0.provisioning.bulk(&caller, operations, fail_on_errors).await;
    Ok(Report::of(scim, &caller, &heads, carried).done())
}

/// The results in the order of the request, and what remains of them in the activity.
struct Report<'a> {
    scim: &'a Scim,
    caller: &'a Arc<Caller>,
    results: Vec<Value>,
    asked: usize,
    failed: usize,
    first_error: Option<String>,
}

impl<'a> Report<'a> {
    fn of(
        scim: &'a Scim,
        caller: &'a Arc<Caller>,
        heads: &[Head],
        mut carried: BTreeMap<usize, Carried>,
    ) -> Self {
        let asked = heads.len();
        let results = Vec::with_capacity(asked);
        let mut report = Self { scim, caller, results, asked, failed: 0, first_error: None };
        for (at, head) in heads.iter().enumerate() {
            // What was not begun is not listed (RFC 7644 §3.7.3).
            if let Some(carried) = carried.remove(&at) {
                report.one(head, carried);
            }
        }
        report
    }

    fn one(&mut self, head: &Head, carried: Carried) {
        let mut result = Map::new();
        result.insert("method".to_owned(), json!(head.method.as_str()));
        if let Some(bulk_id) = &head.bulk_id {
            result.insert("bulkId".to_owned(), json!(bulk_id));
        }
        match carried {
            Carried::Done { id, version } => {
                self.locate(&mut result, head, &id);
                if let Some(version) = version {
                    result.insert("version".to_owned(), json!(etag(version)));
                }
                let status = succeeded(head).as_u16().to_string();
                result.insert("status".to_owned(), json!(status));
            }
            Carried::Failed { id, error } => {
                if let Some(id) = id {
                    self.locate(&mut result, head, &id);
                }
                self.failure(&mut result, &error.into());
            }
            Carried::Refused => match &head.target {
                Ok(_) => self.failure(&mut result, &unexplained()),
                Err(failure) => self.failure(&mut result, failure),
            },
        }
        self.results.push(Value::Object(result));
    }

    fn locate(&self, result: &mut Map<String, Value>, head: &Head, id: &str) {
        if let Ok((kind, _)) = head.target {
            let location = format!("{}{}/{id}", self.scim.base_url(), kind.endpoint());
            result.insert("location".to_owned(), json!(location));
        }
    }

    /// The same words as for a request that comes alone, and the same traces.
    fn failure(&mut self, result: &mut Map<String, Value>, failure: &Failure) {
        log_cause(failure);
        if let Failure::App(Error::Forbidden(why)) = failure {
            self.scim.0.activity.denied(self.caller.client(), why);
        }
        let told = failure.told(Some(&self.caller.origin.request_id));
        result.insert("status".to_owned(), json!(told.status.as_u16().to_string()));
        result.insert("response".to_owned(), told.to_json());
        self.failed += 1;
        self.first_error.get_or_insert(told.detail);
    }

    fn done(self) -> Done {
        let body = json!({ "schemas": [BULK_RESPONSE], "Operations": self.results });
        let response = answer(StatusCode::OK).body(body.to_string());
        let (begun, failed) = (self.results.len(), self.failed);
        let what = if self.asked == 1 { "operation" } else { "operations" };
        let left = match self.asked - begun {
            0 => String::new(),
            left => format!(", {left} not begun"),
        };
        let counts =
            format!("{} {what}: {} done, {failed} failed{left}", self.asked, begun - failed);
        let notes = [Some(counts), self.first_error].into_iter().flatten().collect();
        Done::written(response, notes)
    }
}

/// The status that the same request has when it comes alone.
fn succeeded(head: &Head) -> StatusCode {
    match head.target {
        Ok((_, Verb::Create)) => StatusCode::CREATED,
        Ok((ResourceKind::Group, Verb::Patch) | (_, Verb::Delete)) => StatusCode::NO_CONTENT,
        Ok((_, Verb::Replace | Verb::Patch)) | Err(_) => StatusCode::OK,
    }
}

fn unexplained() -> Failure {
    Error::Defect("an operation was refused without a reason".to_owned()).into()
}
