//! The kinds of problems: a public contract.

use actix_web::http::StatusCode;

macro_rules! kinds {
    ($($variant:ident => $code:literal, $status:ident, $title:literal;)*) => {
        /// What kind of problem it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::api) enum Kind { $($variant,)* }

        impl Kind {
            /// Every kind.
            pub(in crate::api) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name for programs; never renamed.
            pub(in crate::api) const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The status.
            pub(in crate::api) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// The name for people.
            pub(in crate::api) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

kinds! {
    Invalid => "invalid", BAD_REQUEST, "The request is not valid";
    Unauthenticated => "unauthenticated", UNAUTHORIZED, "A valid API key is required";
    Forbidden => "forbidden", FORBIDDEN, "The API key may not do this";
    SeatLimit => "seat_limit", FORBIDDEN, "All seats are taken";
    NotFound => "not_found", NOT_FOUND, "There is no such thing";
    UnknownUser => "unknown_user", NOT_FOUND, "Nobody is known by this";
    MethodNotAllowed => "method_not_allowed", METHOD_NOT_ALLOWED, "The path does not take this method";
    RequestTimeout => "request_timeout", REQUEST_TIMEOUT, "The request did not arrive in time";
    Taken => "taken", CONFLICT, "A name is in use";
    Ambiguous => "ambiguous", CONFLICT, "More than one user is meant";
    Conflict => "conflict", CONFLICT, "The situation does not allow it";
    EventsGone => "events_gone", GONE, "The events are not kept any more";
    PreconditionFailed => "precondition_failed", PRECONDITION_FAILED, "It was changed in the meantime";
    IdempotencyMismatch => "idempotency_mismatch", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request";
    TooLarge => "too_large", PAYLOAD_TOO_LARGE, "The request is too large";
    UnsupportedMediaType => "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is no JSON";
    TooManyRequests => "too_many_requests", TOO_MANY_REQUESTS, "Too many requests at once";
    Internal => "internal", INTERNAL_SERVER_ERROR, "An internal error occurred";
    Unavailable => "unavailable", SERVICE_UNAVAILABLE, "The service cannot answer now";
}
