//! TLS: the certificate from its files, and again when they change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, anyhow, ensure};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// How often the files are looked at, which costs two questions to the file system.
const INTERVAL: Duration = Duration::from_secs(2);

/// Makes ring the one provider of cryptography; the first thing in `main`, since rustls picks
/// none by itself once a second one is linked.
///
/// # Errors
/// When another was installed before.
pub fn install_provider() -> anyhow::Result<()> {
    ring::default_provider()
        .install_default()
        .map_err(|_| anyhow!("another provider of cryptography was installed before"))
}

/// A certificate that follows its files.
#[derive(Debug)]
pub struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

#[derive(Debug)]
struct Current {
    certified: Arc<CertifiedKey>,
    read_at: Stamp,
}

/// When the two files were changed and how long they are.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// Files that cannot be read, hold no PEM, or do not belong together.
    pub fn read(certificate: &Path, key: &Path) -> anyhow::Result<Arc<Self>> {
        let read_at = stamp(certificate, key);
        let current = Current { certified: load(certificate, key)?, read_at };
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        Ok(Arc::new(Self { certificate, key, current: RwLock::new(current) }))
    }

    /// What a listener needs, offering HTTP/2 and HTTP/1.1.
    pub fn server_config(self: &Arc<Self>) -> ServerConfig {
        let mut config =
            ServerConfig::builder().with_no_client_auth().with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }

    /// Looks at the files again and again and takes over what they hold. Never ends.
    pub async fn follow(self: Arc<Self>) {
        let mut tick = tokio::time::interval(INTERVAL);
        loop {
            tick.tick().await;
            match self.refresh() {
                Ok(false) => {}
                Ok(true) => tracing::info!("the TLS certificate was read again"),
                Err(error) => {
                    tracing::error!("the TLS certificate stays as it was: {error:#}");
                }
            }
        }
    }

    /// Reads the files if they changed, and says whether it did. While they cannot be used, for
    /// example since only one of them is new yet, the certificate stays, and the next call tries
    /// again.
    fn refresh(&self) -> anyhow::Result<bool> {
        let read_at = stamp(&self.certificate, &self.key);
        if read_at == self.current.read().unwrap_or_else(PoisonError::into_inner).read_at {
            return Ok(false);
        }
        let certified = load(&self.certificate, &self.key)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Current { certified, read_at };
        Ok(true)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(current.certified.clone())
    }
}

fn load(certificate: &Path, key: &Path) -> anyhow::Result<Arc<CertifiedKey>> {
    let shown = certificate.display();
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("server.tls.certificate: cannot read {shown} as PEM"))?;
    ensure!(!chain.is_empty(), "server.tls.certificate: {shown} holds no certificate");
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("server.tls.key: cannot read {} as PEM", key.display()))?;
    let certified = CertifiedKey::from_der(chain, private, &ring::default_provider())
        .with_context(|| format!("the key does not belong to the certificate {shown}"))?;
    Ok(Arc::new(certified))
}

fn stamp(certificate: &Path, key: &Path) -> Stamp {
    [certificate, key].map(|file| {
        let metadata = std::fs::metadata(file).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}
