//! With which settings the server does not start.

use std::ops::RangeInclusive;
use std::time::Duration;

use anyhow::{bail, ensure};

use super::url::{DatabaseUrl, public_url};
use super::{Keys, Server, Settings};
use crate::tls::Certificate;

/// The process must have ended 30 seconds after its signal; the rest is for writing what was
/// gathered and closing the database.
const LONGEST_SHUTDOWN: Duration = Duration::from_secs(25);

/// Shorter, a client would lose its place between two pages of a slow import; longer, a cursor that
/// came into wrong hands with its key would be good for too long.
const CURSOR_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_mins(1)..=Duration::from_hours(7 * 24);

/// Shorter, a backend that is down for a moment would have to read everything again.
const EVENTS_RETENTION: RangeInclusive<Duration> =
    Duration::from_hours(1)..=Duration::from_hours(3_650 * 24);

/// Below these, a stolen hash is cheaper to try than the common recommendation for Argon2id.
const RECOMMENDED: (u32, u32) = (19_456, 2);

pub(super) fn check(settings: &Settings) -> anyhow::Result<Vec<String>> {
    let mut warnings = Vec::new();
    DatabaseUrl::parse(&settings.database.url)?;
    ensure!(settings.database.connections >= 2, "database.connections must be at least 2");
    check_listener(&settings.server)?;
    if let Some(url) = &settings.server.public_url {
        warnings.extend(public_url(url)?.1);
    } else if settings.server.bind.ip().is_unspecified() {
        warnings.push(format!(
            "server.public_url is not set, so links point to {}, where nobody can follow them",
            settings.server.bind.ip()
        ));
    }
    check_times(&settings.server)?;
    let timeout = settings.provisioning.cursor_timeout;
    ensure!(CURSOR_TIMEOUT.contains(&timeout), "provisioning.cursor_timeout can be from 1m to 7d");
    let retention = settings.events.retention;
    ensure!(EVENTS_RETENTION.contains(&retention), "events.retention can be from 1h to 3650d");
    warnings.extend(check_keys(&settings.keys)?);
    crate::telemetry::check_filter(&settings.log.filter)?;
    Ok(warnings)
}

fn check_listener(server: &Server) -> anyhow::Result<()> {
    match (&server.tls.certificate, &server.tls.key) {
        (Some(certificate), Some(key)) => {
            Certificate::read(certificate, key)?;
        }
        (None, None) => ensure!(
            server.bind.ip().is_loopback() || !server.trusted_proxies.is_empty(),
            "server.bind {} is reachable from other machines, and keys would travel in the clear: \
             set server.tls.certificate and server.tls.key, or server.trusted_proxies if a reverse \
             proxy does TLS, or bind to 127.0.0.1",
            server.bind
        ),
        (Some(_), None) => bail!("server.tls.certificate is set but server.tls.key is not"),
        (None, Some(_)) => bail!("server.tls.key is set but server.tls.certificate is not"),
    }
    Ok(())
}

fn check_times(server: &Server) -> anyhow::Result<()> {
    for (key, value) in [
        ("server.header_timeout", server.header_timeout),
        ("server.keep_alive", server.keep_alive),
        ("server.request_timeout", server.request_timeout),
        ("server.answer_timeout", server.answer_timeout),
        ("server.shutdown_timeout", server.shutdown_timeout),
    ] {
        ensure!(!value.is_zero(), "{key} must be longer than nothing");
    }
    ensure!(
        server.shutdown_timeout <= LONGEST_SHUTDOWN,
        "server.shutdown_timeout can be at most {}s",
        LONGEST_SHUTDOWN.as_secs()
    );
    Ok(())
}

fn check_keys(keys: &Keys) -> anyhow::Result<Option<String>> {
    if let Err(error) =
        argon2::Params::new(keys.memory_kib, keys.iterations, keys.parallelism, None)
    {
        bail!("the settings under [keys] are no Argon2id parameters: {error}");
    }
    let weak = keys.memory_kib < RECOMMENDED.0 || keys.iterations < RECOMMENDED.1;
    Ok(weak.then(|| {
        format!(
            "keys.memory_kib {} and keys.iterations {} are below the recommended {} and {}",
            keys.memory_kib, keys.iterations, RECOMMENDED.0, RECOMMENDED.1
        )
    }))
}
