//! ureq's errors in this crate's words.

use std::{error::Error as _, io};

use assay_types::Url;

use super::{ClientConfig, body::GivenUp, tls};
use crate::{IndexError, error::redacted};

/// Translates a failure before the answer's head arrived.
pub(crate) fn from_ureq(url: &Url, config: &ClientConfig, error: ureq::Error) -> IndexError {
    let shown = redacted(url);
    match error {
        ureq::Error::Io(error) => from_io(url, config, error),
        ureq::Error::Rustls(error) => tls_failure(shown, config, &error),
        ureq::Error::Tls(fact) => IndexError::Tls {
            url: shown,
            fact: fact.into(),
            roots: tls::describe(&config.roots),
            by_server: false,
        },
        ureq::Error::Timeout(phase) => IndexError::TimedOut {
            url: shown,
            fact: format!("no answer in time ({phase})"),
        },
        ureq::Error::HostNotFound => IndexError::Connection {
            url: shown,
            fact: "the host name is not known".into(),
        },
        ureq::Error::ConnectProxyFailed(fact) => IndexError::Proxy {
            url: shown,
            fact: format!("no way through the proxy: {fact}"),
        },
        ureq::Error::Protocol(error) => IndexError::answer(url, format!("not HTTP: {error}")),
        ureq::Error::LargeResponseHeader(..) => {
            IndexError::answer(url, "the head of the answer is too large")
        }
        error => IndexError::Connection {
            url: shown,
            fact: error.to_string(),
        },
    }
}

/// Translates a failure while connecting or while the body arrives.
pub(crate) fn from_io(url: &Url, config: &ClientConfig, error: io::Error) -> IndexError {
    let shown = redacted(url);
    let inner = error.get_ref();
    if let Some(given_up) = inner.and_then(|it| it.downcast_ref::<GivenUp>()) {
        return IndexError::TimedOut {
            url: shown,
            fact: given_up.to_string(),
        };
    }
    if let Some(failure) = inner.and_then(|it| it.downcast_ref::<rustls::Error>()) {
        return tls_failure(shown, config, failure);
    }
    if inner.is_some_and(|it| it.is::<ureq::Error>()) {
        // ureq wraps its own errors to pass them through readers; this unwraps them again.
        return from_ureq(url, config, error.into());
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => IndexError::TimedOut {
            url: shown,
            fact: "the transfer stalled".into(),
        },
        _ => {
            let cause = error
                .source()
                .map(|it| format!(": {it}"))
                .unwrap_or_default();
            IndexError::Connection {
                url: shown,
                fact: format!("{error}{cause}"),
            }
        }
    }
}

fn tls_failure(url: String, config: &ClientConfig, error: &rustls::Error) -> IndexError {
    IndexError::Tls {
        url,
        fact: error.to_string(),
        roots: tls::describe(&config.roots),
        by_server: is_about_ours(error),
    }
}

/// Alerts by which a server answers to a client's certificate (RFC 8446, 6.2).
fn is_about_ours(error: &rustls::Error) -> bool {
    use rustls::AlertDescription as Alert;
    let rustls::Error::AlertReceived(alert) = error else {
        return false;
    };
    [
        Alert::CertificateRequired,
        Alert::BadCertificate,
        Alert::UnsupportedCertificate,
        Alert::CertificateRevoked,
        Alert::CertificateExpired,
        Alert::CertificateUnknown,
        Alert::UnknownCA,
        Alert::DecryptError,
        Alert::AccessDenied,
    ]
    .contains(alert)
}
