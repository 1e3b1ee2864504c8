//! The log: to standard error, one line an event, with the request's id on every line of a request.
//!
//! A request's id is a field of the span that the HTTP adapter opens; both formats print the spans
//! that an event happened in.

use std::panic::PanicHookInfo;

use anyhow::Context as _;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{EnvFilter, FilterFn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, fmt};

use crate::settings::{Log, LogFormat};

/// Starts the log for the rest of the process, and sends panics to it.
///
/// # Errors
/// A filter that cannot be read, or a log that was started before.
pub fn start(settings: &Log) -> anyhow::Result<()> {
    let filter = parse_filter(&settings.filter)?;
    tracing_subscriber::registry()
        .with(format(settings.format).with_filter(quiet_libraries()).with_filter(filter))
        .try_init()
        .context("cannot start the log")?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Whether `log.filter` can be read.
///
/// # Errors
/// What is wrong with it.
pub fn check_filter(filter: &str) -> anyhow::Result<()> {
    parse_filter(filter).map(drop)
}

fn parse_filter(filter: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(filter)
        .with_context(|| format!("log.filter {filter:?} cannot be read"))
}

fn format<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    match format {
        LogFormat::Json => fmt::layer()
            .with_writer(std::io::stderr)
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
        LogFormat::Text => fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .boxed(),
    }
}

/// Below info, libraries print what passes through them: headers with keys in them, frames, rows.
/// Nobody's filter may switch that on; and what they tell at info, we tell in our own words.
fn quiet_libraries() -> FilterFn {
    FilterFn::new(|event| *event.level() <= LevelFilter::WARN || event.target().starts_with("scim"))
}

/// A panic is a defect of ours and must reach the log. Its message may have been made from a
/// user's data, so only a constant one is repeated.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("not shown");
    let backtrace = std::backtrace::Backtrace::capture();
    tracing::error!(location, message, %backtrace, "a defect: the program panicked");
}
