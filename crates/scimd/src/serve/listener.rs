//! The address that is listened on, with or without TLS.

use std::fmt::Debug;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server as Running, Service, ServiceFactory};
use actix_web::{Error, HttpServer};
use anyhow::Context as _;

use crate::settings::Server;
use crate::tls::Certificate;

/// How long a client may take to close its side, and to agree on a TLS session.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// A bound address. Connections wait until it serves.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    public_url: String,
}

impl Listener {
    /// Binds the address of the settings and reads the certificate if there is one.
    ///
    /// # Errors
    /// An address that is in use or not this machine's; files that hold no certificate and key.
    pub fn bind(settings: &Server) -> anyhow::Result<Self> {
        let certificate = match (&settings.tls.certificate, &settings.tls.key) {
            (Some(certificate), Some(key)) => Some(Certificate::read(certificate, key)?),
            (None | Some(_), None) | (None, Some(_)) => None,
        };
        let socket = TcpListener::bind(settings.bind)
            .with_context(|| format!("cannot listen on {}", settings.bind))?;
        let address = socket.local_addr().context("cannot tell the address listened on")?;
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let public_url =
            settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        Ok(Self { socket, address, certificate, public_url })
    }

    /// The address, with the port that the system chose if the settings left it to it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that clients use.
    pub fn public_url(&self) -> String {
        self.public_url.clone()
    }

    /// Serves the app until `stop` resolves; then takes no more connections and lets running
    /// requests finish, as long as the settings allow.
    ///
    /// # Errors
    /// A listener that the system does not let us use.
    pub fn serve<F, T>(
        self,
        settings: &Server,
        app: F,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<Running>
    where
        F: Fn() -> T + Send + Clone + 'static,
        T: ServiceFactory<
                Request,
                Config = AppConfig,
                Response = Response<BoxBody>,
                Error: Into<Error>,
                InitError: Debug,
            > + 'static,
        <T::Service as Service<Request>>::Future: 'static,
        T::Service: 'static,
        T::Error: 'static,
    {
        give_up_after(&self.socket, settings.keep_alive)
            .context("cannot limit how long clients may take")?;
        let mut server = HttpServer::new(app)
            .client_request_timeout(settings.header_timeout)
            .keep_alive(settings.keep_alive)
            .client_disconnect_timeout(HANDSHAKE)
            // Who hangs up no longer waits for an answer, and may have waited for events; a write
            // goes on in a task of its own. Nobody closes one half of a connection on purpose.
            .h1_allow_half_closed(false)
            .tls_handshake_timeout(HANDSHAKE)
            .shutdown_timeout(whole_seconds(settings.shutdown_timeout))
            .shutdown_signal(stop);
        if settings.workers > 0 {
            server = server.workers(settings.workers);
        }
        let server = match self.certificate {
            None => server.listen(self.socket),
            Some(certificate) => {
                tokio::spawn(certificate.clone().follow());
                server.listen_rustls_0_23(self.socket, certificate.server_config())
            }
        };
        Ok(server.with_context(|| format!("cannot serve on {}", self.address))?.run())
    }
}

/// Cuts connections whose client takes nothing of what it is sent for so long. The connections that
/// a socket accepts have this from it.
#[cfg(target_os = "linux")]
fn give_up_after(socket: &TcpListener, silence: Duration) -> std::io::Result<()> {
    socket2::SockRef::from(socket).set_tcp_user_timeout(Some(silence))
}

/// Other systems have no such limit for one socket.
#[cfg(not(target_os = "linux"))]
fn give_up_after(_: &TcpListener, _: Duration) -> std::io::Result<()> {
    Ok(())
}

/// Part of a second counts as one: a timeout of none would cut running requests off.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
