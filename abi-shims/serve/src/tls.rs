//! TLS on both sides: what clients are shown, and what upstreams must show.
//!
//! The cryptography is Graviola's, which needs no C compiler to build and some instructions to run: a machine without
//! them is told so here, before anything is served.

use crate::config::ServerTls;
use crate::error::Error;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::path::Path;
use std::sync::Arc;

/// What the two sides offer, best first.
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

pub fn server(files: &ServerTls) -> Result<Arc<ServerConfig>, Error> {
    let builder = ServerConfig::builder_with_provider(provider()?)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Tls(error.to_string()))?;
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let roots = Arc::new(roots(path)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider()?).build();
            let verifier = verifier.map_err(|error| Error::Tls(error.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let chain = certificates(&files.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&files.key);
    let key = key.map_err(|error| unreadable(&files.key, "private key", &error))?;
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|error| Error::Tls(format!("certificate and key: {error}")))?;
    config.alpn_protocols = ALPN.map(<[u8]>::to_vec).into();
    Ok(Arc::new(config))
}

/// For upstreams. `ca` is what they are checked against; the system's certificates if there is none.
pub fn client(ca: Option<&Path>) -> Result<Arc<ClientConfig>, Error> {
    let roots = match ca {
        Some(path) => roots(path)?,
        None => {
            let mut store = RootCertStore::empty();
            // What cannot be read is left out: an upstream that needs it is refused by name later.
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err(Error::Tls(
                    "the system has no certificates to check upstreams against\n\nhint: install \
                     `ca-certificates`, or name a file with `--upstream-ca`"
                        .into(),
                ));
            }
            store
        }
    };
    let mut config = ClientConfig::builder_with_provider(provider()?)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = ALPN.map(<[u8]>::to_vec).into();
    Ok(Arc::new(config))
}

fn provider() -> Result<Arc<rustls::crypto::CryptoProvider>, Error> {
    match missing_cpu_features().as_slice() {
        [] => Ok(Arc::new(rustls_graviola::default_provider())),
        missing => Err(Error::Tls(format!(
            "this CPU lacks {}, which the cryptography needs\n\nhint: let another program end TLS, and serve without",
            missing.join(", ")
        ))),
    }
}

#[cfg(target_arch = "x86_64")]
fn missing_cpu_features() -> Vec<&'static str> {
    let features = [
        ("adx", is_x86_feature_detected!("adx")),
        ("aes", is_x86_feature_detected!("aes")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("bmi1", is_x86_feature_detected!("bmi1")),
        ("bmi2", is_x86_feature_detected!("bmi2")),
        ("pclmulqdq", is_x86_feature_detected!("pclmulqdq")),
    ];
    missing(&features)
}

#[cfg(target_arch = "aarch64")]
fn missing_cpu_features() -> Vec<&'static str> {
    use std::arch::is_aarch64_feature_detected;
    let features = [
        ("aes", is_aarch64_feature_detected!("aes")),
        ("neon", is_aarch64_feature_detected!("neon")),
        ("pmull", is_aarch64_feature_detected!("pmull")),
        ("sha2", is_aarch64_feature_detected!("sha2")),
    ];
    missing(&features)
}

fn missing(features: &[(&'static str, bool)]) -> Vec<&'static str> {
    let missing = features.iter().filter(|(_, there)| !there);
    missing.map(|(name, _)| *name).collect()
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(path, "certificate", &error))?;
    if read.is_empty() {
        let why = "holds no certificate in PEM".into();
        return Err(Error::Pem {
            path: path.to_owned(),
            why,
        });
    }
    Ok(read)
}

fn roots(path: &Path) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(path)? {
        store.add(certificate).map_err(|error| Error::Pem {
            path: path.to_owned(),
            why: format!("holds a certificate that cannot be used: {error}"),
        })?;
    }
    Ok(store)
}

fn unreadable(path: &Path, what: &str, error: &rustls::pki_types::pem::Error) -> Error {
    use rustls::pki_types::pem::Error as Pem;
    let why = match error {
        Pem::Io(error) => format!("cannot be read: {error}"),
        Pem::NoItemsFound => format!("holds no {what} in PEM"),
        error => format!("is no PEM file: {error:?}"),
    };
    Error::Pem {
        path: path.to_owned(),
        why,
    }
}
