//! What a request says about a user.

use scim_app::administration::{self, Profile, ProfileChange};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::api::body::{Given, Object};

/// An e-mail address.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    /// The address.
    #[schema(min_length = 1)]
    value: String,
    /// What it is for, such as `work`.
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// Whether it is the one to use. At most one is.
    #[serde(default)]
    primary: bool,
}

impl Email {
    /// The address on the wire.
    pub(super) fn of(it: &administration::Email) -> Self {
        Self { value: it.value.clone(), kind: it.kind.clone(), primary: it.primary }
    }

    fn read(self) -> administration::Email {
        let Self { value, kind, primary } = self;
        administration::Email { value, kind, primary }
    }
}

/// What is said about a user who has signed in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewUser {
    /// What the user signs in with: unique in the organization, whatever its case.
    #[schema(min_length = 1)]
    user_name: String,
    /// The user's name.
    #[schema(value_type = NewUserName)]
    name: Object<NewUserName>,
    /// The user's e-mail addresses: at least one.
    #[schema(value_type = Vec<Email>, min_items = 1, max_items = 100)]
    emails: Vec<Object<Email>>,
    /// What the user is shown as.
    #[serde(default)]
    display_name: Option<String>,
    /// What the identity provider calls the user, where sign-in tells reliably: only an identity
    /// provider that says the same takes the user over.
    #[serde(default)]
    external_id: Option<String>,
}

/// The parts of a new user's name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewUserName {
    /// The given name.
    #[schema(min_length = 1)]
    given_name: String,
    /// The family name.
    #[schema(min_length = 1)]
    family_name: String,
}

/// What is to change about a user. What is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserChange {
    /// What the user signs in with.
    #[serde(default, deserialize_with = "kept")]
    #[schema(min_length = 1, nullable = false)]
    user_name: Option<String>,
    /// Parts of the user's name.
    #[serde(default, deserialize_with = "kept")]
    #[schema(value_type = Option<UserNameChange>, nullable = false)]
    name: Option<Object<UserNameChange>>,
    /// All the user's e-mail addresses.
    #[serde(default, deserialize_with = "kept")]
    #[schema(value_type = Option<Vec<Email>>, min_items = 1, max_items = 100, nullable = false)]
    emails: Option<Vec<Object<Email>>>,
    /// What the user is shown as; `null` removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    display_name: Given<String>,
    /// What the identity provider calls the user; `null` removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    external_id: Given<String>,
    /// Whether the user has access.
    #[serde(default, deserialize_with = "kept")]
    #[schema(nullable = false)]
    active: Option<bool>,
}

/// What is to change about a user's name.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserNameChange {
    /// The given name.
    #[serde(default, deserialize_with = "kept")]
    #[schema(min_length = 1, nullable = false)]
    given_name: Option<String>,
    /// The family name.
    #[serde(default, deserialize_with = "kept")]
    #[schema(min_length = 1, nullable = false)]
    family_name: Option<String>,
}

/// For a member that cannot be removed: absent keeps, and `null` is refused.
fn kept<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

impl NewUser {
    /// The same in the words of the use cases.
    pub(super) fn profile(self) -> Profile {
        Profile {
            user_name: self.user_name,
            given_name: self.name.0.given_name,
            family_name: self.name.0.family_name,
            emails: self.emails.into_iter().map(|it| it.0.read()).collect(),
            display_name: self.display_name,
            external_id: self.external_id,
        }
    }
}

/// What the use cases take to remove a text is an empty one.
fn text(given: Given<String>) -> Option<String> {
    match given {
        Given::Kept => None,
        Given::Cleared => Some(String::new()),
        Given::Set(text) => Some(text),
    }
}

impl UserChange {
    /// The same in the words of the use cases.
    pub(super) fn change(self) -> ProfileChange {
        let UserNameChange { given_name, family_name } =
            self.name.map(|it| it.0).unwrap_or_default();
        let emails = self.emails.map(|all| all.into_iter().map(|it| it.0.read()).collect());
        ProfileChange {
            user_name: self.user_name,
            given_name,
            family_name,
            emails,
            display_name: text(self.display_name),
            external_id: text(self.external_id),
            active: self.active,
        }
    }
}
