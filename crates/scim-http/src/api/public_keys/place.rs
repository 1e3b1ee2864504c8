use utoipa::IntoParams;

/// What stands in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the door has read it before the endpoint is called")]
pub(super) struct OfApiKey {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
    /// The API key's id, which is the `client_id` of OAuth 2.0.
    #[param(rename = "apiKey", format = Uuid)]
    api_key: String,
}
