//! The address of the database, and what it says about encryption.
//!
//! `sslmode` means what it means to libpq: `disable`; `prefer` (the default) and `require` encrypt
//! without looking at the certificate, which keeps listeners out and nobody who sits in between;
//! `verify-ca` and `verify-full` check it, both with the name, and so does `require` where
//! `sslrootcert` names a file of authorities; without it those of the system count. Migrations read
//! an address in the same way.

use std::{fs::File, io::BufReader, sync::Arc};

use percent_encoding::percent_decode_str;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::BuilderVerifierExt as _;
use scim_app::ports::StoreError;
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::unavailable;

pub(super) type Tls = MakeRustlsConnect;

/// Takes an address apart.
pub(super) fn configuration(url: &str) -> Result<(Config, Tls), StoreError> {
    let (bare, mode, authorities) = parameters(url);
    // The message of the parser repeats parts of the address, which may be a password.
    let mut config: Config =
        bare.parse().map_err(|_| unavailable("the address of the database cannot be read"))?;
    let (ssl_mode, checks) = match mode.as_deref() {
        None | Some("prefer" | "allow") => (SslMode::Prefer, false),
        Some("disable") => (SslMode::Disable, false),
        Some("require") => (SslMode::Require, authorities.is_some()),
        Some("verify-ca" | "verify-full") => (SslMode::Require, true),
        Some(_) => return Err(unavailable("the address of the database has an unknown sslmode")),
    };
    config.ssl_mode(ssl_mode);
    Ok((config, MakeRustlsConnect::new(client(checks, authorities.as_deref())?)))
}

/// The address without what only this module understands, and that.
fn parameters(url: &str) -> (String, Option<String>, Option<String>) {
    let Some((address, query)) = url.split_once('?') else { return (url.to_owned(), None, None) };
    let (mut mode, mut authorities, mut others) = (None, None, Vec::new());
    for parameter in query.split('&').filter(|it| !it.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => {
                authorities = Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
            }
            _ => others.push(parameter),
        }
    }
    let bare = if others.is_empty() {
        address.to_owned()
    } else {
        format!("{address}?{}", others.join("&"))
    };
    (bare, mode, authorities)
}

fn client(checks: bool, authorities: Option<&str>) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unavailable)?;
    let config = match (checks, authorities) {
        (false, _) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Unchecked(algorithms)))
            .with_no_client_auth(),
        (true, None) => {
            builder.with_platform_verifier().map_err(unavailable)?.with_no_client_auth()
        }
        (true, Some(path)) => {
            builder.with_root_certificates(read_authorities(path)?).with_no_client_auth()
        }
    };
    Ok(config)
}

fn read_authorities(path: &str) -> Result<RootCertStore, StoreError> {
    use rustls::pki_types::pem::PemObject as _;

    let mut file = BufReader::new(File::open(path).map_err(unavailable)?);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_reader_iter(&mut file) {
        roots.add(certificate.map_err(unavailable)?).map_err(unavailable)?;
    }
    if roots.is_empty() {
        return Err(unavailable("the file of sslrootcert holds no certificate"));
    }
    Ok(roots)
}

/// Takes any certificate, as libpq does unless told to check it; the signatures must be right.
#[derive(Debug)]
struct Unchecked(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
