//! A server that lets in whoever encrypts.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Cluster, give};
use crate::sql::Sql;

impl Cluster {
    /// Which lets nobody in who does not encrypt and know the password, and shows a certificate of
    /// the tests; see [`Self::show`].
    pub fn start_encrypted(certificate: &str, password: &str) -> Self {
        let mut cluster = Self::start();
        let change = format!("ALTER USER postgres PASSWORD '{password}'");
        Sql::connect(&cluster.url()).run(&change);
        cluster.kill();
        let who = "hostssl all all all scram-sha-256\n";
        fs::write(cluster.data().join("pg_hba.conf"), who).unwrap();
        // The second address is in no certificate.
        let settings = [
            "ssl=on",
            "ssl_cert_file=tls.pem",
            "ssl_key_file=tls.key",
            "listen_addresses=127.0.0.1,127.0.0.2",
        ];
        cluster.settings = settings.map(str::to_owned).to_vec();
        cluster.show(certificate);
        cluster.restart();
        cluster
    }

    /// Which certificate it shows when it is started again.
    pub fn show(&self, certificate: &str) {
        for (ending, name) in [("pem", "tls.pem"), ("key.pem", "tls.key")] {
            let to = self.data().join(name);
            fs::copy(fixture(&format!("{certificate}.{ending}")), &to).unwrap();
            fs::set_permissions(&to, Permissions::from_mode(0o600)).unwrap();
            give(&to);
        }
    }
}

/// A certificate or key of the tests. Each certificate is an authority of its own.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/fixtures").join(name)
}
