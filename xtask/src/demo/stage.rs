//! Where the demo is played: it counts the steps, shows every request, and asks after each change
//! what a person may do now.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use super::answer::Answer;
use super::cast::Cast;
use super::client::Client;
use super::okta::{App, Request};
use super::organization::Operator;
use crate::ui::{Tone, Ui, shorten, wrap};

/// The width of path and query in the listing.
const TARGET: usize = 66;
/// How far the lines below a step's title stand in.
const INDENT: &str = "     ";

/// One story on its way.
#[derive(Debug)]
pub struct Stage<'a> {
    ui: Ui,
    /// Okta's client that plays.
    pub app: App,
    client: Client,
    /// Who can look at the organization from inside, if anybody.
    pub operator: Option<Operator<'a>>,
    /// Okta's users.
    pub cast: Cast,
    steps: usize,
}

impl<'a> Stage<'a> {
    /// Counting on from `steps`.
    pub fn new(
        ui: Ui,
        app: App,
        client: Client,
        operator: Option<Operator<'a>>,
        cast: Cast,
        steps: usize,
    ) -> Self {
        Self { ui, app, client, operator, cast, steps }
    }

    /// How many steps have been played, those before this story included.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Plays a step under its number and title.
    ///
    /// # Errors
    /// When the step fails; number and title are put before the reason.
    pub fn step<T>(&mut self, title: &str, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.steps += 1;
        let number = self.steps;
        self.ui.line(&format!("\n{number:>3}  {}", self.ui.paint(Tone::Strong, title)));
        act(self).with_context(|| format!("step {number}, {title} ({})", self.app.name()))
    }

    /// Sends a request and shows it with its status.
    ///
    /// # Errors
    /// When no readable answer comes.
    pub fn send(&self, request: &Request) -> Result<Answer> {
        let answer = self.client.send(request)?;
        self.show(request, &answer);
        Ok(answer)
    }

    /// Sends a request with another value of `Authorization` and shows it.
    ///
    /// # Errors
    /// When no readable answer comes.
    pub fn send_as(&self, authorization: &str, request: &Request) -> Result<Answer> {
        let answer = self.client.send_as(authorization, request)?;
        self.show(request, &answer);
        Ok(answer)
    }

    /// Sends one of many requests, shown together by [`Stage::note`].
    ///
    /// # Errors
    /// When no readable answer comes.
    pub fn send_quietly(&self, request: &Request) -> Result<Answer> {
        self.client.send(request)
    }

    /// What an answer says.
    pub fn note(&self, text: &str) {
        for line in wrap(text, TARGET + 16) {
            self.ui.line(&format!("{INDENT}       {}", self.ui.paint(Tone::Faint, &line)));
        }
    }

    /// One line on what the operator did.
    pub fn operator_did(&self, text: &str) {
        self.ui.line(&format!("{INDENT}scimd  {text}"));
    }

    /// One line on what has changed for the people.
    pub fn effect(&self, text: &str) {
        self.ui.line(&format!("{INDENT}     → {text}"));
    }

    /// Asks the service what a person may do, shows it, and compares.
    ///
    /// # Errors
    /// When the person may do more or less than that.
    pub fn expect_access(&self, person: usize, active: bool, roles: &[&str]) -> Result<()> {
        let Some(operator) = &self.operator else { return Ok(()) };
        let person = self.cast.person(person)?;
        let access = operator.access(&person.user_name)?;
        let state = if access.active { "active" } else { "inactive" };
        let shown = format!("{}: {state}, roles [{}]", person.given, access.roles.join(", "));
        let through = match access.groups.as_slice() {
            _ if access.roles.is_empty() => String::new(),
            [] => String::new(),
            groups => format!(" through {}", groups.join(", ")),
        };
        self.effect(&format!("{shown}{through}"));
        let as_expected = access.active == active && access.roles == roles;
        ensure!(as_expected, "{shown}, but expected active: {active}, roles {roles:?}");
        Ok(())
    }

    /// A bar for many requests; it moves only before a person's eyes.
    pub fn progress(&self, length: usize) -> ProgressBar {
        if !self.ui.interactive() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length as u64);
        let template = format!("{INDENT}       {{bar:40}} {{pos}}/{{len}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar
    }

    fn show(&self, request: &Request, answer: &Answer) {
        let target = shorten(&request.target, TARGET);
        let status = answer.status.to_string();
        let tone = if answer.status < 300 { Tone::Good } else { Tone::Notice };
        let line = format!(
            "{INDENT}{:<6} {target:<TARGET$}  {}  {:>8}",
            request.method,
            self.ui.paint(tone, &status),
            milliseconds(answer.time)
        );
        self.ui.line(&line);
    }
}

/// A time as the listing shows it.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
