//! Who asks for a token, and what for: from header and form to a credential.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use scim_app::oauth::Credential;

use super::{
    answer::Refusal,
    form::{Form, decode},
};

#[cfg(test)]
mod tests;

/// The only type of assertion there is (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The credential and the scope of a request. A client uses one way to say who it is (RFC 6749
/// §2.3); beside another, its id alone may be said again.
pub(super) fn read(
    headers: &HeaderMap,
    mut form: Form,
) -> Result<(Credential, Option<String>), Refusal> {
    match form.take("grant_type").as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(Refusal::GrantType),
        None => return Err(Refusal::Invalid("The parameter grant_type is missing.")),
    }
    let scope = form.take("scope");
    let said = form.take("client_id");
    let posted = form.take("client_secret");
    let kind = form.take("client_assertion_type");
    let assertion = form.take("client_assertion");
    let credential = match (basic(headers)?, posted, assertion) {
        (Some((client_id, client_secret)), None, None) => {
            if said.is_some_and(|it| it != client_id) {
                return Err(Refusal::Invalid("Header and form name different clients."));
            }
            Credential::Secret { client_id, client_secret }
        }
        (None, Some(client_secret), None) => {
            let missing = Refusal::Invalid("The parameter client_id is missing.");
            Credential::Secret { client_id: said.ok_or(missing)?, client_secret }
        }
        (None, None, Some(assertion)) => {
            if kind.as_deref() != Some(JWT_BEARER) {
                return Err(Refusal::Invalid(
                    "The parameter client_assertion_type must be \
                     urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
                ));
            }
            Credential::Assertion { client_id: said, assertion }
        }
        (None, None, None) => return Err(Refusal::NoCredential),
        (Some(_), _, _) | (None, Some(_), Some(_)) => {
            return Err(Refusal::Invalid("A client says in one way who it is, not in several."));
        }
    };
    Ok((credential, scope))
}

/// Id and secret of the one `Authorization` header (RFC 6749 §2.3.1). Two of them are wrong: which
/// one a proxy in front has looked at nobody can say.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let mut all = headers.get_all(AUTHORIZATION);
    let Some(only) = all.next() else { return Ok(None) };
    let text = only.to_str().ok().filter(|_| all.next().is_none());
    let read = text.and_then(|it| {
        let (scheme, encoded) = it.trim().split_once(' ')?;
        let bytes = STANDARD.decode(encoded.trim()).ok()?;
        let (id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        let pair = (decode(id)?, decode(secret)?);
        scheme.eq_ignore_ascii_case("basic").then_some(pair)
    });
    read.map(Some).ok_or(Refusal::NoCredential)
}
