//! The versions of TLS that are spoken (RFC 7644 §7.2).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
    SupportedProtocolVersion, version,
};

use crate::http::{Request, connect};
use crate::instance::{Instance, Place};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/fixtures").join(name)
}

/// Asks in one version of TLS alone; answers the version that was spoken and the status.
fn ask(
    instance: &Instance,
    only: &'static SupportedProtocolVersion,
) -> (Option<ProtocolVersion>, u16) {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixture("first.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[only])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = connect(instance.address);
    client.complete_io(&mut stream).unwrap();
    let spoken = client.protocol_version();
    let answer = Request::get("/healthz").send_over(&mut StreamOwned::new(client, stream));
    (spoken, answer.status)
}

#[test]
fn both_tls_1_2_and_1_3_are_spoken() {
    let place = Place::development()
        .with("SCIMD__SERVER__TLS__CERTIFICATE", "certificate.pem")
        .with("SCIMD__SERVER__TLS__KEY", "key.pem");
    std::fs::copy(fixture("first.pem"), place.path("certificate.pem")).unwrap();
    std::fs::copy(fixture("first.key.pem"), place.path("key.pem")).unwrap();
    let instance = place.serve();
    for only in [&version::TLS12, &version::TLS13] {
        assert_eq!(ask(&instance, only), (Some(only.version), 200));
    }
}
