//! The organization a story plays in, and the operator who looks after it with `scimd`.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::okta::App;
use crate::scimd::{Scimd, text, texts};

/// Where organizations come from.
#[derive(Debug)]
pub enum Source<'a> {
    /// The operator makes them.
    Operator(&'a Scimd),
    /// There is one, and all that is known of it is a SCIM key.
    Key(String),
}

/// One customer's organization, as far as the demo sees it.
#[derive(Debug)]
pub struct Organization<'a> {
    /// The API key, as pasted into Okta.
    pub token: String,
    /// Who can look at it from inside, if anybody.
    pub operator: Option<Operator<'a>>,
}

/// `scimd` for one organization and its key.
#[derive(Debug)]
pub struct Operator<'a> {
    scimd: &'a Scimd,
    organization: String,
    key: String,
}

/// What `scimd access show` says of a user.
#[derive(Debug)]
pub struct Access {
    /// Whether the user may sign in at all.
    pub active: bool,
    /// The keys of the user's roles, sorted.
    pub roles: Vec<String>,
    /// The names of the groups they come through, sorted.
    pub groups: Vec<String>,
}

impl<'a> Source<'a> {
    /// An organization for a story. A new one has a key without any permission, the plan Growth and
    /// a role of the customer's own.
    ///
    /// # Errors
    /// When `scimd` refuses.
    pub fn organization(&self, app: App) -> Result<Organization<'a>> {
        let scimd = match self {
            Self::Operator(scimd) => *scimd,
            Self::Key(token) => return Ok(Organization { token: token.clone(), operator: None }),
        };
        let name = match app {
            App::CustomSaml => "Acme",
            App::Template => "Globex",
        };
        let made = scimd.ask(&["organization", "create", "--name", name, "--plan", "growth"])?;
        let organization = text(&made, "id")?;
        scimd.ask(&[
            "role",
            "create",
            "--organization",
            &organization,
            "--name",
            "Case Reviewer",
        ])?;
        let made =
            scimd.ask(&["api-key", "create", "--organization", &organization, "--name", "Okta"])?;
        let operator = Operator { scimd, organization, key: text(&made, "id")? };
        Ok(Organization { token: text(&made, "token")?, operator: Some(operator) })
    }
}

impl Operator<'_> {
    /// Gives the key the permission it needs.
    ///
    /// # Errors
    /// When `scimd` refuses.
    pub fn permit_scim(&self) -> Result<()> {
        self.ask(&["api-key", "permit"], &["--id", &self.key, "--permission", "scim"]).map(drop)
    }

    /// Takes the permission from the key.
    ///
    /// # Errors
    /// When `scimd` refuses.
    pub fn forbid_scim(&self) -> Result<()> {
        self.ask(&["api-key", "forbid"], &["--id", &self.key, "--permission", "scim"]).map(drop)
    }

    /// Moves the organization to another plan.
    ///
    /// # Errors
    /// When `scimd` refuses.
    pub fn set_plan(&self, plan: &str) -> Result<()> {
        self.ask(&["organization", "set-plan"], &["--plan", plan]).map(drop)
    }

    /// Lets the members of a group have a role.
    ///
    /// # Errors
    /// When `scimd` refuses.
    pub fn map(&self, group: &str, role: &str) -> Result<()> {
        self.ask(&["group", "map"], &["--group", group, "--role", role]).map(drop)
    }

    /// The keys of all roles, sorted.
    ///
    /// # Errors
    /// When `scimd` refuses, or answers with something else.
    pub fn roles(&self) -> Result<Vec<String>> {
        let listed = self.ask(&["role", "list"], &[])?;
        let roles = listed.as_array().context("`scimd role list --json` is no array")?;
        let mut keys = roles.iter().map(|role| text(role, "key")).collect::<Result<Vec<_>>>()?;
        keys.sort();
        Ok(keys)
    }

    /// What a user may do now.
    ///
    /// # Errors
    /// When `scimd` refuses, or answers with something else.
    pub fn access(&self, user_name: &str) -> Result<Access> {
        let shown = self.ask(&["access", "show"], &["--user-name", user_name])?;
        let active = shown["active"].as_bool().context("`scimd access show` has no `active`")?;
        let mut roles = texts(&shown, "roles")?;
        roles.sort();
        let through =
            shown["through"].as_array().context("`scimd access show` has no `through`")?;
        let mut groups =
            through.iter().map(|path| text(path, "groupName")).collect::<Result<Vec<_>>>()?;
        groups.sort();
        groups.dedup();
        Ok(Access { active, roles, groups })
    }

    fn ask(&self, command: &[&str], options: &[&str]) -> Result<Value> {
        let words = [command, &["--organization", &self.organization], options].concat();
        self.scimd.ask(&words)
    }
}
