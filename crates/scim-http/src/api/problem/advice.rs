//! What to do about each kind of problem, for the page that describes them.

use super::Kind;

impl Kind {
    /// What whoever wrote the program should do, in a sentence or two.
    pub(in crate::api) const fn advice(self) -> &'static str {
        match self {
            Self::Invalid => {
                "Read `detail`: it names what is wrong in the body, the query or a header. Correct \
                 it; the same request will fail again."
            }
            Self::Unauthenticated => {
                "Send `Authorization: Bearer <key>` with a key that exists, has not expired and was \
                 not revoked. `detail` says which of these it is to whoever has the whole key."
            }
            Self::Forbidden => {
                "Read `detail`: it names the permission that the key lacks, or the rule that stands \
                 in the way. Use a key that has it; a repetition changes nothing."
            }
            Self::SeatLimit => {
                "As many users are active as the organization may have; `detail` names limit and \
                 use. Refuse the sign-in, or have somebody deactivated or the limit raised."
            }
            Self::NotFound => {
                "Check the ids in the path. What a key does not reach looks as if it did not exist."
            }
            Self::UnknownUser => {
                "Nobody of this organization is meant, and nobody who was deleted lately. Refuse \
                 the sign-in, or record the user if sign-in may make users."
            }
            Self::Ambiguous => {
                "More than one user has this `externalId`. Refuse the sign-in, and ask by another \
                 attribute: `userName` and `id` are unique."
            }
            Self::MethodNotAllowed => "Use one of the methods that the header `Allow` names.",
            Self::RequestTimeout => "Send the body faster, or in smaller requests.",
            Self::Taken => {
                "Choose another name, or use what already has it. After a lost answer, repeat the \
                 request under its `Idempotency-Key` instead."
            }
            Self::Conflict => {
                "Read `detail`: it says what must change first. Then send the request again."
            }
            Self::PreconditionFailed => {
                "Read the resource again, apply the change to what it is now, and send that with \
                 its new `ETag`."
            }
            Self::IdempotencyMismatch => {
                "Use a new `Idempotency-Key` for each request, and the same one only to repeat a \
                 request exactly as it was."
            }
            Self::EventsGone => {
                "Read the position of the events, then the present state, and follow the events \
                 from that position on."
            }
            Self::TooManyRequests => {
                "Wait as many seconds as `Retry-After` says; ask for events once per process."
            }
            Self::TooLarge => "Split the request. `detail` names the limit.",
            Self::UnsupportedMediaType => {
                "Send JSON in UTF-8 with `Content-Type: application/json`, uncompressed."
            }
            Self::Internal => {
                "Try again later, and quote `instance` to the operator, who finds the cause in the \
                 log."
            }
            Self::Unavailable => {
                "Wait as many seconds as `Retry-After` says and send the request again, a create \
                 under the same `Idempotency-Key`: its outcome may be unknown."
            }
        }
    }
}
