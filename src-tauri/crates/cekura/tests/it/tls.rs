//! A server whose certificate nobody vouches for.

use std::sync::Arc;

use cekura::Fate;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::launch::request;
use crate::support::client;

// Self-signed for 127.0.0.1, good until 2126, and made for this test alone.
const CERTIFICATE: &[u8] = include_bytes!("certificate/certificate.der");
const KEY: &[u8] = include_bytes!("certificate/key.der");

/// Its address, and how many handshakes came about.
async fn untrusted() -> (String, tokio::sync::mpsc::UnboundedReceiver<bool>) {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let (told, handshakes) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let shaken = acceptor.accept(stream).await.is_ok();
            let _ = told.send(shaken);
        }
    });
    (address, handshakes)
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_cannot_prove_who_it_is() {
    let (address, mut handshakes) = untrusted().await;
    let client = client(&address);

    let error = client.projects().await.unwrap_err();
    assert_eq!((error.code(), error.tries), ("tls_untrusted", 1), "{error}");
    assert_eq!(handshakes.recv().await, Some(false));

    let failure = client.launch(&request()).await.unwrap_err();
    assert_eq!((failure.fate, failure.error.code()), (Fate::NotSent, "tls_untrusted"), "{failure}");
    assert_eq!(handshakes.recv().await, Some(false));
    assert!(handshakes.try_recv().is_err(), "one connection each");
}
