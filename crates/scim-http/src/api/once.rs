//! `Idempotency-Key`: a create that is sent again is not done again
//! (draft-ietf-httpapi-idempotency-key-header).

use actix_web::http::header::{HeaderName, HeaderValue};
use scim_app::{
    Error,
    administration::Administration,
    idempotency::{Before, IdempotencyKey, Once, Repeatable},
};

use utoipa::IntoParams;

use super::{
    answer::Made,
    call::Call,
    endpoints::Handled,
    problem::{Kind, Problem},
};

/// The header that names a request.
pub(super) const KEY: &str = "Idempotency-Key";

/// What an operation takes that carries out its work with [`Call::create`].
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described: the header is read where it is needed")]
pub(super) struct Repeated {
    /// A name for this request, for example a UUID. Sent again under it, the same request is not
    /// carried out again but answered again, for a day at least; another request is refused.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$",
        example = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    )]
    idempotency_key: Option<String>,
}

/// The header of an answer that was given before.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl Call {
    /// Carries out what makes something, once: a request that was carried out before under the same
    /// `Idempotency-Key` gets the answer that it got then. `work` hands what it is given to the use
    /// case, `answer` says what is answered to what came of it.
    pub(super) async fn create<T, W, F>(
        &self,
        work: W,
        answer: impl Fn(&T) -> Result<Made, Problem> + Clone + Send + Sync + 'static,
    ) -> Handled
    where
        T: Send + 'static,
        W: FnOnce(Administration, Once<T>) -> F + Clone + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let Some(request) = self.repeatable()? else {
            let made = self.manager()?.carry_out(move |it| work(it, Once::none())).await?;
            return answer(&made)?.respond();
        };
        if let Some(response) = replayed(&request).await? {
            return Ok(response);
        }
        let stored = answer.clone();
        let once = Once::of(request.clone(), move |made| {
            let rendered = stored(made).map_err(|it| it.defect_text())?;
            serde_json::to_vec(&rendered).map_err(|it| it.to_string())
        });
        match self.manager()?.carry_out(move |it| work(it, once)).await {
            Ok(made) => answer(&made)?.respond(),
            // Whether it was carried out is not known, or the database is away.
            Err(error @ (Error::Store(_) | Error::Defect(_))) => Err(error.into()),
            // The same request may have been carried out beside this one, which then found its own
            // name in use.
            Err(error) => match replayed(&request).await? {
                Some(response) => Ok(response),
                None => Err(error.into()),
            },
        }
    }

    /// The request as it is remembered, if it has an `Idempotency-Key`.
    fn repeatable(&self) -> Result<Option<Repeatable>, Problem> {
        let mut given = self.request.headers().get_all(KEY);
        let Some(first) = given.next() else { return Ok(None) };
        let key = first.to_str().ok().and_then(IdempotencyKey::parse);
        let (Some(key), None) = (key, given.next()) else {
            let detail = "Idempotency-Key must be one value of 1 to 255 visible ASCII characters, \
                for example a UUID.";
            return Err(Problem::invalid(detail));
        };
        let target = self.request.uri().path_and_query().map_or("", |it| it.as_str());
        let asked = [self.request.method().as_str().as_bytes(), target.as_bytes(), &self.sent];
        Ok(Some(self.manager()?.repeatable(&key, &asked)?))
    }
}

/// The answer that the request got before, if it was carried out.
async fn replayed(request: &Repeatable) -> Result<Option<actix_web::HttpResponse>, Problem> {
    match request.before().await? {
        Before::Never => Ok(None),
        Before::Answered(answer) => {
            let made: Made = serde_json::from_slice(&answer)
                .map_err(|it| Problem::defect(format!("a remembered answer: {it}")))?;
            let mut response = made.respond()?;
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(Some(response))
        }
        Before::Other => Err(Problem::new(
            Kind::IdempotencyMismatch,
            "This Idempotency-Key was used for another request, which was carried out. Nothing of \
             this one was. Use a new key for each request, and the same only to repeat it as it was.",
        )),
    }
}
