//! What is said about a user on the command line.

use clap::Args;
use scim_app::administration::{Email, Profile, ProfileChange};

/// Who a new user is.
#[derive(Debug, Args)]
pub struct Said {
    /// The name to sign in with
    #[arg(long, value_name = "NAME")]
    user_name: String,
    /// The given name
    #[arg(long, value_name = "NAME")]
    given_name: String,
    /// The family name
    #[arg(long, value_name = "NAME")]
    family_name: String,
    /// An e-mail address; the first one is the primary one
    #[arg(long = "email", value_name = "ADDRESS", required = true)]
    emails: Vec<String>,
    /// The name to be shown as
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    /// What the identity provider calls the user
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
}

/// What is to change about a user.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Changed {
    /// Another name to sign in with
    #[arg(long, value_name = "NAME")]
    new_user_name: Option<String>,
    /// The given name
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// The family name
    #[arg(long, value_name = "NAME")]
    family_name: Option<String>,
    /// An e-mail address, in place of all that there are; the first one is the primary one
    #[arg(long = "email", value_name = "ADDRESS")]
    emails: Vec<String>,
    /// The name to be shown as; an empty one removes it
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    /// What the identity provider calls the user; an empty one removes it
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
}

impl Said {
    /// The same in the words of the use cases.
    pub fn profile(self) -> Profile {
        Profile {
            user_name: self.user_name,
            given_name: self.given_name,
            family_name: self.family_name,
            emails: emails(self.emails),
            display_name: self.display_name,
            external_id: self.external_id,
        }
    }
}

impl Changed {
    /// The same in the words of the use cases.
    pub fn change(self) -> ProfileChange {
        ProfileChange {
            user_name: self.new_user_name,
            given_name: self.given_name,
            family_name: self.family_name,
            emails: Some(emails(self.emails)).filter(|it| !it.is_empty()),
            display_name: self.display_name,
            external_id: self.external_id,
            active: None,
        }
    }
}

fn emails(addresses: Vec<String>) -> Vec<Email> {
    let email = |(at, value)| Email { value, kind: None, primary: at == 0 };
    addresses.into_iter().enumerate().map(email).collect()
}
