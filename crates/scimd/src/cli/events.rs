//! `scimd events …`

use std::io::ErrorKind;
use std::time::Duration;

use clap::{Args, Subcommand};
use scim_app::feed::{FeedPage, Feeds, LARGEST_PAGE, PublishedEvent};
use scim_app::sealer::Sealer;
use scim_domain::OrganizationId;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Tools, parse};
use crate::output::{self, Answer, cell, fields, table};

/// How often new events are looked for.
const LOOKING: Duration = Duration::from_millis(250);

/// The commands for events.
#[derive(Debug, Subcommand)]
pub enum Events {
    /// List what happened, oldest first
    ///
    /// Shows the events that a backend gets from /api/v1/events, in the same form.
    List(List),
    /// Show the numbers of the oldest event that is kept, and of the latest
    Position {
        /// The organization
        #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
        organization: OrganizationId,
    },
}

/// What is listed.
#[derive(Debug, Args)]
pub struct List {
    /// The organization
    #[arg(long, value_name = "ID", value_parser = parse::organization_id)]
    organization: OrganizationId,
    /// Only events with larger numbers; without it, from the oldest that is kept
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// At most so many events, and 1,000
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u64,
    /// Go on with what happens from now on, one event a line, until Ctrl-C
    #[arg(long, conflicts_with = "limit")]
    follow: bool,
}

impl Events {
    /// Does it.
    ///
    /// # Errors
    /// No such organization; events that are not kept any more.
    pub async fn run(self, tools: &Tools) -> anyhow::Result<Answer> {
        let feeds = Feeds::new(tools.store.clone(), tools.clock.clone());
        let sealer = Sealer::new(tools.store.clone());
        // Where no server runs, nobody else has given the events their numbers.
        sealer.run().await?;
        match self {
            Self::List(it) if it.follow => follow(&it, tools, &feeds, &sealer).await,
            Self::List(it) => {
                let page = feeds.read(it.organization, it.after, it.limit).await?;
                Ok(list(it.organization, page))
            }
            Self::Position { organization } => {
                let position = feeds.position(organization).await?;
                let oldest = position.oldest();
                let shown = oldest.map_or_else(|| "none is kept".to_owned(), |it| it.to_string());
                let pairs = [("oldest", shown), ("latest", position.latest.to_string())];
                let json = json!({ "oldest": oldest, "latest": position.latest });
                Ok(Answer { json, text: fields(&pairs) })
            }
        }
    }
}

fn list(organization: OrganizationId, page: FeedPage) -> Answer {
    let (next, latest) = (page.next_after, page.position.latest);
    let events: Vec<_> =
        page.events.into_iter().map(|it| PublishedEvent::new(organization, it)).collect();
    let row = |it: &PublishedEvent| {
        let subject = format!("{} {}", it.subject.r#type, it.subject.id);
        let (number, data) = (it.sequence.to_string(), it.data.to_string());
        [number, it.time.clone(), it.r#type.to_owned(), subject, data]
    };
    let rows: Vec<_> = events.iter().map(row).collect();
    let text = table("No events.", ["number", "when", "what", "of", "data"], &rows);
    let later = format!("\n\nThere are later events; --after {next} shows them.");
    let text = if next < latest { text + &later } else { text };
    Answer { json: events.iter().map(|it| json!(it)).collect(), text }
}

async fn follow(
    it: &List,
    tools: &Tools,
    feeds: &Feeds,
    sealer: &Sealer,
) -> anyhow::Result<Answer> {
    let nothing_more = Answer { json: Value::Null, text: String::new() };
    let mut after = it.after;
    loop {
        let page = feeds.read(it.organization, after, LARGEST_PAGE).await?;
        after = Some(page.next_after);
        let more = page.next_after < page.position.latest;
        for event in page.events {
            let event = PublishedEvent::new(it.organization, event);
            let line = if tools.as_json { json!(event).to_string() } else { line(&event) };
            match output::tell(&line) {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(nothing_more),
                told => told?,
            }
        }
        if !more {
            sleep(LOOKING).await;
            sealer.run().await?;
        }
    }
}

fn line(it: &PublishedEvent) -> String {
    let subject = format!("{} {}", it.subject.r#type, it.subject.id);
    cell(&format!("{}  {}  {}  {subject}  {}", it.sequence, it.time, it.r#type, it.data))
}
