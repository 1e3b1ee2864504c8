//! TLS: who connects sees the certificate, and the new one once its files change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::http::{Answer, Request, connect};
use crate::instance::{Instance, Place, poll};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/fixtures").join(name)
}

/// Asks over TLS, trusting one certificate alone; `None` if it is not the server's.
fn ask(instance: &Instance, trusted: &str, request: &Request) -> Option<Answer> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixture(trusted)).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = connect(instance.address);
    client.complete_io(&mut stream).ok()?;
    Some(request.send_over(&mut StreamOwned::new(client, stream)))
}

fn install(place: &Place, name: &str) {
    std::fs::copy(fixture(&format!("{name}.key.pem")), place.path("key.pem")).unwrap();
    std::fs::copy(fixture(&format!("{name}.pem")), place.path("certificate.pem")).unwrap();
}

fn with_tls() -> Place {
    let place = Place::development()
        .with("SCIMD__SERVER__TLS__CERTIFICATE", "certificate.pem")
        .with("SCIMD__SERVER__TLS__KEY", "key.pem");
    install(&place, "first");
    place
}

// A8
#[test]
fn a_listener_beyond_loopback_starts_with_tls() {
    let instance = with_tls().with("SCIMD__SERVER__BIND", "0.0.0.0:0").serve();
    let address = instance.address;
    let local = std::net::SocketAddr::from(([127, 0, 0, 1], address.port()));
    let mut instance = instance;
    instance.address = local;
    let answer = ask(&instance, "first.pem", &Request::get("/healthz")).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let base = instance.announced["baseUrl"].as_str().unwrap();
    assert!(base.starts_with("https://"), "{base}");
}

#[test]
fn a_certificate_follows_its_files() {
    let instance = with_tls().serve();
    assert!(ask(&instance, "second.pem", &Request::get("/healthz")).is_none());
    assert!(ask(&instance, "first.pem", &Request::get("/healthz")).is_some());
    install(&instance.place, "second");
    poll("the new certificate", || {
        ask(&instance, "second.pem", &Request::get("/healthz")).is_some()
    });
    assert!(ask(&instance, "first.pem", &Request::get("/healthz")).is_none());
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let place = with_tls();
    std::fs::copy(fixture("second.key.pem"), place.path("key.pem")).unwrap();
    let reason = place.refused(&["serve"]);
    assert!(reason.contains("does not belong to the certificate"), "{reason}");
}
