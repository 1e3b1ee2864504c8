//! What the backend says about a person.

use scim_domain::{
    Invalid, Json,
    resource::{Document, document::Strictness},
    schema::ResourceType,
};

/// An e-mail address of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// The address.
    pub value: String,
    /// What it is for, such as `work`.
    pub kind: Option<String>,
    /// Whether it is the one to use.
    pub primary: bool,
}

/// A person as the backend knows them. Lists of people stay complete: what is no option is required
/// and must not be blank, and there is at least one e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// What they sign in with: unique in the organization, whatever its case.
    pub user_name: String,
    /// Their given name.
    pub given_name: String,
    /// Their family name.
    pub family_name: String,
    /// Their e-mail addresses.
    pub emails: Vec<Email>,
    /// What they are shown as.
    pub display_name: Option<String>,
    /// What the identity provider calls them, where sign-in tells.
    pub external_id: Option<String>,
}

/// What is to change about a person; `None` keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// What they sign in with.
    pub user_name: Option<String>,
    /// Their given name.
    pub given_name: Option<String>,
    /// Their family name.
    pub family_name: Option<String>,
    /// All their e-mail addresses.
    pub emails: Option<Vec<Email>>,
    /// What they are shown as; an empty text removes.
    pub display_name: Option<String>,
    /// What the identity provider calls them; an empty text removes.
    pub external_id: Option<String>,
    /// Whether they have access.
    pub active: Option<bool>,
}

impl Profile {
    /// The document of a new user.
    pub(super) fn document(self, resource_type: &ResourceType) -> Result<Document, Invalid> {
        let change = ProfileChange {
            user_name: Some(self.user_name),
            given_name: Some(self.given_name),
            family_name: Some(self.family_name),
            emails: Some(self.emails),
            display_name: self.display_name,
            external_id: self.external_id,
            active: None,
        };
        change.merged(resource_type, Json::Object(Vec::new()))
    }
}

impl ProfileChange {
    /// The document with the change in it.
    pub(super) fn apply(
        self,
        resource_type: &ResourceType,
        document: &Document,
    ) -> Result<Document, Invalid> {
        let stored = Json::parse(document.to_json(resource_type).as_bytes())?;
        self.merged(resource_type, stored)
    }

    fn merged(self, resource_type: &ResourceType, mut body: Json) -> Result<Document, Invalid> {
        let texts = [
            ("userName", self.user_name),
            ("displayName", self.display_name),
            ("externalId", self.external_id),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                // An empty one counts as absent, as everywhere in SCIM.
                set(&mut body, name, Json::String(text));
            }
        }
        let parts = [("givenName", self.given_name), ("familyName", self.family_name)];
        rename(&mut body, parts)?;
        if let Some(emails) = self.emails {
            if emails.is_empty() {
                return Err(Invalid::value("emails is required: at least one e-mail address."));
            }
            let emails = emails.into_iter().map(Email::json).collect::<Result<_, _>>()?;
            set(&mut body, "emails", Json::Array(emails));
        }
        if let Some(active) = self.active {
            set(&mut body, "active", Json::Bool(active));
        }
        Ok(Document::from_request(resource_type, &body, Strictness::Strict)?.document)
    }
}

/// Sets parts of the name. `name.formatted` goes: it was made of the parts as they were.
fn rename(body: &mut Json, parts: [(&str, Option<String>); 2]) -> Result<(), Invalid> {
    let mut name = body.take("name").unwrap_or(Json::Object(Vec::new()));
    for (part, value) in parts {
        if let Some(value) = value {
            let value = required(&format!("name.{part}"), value)?;
            if name.get(part) != Some(&value) {
                let _ = name.take("formatted");
            }
            set(&mut name, part, value);
        }
    }
    set(body, "name", name);
    Ok(())
}

impl Email {
    fn json(self) -> Result<Json, Invalid> {
        let mut members = vec![("value".to_owned(), required("emails.value", self.value)?)];
        members.extend(self.kind.map(|it| ("type".to_owned(), Json::String(it))));
        if self.primary {
            members.push(("primary".to_owned(), Json::Bool(true)));
        }
        Ok(Json::Object(members))
    }
}

fn required(name: &str, value: String) -> Result<Json, Invalid> {
    if value.trim().is_empty() {
        return Err(Invalid::value(format!("{name} is required.")));
    }
    Ok(Json::String(value))
}

/// Sets a member of an object in its place.
fn set(body: &mut Json, name: &str, value: Json) {
    let Json::Object(members) = body else { return };
    match members.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(name)) {
        Some(member) => member.1 = value,
        None => members.push((name.to_owned(), value)),
    }
}
