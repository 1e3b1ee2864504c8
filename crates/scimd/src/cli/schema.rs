//! `scimd schema …`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_app::administration::Indexing;
use scim_domain::resource::limits::SCHEMA_BYTES;
use scim_domain::schema::custom::CustomSchema;
use scim_domain::schema::{Attribute, ResourceKind};
use scim_domain::{Json, OrganizationId};
use serde_json::{Value, json};

use super::{Tools, file, parse};
use crate::output::{Answer, fields, table};

/// The commands for schemas.
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// Declare a schema: attributes of your own for users or groups
    ///
    /// The file holds the schema as JSON (RFC 7643, section 7): its id, a URN, and its attributes.
    /// What an attribute leaves out has the RFC's default: an optional single string that anybody
    /// with write access may change. "indexed": true (for users) keeps an index of its values, so
    /// that searches by it are quick whatever the number of users. Takes effect at once.
    ///
    /// Example: scimd schema declare --organization ID --resource-type User --file badge.json
    Declare {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// What it extends: User or Group
        #[arg(long, value_name = "TYPE", value_parser = parse::resource_type)]
        resource_type: ResourceKind,
        /// The file with the schema; - reads standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Change a schema to what the file says
    ///
    /// Attributes, sub-attributes, suggested values and descriptions can be added; what could make
    /// stored values unreadable is refused. An attribute that is indexed from now on has its index
    /// built while the service goes on; if that is interrupted, give the command again.
    Update {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
        /// The file with the schema, under the id that it has; - reads standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// List an organization's own schemas, oldest first
    List {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
    /// Show a schema; with --json its `definition` is what `update` takes
    Show(Which),
    /// Remove a schema that no user or group has values of
    Remove(Which),
}

/// A schema, named.
#[derive(Debug, Args)]
pub struct Which {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    pub organization: OrganizationId,
    /// The schema's id, such as urn:example:Badge
    #[arg(long, value_name = "URN")]
    pub schema: String,
}

impl Schema {
    /// Does it.
    ///
    /// # Errors
    /// No such organization or schema, a file that cannot be read, a declaration that breaks a rule,
    /// or a schema that is in use.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let administration = &tools.administration;
        match self {
            Self::Declare { organization, resource_type, file } => {
                let declaration = read(&file)?;
                let declared = administration
                    .carry_out(async |it| {
                        it.declare_schema(organization, resource_type, &declaration).await
                    })
                    .await?;
                Ok(shown(&declared))
            }
            Self::Update { organization, file } => {
                let declaration = read(&file)?;
                let updated = administration
                    .carry_out(async |it| it.update_schema(organization, &declaration).await)
                    .await?;
                let urn = &updated.schema.id;
                index(tools, organization, urn).await?;
                Ok(shown(&administration.show_schema(organization, urn).await?))
            }
            Self::List { organization } => {
                Ok(list(&administration.list_schemas(organization).await?))
            }
            Self::Show(Which { organization, schema }) => {
                Ok(shown(&administration.show_schema(organization, &schema).await?))
            }
            Self::Remove(Which { organization, schema }) => {
                administration
                    .carry_out(async |it| it.remove_schema(organization, &schema).await)
                    .await?;
                let text = format!("The schema {schema} is gone.");
                Ok(Answer { json: json!({ "id": schema, "removed": true }), text })
            }
        }
    }
}

/// Builds what indexes a schema lacks, with something that moves before a person's eyes.
async fn index(tools: &Tools, organization: OrganizationId, urn: &str) -> anyhow::Result<()> {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} indexing: {pos} batches of users") {
        bar.set_style(style);
    }
    let administration = &tools.administration;
    while administration.carry_out(async |it| it.index_schema(organization, urn).await).await?
        == Indexing::Further
    {
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// The JSON of a file, as far as a declaration may be long.
fn read(path: &Path) -> anyhow::Result<Json> {
    file::read_json(path, SCHEMA_BYTES)
}

fn list(all: &[CustomSchema]) -> Answer {
    let row = |it: &CustomSchema| {
        let names: Vec<_> = it.schema.attributes.iter().map(|it| &*it.name).collect();
        [it.schema.id.to_string(), it.extends.name().to_owned(), names.join(", ")]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let empty = "There are no schemas of its own here: scimd schema declare";
    let text = table(empty, ["schema", "extends", "attributes"], &rows);
    Answer { json: all.iter().map(object).collect(), text }
}

fn shown(it: &CustomSchema) -> Answer {
    let about = fields(&[
        ("schema", it.schema.id.to_string()),
        ("name", it.schema.name.clone()),
        ("description", it.schema.description.clone()),
        ("extends", it.extends.name().to_owned()),
        ("declared", it.created.to_string()),
        ("changed", it.updated.to_string()),
    ]);
    let mut rows = Vec::new();
    for attribute in &it.schema.attributes {
        rows.push(row("", attribute));
        rows.extend(attribute.sub_attributes.iter().map(|part| row(&attribute.name, part)));
    }
    let head = ["attribute", "type", "characteristics", "description"];
    let text = format!("{about}\n\n{}", table("There are no attributes.", head, &rows));
    Answer { json: object(it), text }
}

/// An attribute, or the part of one.
fn row(whole: &str, it: &Attribute) -> [String; 4] {
    let name = if whole.is_empty() { it.name.to_string() } else { format!("{whole}.{}", it.name) };
    let definition = it.to_definition();
    let word = |key: &str| definition[key].as_str().unwrap_or_default().to_owned();
    let index = match (it.indexed, it.index_building) {
        (false, _) => "",
        (true, false) => "indexed",
        (true, true) => "index being built",
    };
    let more = [
        word("mutability"),
        format!("returned {}", word("returned")),
        if it.multi_valued { "list".to_owned() } else { String::new() },
        if it.case_exact { "case-exact".to_owned() } else { String::new() },
        index.to_owned(),
    ];
    let more: Vec<_> = more.into_iter().filter(|it| !it.is_empty()).collect();
    [name, word("type"), more.join(", "), it.description.clone()]
}

fn object(it: &CustomSchema) -> Value {
    json!({
        "id": &*it.schema.id,
        "resourceType": it.extends.name(),
        "definition": it.schema.to_definition(),
        "indexing": it.building(),
        "created": it.created.to_string(),
        "updated": it.updated.to_string(),
    })
}
