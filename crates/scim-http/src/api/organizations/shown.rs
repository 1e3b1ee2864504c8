//! An organization on the wire.

use scim_domain::{Timestamp, organization};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::moment;

/// An organization: one customer of the product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name, for people; not unique.
    #[schema(examples("Acme Inc."))]
    name: String,
    /// What it pays for. SCIM is part of `growth` and `enterprise`.
    plan: Plan,
    /// What the roles of users mean that an identity provider sends.
    entitlements: Entitlements,
    /// The attribute of users that the NameID of a SAML assertion is compared with.
    name_id_attribute: NameIdAttribute,
    /// Whether a group may be a member of a group.
    nested_groups: bool,
    /// Whether mapping rules apply to groups that identity providers create.
    mapping_rules: bool,
    /// How many of its users may be active; `null` for any number.
    #[schema(required)]
    seat_limit: Option<u64>,
    /// Its SCIM.
    scim: Scim,
    /// Since when it is disabled: its users have no access and its keys open nothing.
    #[schema(required, format = DateTime)]
    disabled_at: Option<String>,
    /// That it was deleted: it is as disabled, and can be restored until it is erased.
    #[schema(required)]
    deletion: Option<Deletion>,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
}

/// The SCIM of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrganizationScim)]
struct Scim {
    /// Whether it is switched on. While it is off, identity providers can only take access away.
    switched_on: bool,
    /// What was chosen for the users when it was switched off; `null` while it is on.
    #[schema(required)]
    users: Option<LeftUsers>,
    /// The pause, while one lasts: identity providers are answered 429.
    #[schema(required)]
    pause: Option<Pause>,
}

/// A pause.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pause {
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
    /// Until when; `null` until somebody resumes.
    #[schema(required, format = DateTime)]
    until: Option<String>,
}

/// A deletion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Deletion {
    /// When it was deleted.
    #[schema(format = DateTime)]
    deleted_at: String,
    /// From when on it is gone for everybody, and its data is erased.
    #[schema(format = DateTime)]
    purge_at: String,
}

impl Organization {
    /// How it is at a moment.
    pub(super) fn of(it: &organization::Organization, now: Timestamp) -> Self {
        let users = match it.scim {
            organization::Scim::On => None,
            organization::Scim::Off(users) => Some(users.into()),
        };
        let pause =
            it.paused(now).map(|it| Pause { since: moment(it.since), until: it.until.map(moment) });
        Self {
            id: it.id.to_string(),
            name: it.name.clone(),
            plan: it.plan.into(),
            entitlements: it.entitlements.into(),
            name_id_attribute: it.name_id_attribute.into(),
            nested_groups: it.nested_groups,
            mapping_rules: it.mapping_rules,
            seat_limit: it.seat_limit.seats(),
            scim: Scim { switched_on: it.scim.is_on(), users, pause },
            disabled_at: it.disabled.map(moment),
            deletion: it
                .deletion
                .map(|it| Deletion { deleted_at: moment(it.at), purge_at: moment(it.purge) }),
            created_at: moment(it.created),
        }
    }
}

/// An enum of ours on the wire, both ways.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident of $other:ty { $($(#[$word:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "lowercase")]
        pub(super) enum $name { $($(#[$word])* $variant,)+ }

        impl From<$name> for $other {
            fn from(it: $name) -> Self {
                match it { $($name::$variant => Self::$variant,)+ }
            }
        }

        impl From<$other> for $name {
            fn from(it: $other) -> Self {
                match it { $(<$other>::$variant => Self::$variant,)+ }
            }
        }
    };
}

words! {
    /// What an organization pays for.
    Plan of organization::Plan {
        /// Without SCIM.
        Starter,
        /// With SCIM.
        Growth,
        /// With everything.
        Enterprise,
    }
}

words! {
    /// What the roles of users mean that an identity provider sends.
    Entitlements of organization::Entitlements {
        /// They are kept as data.
        Ignore,
        /// They grant the roles of these keys.
        Assign,
    }
}

words! {
    /// What becomes of the users that identity providers manage when SCIM is switched off.
    LeftUsers of organization::LeftUsers {
        /// They stay as they are.
        Keep,
        /// Everybody active loses all access, except protected users and those that only sign-in
        /// made.
        Deactivate,
    }
}

words! {
    /// An attribute that the NameID of a SAML assertion can be compared with.
    NameIdAttribute of organization::NameIdAttribute {
        /// The name that the user signs in with, in any case.
        #[serde(rename = "userName")]
        UserName,
        /// The identity provider's own id of the user, exactly.
        #[serde(rename = "externalId")]
        ExternalId,
    }
}
