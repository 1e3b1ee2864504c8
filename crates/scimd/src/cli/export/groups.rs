//! Groups, in an order in which one import finds every member that a line names.

use std::io::Write;

use anyhow::Context as _;
use indicatif::ProgressBar;
use scim_app::administration::{Exported, ExportedMember};
use scim_domain::GroupId;
use scim_domain::schema::ResourceKind;
use serde_json::{Value, json};

use super::{Export, PAGE, bar};
use crate::cli::Tools;

/// Members in one line: a larger group has several.
const MEMBERS: u64 = 5_000;

impl Export {
    /// Every group with its users, and then those with groups in them once more: a group can be
    /// older than one in it.
    pub(super) async fn groups(&self, tools: &Tools, out: &mut dyn Write) -> anyhow::Result<u64> {
        let (mut number, mut newest) = (0, None);
        let bar = bar("writing");
        while let Some(page) = self.page(tools, newest).await? {
            for group in &page {
                let there = self.with_members(tools, group, ResourceKind::User, None, out).await?;
                number += u64::from(there);
                newest = Some(group.id);
                bar.set_position(number);
            }
        }
        if tools.administration.schemas_of(self.organization).await?.nested_groups {
            bar.set_message("writing groups in groups");
            self.nested(tools, newest, &bar, out).await?;
        }
        Ok(number)
    }

    /// The groups in the groups up to the newest that is in the file.
    async fn nested(
        &self,
        tools: &Tools,
        newest: Option<GroupId>,
        bar: &ProgressBar,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let mut after = None;
        bar.set_position(0);
        while let Some(page) = self.page(tools, after).await? {
            for group in &page {
                if newest < Some(group.id) {
                    return Ok(());
                }
                self.with_members(tools, group, ResourceKind::Group, newest, out).await?;
                after = Some(group.id);
                bar.inc(1);
            }
        }
        Ok(())
    }

    async fn page(
        &self,
        tools: &Tools,
        after: Option<GroupId>,
    ) -> anyhow::Result<Option<Vec<Exported<GroupId>>>> {
        let page = tools.administration.export_groups(self.organization, after, PAGE).await?;
        Ok(Some(page).filter(|it| !it.is_empty()))
    }

    /// A group in as many lines as its members of this kind need, up to the newest of them. Users
    /// have at least one line, groups in it only if there are some. Answers whether the group is
    /// still there; one that is not is none of the export.
    async fn with_members(
        &self,
        tools: &Tools,
        group: &Exported<GroupId>,
        kind: ResourceKind,
        newest: Option<GroupId>,
        out: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let document = group.document.strip_suffix('}').context("a group is no JSON object")?;
        let (mut after, administration) = (None, &tools.administration);
        loop {
            let page =
                administration.export_members(self.organization, group.id, kind, after, MEMBERS);
            let Some(members) = page.await? else { return Ok(after.is_some()) };
            let known = |it: &&ExportedMember| newest.is_none_or(|newest| it.id <= newest.uuid());
            let named: Vec<_> = members.iter().filter(known).map(member).collect();
            let first_of_users = kind == ResourceKind::User && after.is_none();
            if first_of_users || !named.is_empty() {
                writeln!(out, "{document},\"members\":{}}}", Value::from(named))?;
            }
            after = members.last().map(|it| it.id);
            if (members.len() as u64) < MEMBERS {
                return Ok(true);
            }
        }
    }
}

fn member(member: &ExportedMember) -> Value {
    let kind = member.kind.name();
    match member.kind {
        ResourceKind::User => json!({ "userName": member.name, "type": kind }),
        ResourceKind::Group => json!({ "displayName": member.name, "type": kind }),
    }
}
