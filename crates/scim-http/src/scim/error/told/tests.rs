use scim_app::{
    error::{Forbidden, Unauthenticated},
    ports::UniqueKey,
};
use scim_domain::{Invalid, Reason, organization::Plan, schema::ResourceKind};

use super::*;

fn told(failure: impl Into<Failure>) -> (u16, Option<&'static str>, Option<u64>) {
    let told = failure.into().told(Some("the-id"));
    assert!(told.detail.ends_with('.'), "a whole sentence: {}", told.detail);
    (told.status.as_u16(), told.scim_type, told.retry_after)
}

fn secret() -> Box<dyn std::error::Error + Send + Sync> {
    "SELECT secret".into()
}

#[test]
fn every_error_of_the_use_cases_has_its_status() {
    assert_eq!(told(Error::from(Unauthenticated::Unknown)), (401, None, None));
    assert_eq!(told(Error::from(Forbidden::Plan(Plan::Starter))), (403, None, None));
    assert_eq!(told(Error::NotFound(ResourceKind::User)), (404, None, None));
    let taken = Error::from(StoreError::Taken(UniqueKey::UserName));
    assert_eq!(told(taken), (409, Some("uniqueness"), None));
    let invalid = Error::from(Invalid::new(Reason::TooMany, "Too many."));
    assert_eq!(told(invalid), (400, Some("tooMany"), None));
    assert_eq!(told(Error::PreconditionFailed), (412, None, None));
    assert_eq!(told(Error::Busy), (503, None, Some(1)));
    assert_eq!(told(Error::from(StoreError::Stale)), (503, None, Some(1)));
    assert_eq!(told(Error::from(StoreError::Unavailable(secret()))), (503, None, Some(5)));
    assert_eq!(told(Error::from(StoreError::Unknown(secret()))), (503, None, Some(5)));
    assert_eq!(told(Error::from(StoreError::Failed(secret()))), (500, None, None));
    assert_eq!(told(Error::Defect("SELECT secret".to_owned())), (500, None, None));
}

// A3
#[test]
fn a_500_tells_an_id_and_no_cause() {
    for failure in [
        Failure::from(Error::from(StoreError::Failed(secret()))),
        Failure::from(Error::from(StoreError::Inconsistent {
            table: "users",
            reason: "secret".to_owned(),
        })),
        Failure::from(Error::Defect("secret".to_owned())),
        Failure::from(Refusal::Panicked),
    ] {
        let detail = failure.told(Some("the-id")).detail;
        assert!(detail.contains("the-id") && !detail.contains("secret"), "{detail}");
        assert!(!detail.contains("users"), "{detail}");
    }
}

#[test]
fn every_refusal_of_the_adapter_has_its_status() {
    let not_allowed = Refusal::NotAllowed { allow: "GET".to_owned() };
    assert_eq!(told(not_allowed), (405, None, None));
    assert_eq!(told(Refusal::UnknownPath), (404, None, None));
    assert_eq!(told(Refusal::Undiscovered("schema")), (404, None, None));
    assert_eq!(told(Refusal::NotOffered("Not here.")), (501, None, None));
    assert_eq!(told(Refusal::FilteredDiscovery), (403, None, None));
    assert_eq!(told(Refusal::SlowBody), (408, None, None));
    assert_eq!(told(Refusal::BrokenBody), (400, Some("invalidSyntax"), None));
    assert_eq!(told(Refusal::TooLarge { limit: 1 }), (413, None, None));
    assert_eq!(told(Refusal::MediaType), (415, None, None));
    assert_eq!(told(Refusal::ContentEncoding), (415, None, None));
    assert_eq!(told(Refusal::TimedOut), (503, None, Some(5)));
    assert_eq!(told(Refusal::Crowded), (503, None, Some(1)));
    assert_eq!(told(Refusal::Panicked), (500, None, None));
}
