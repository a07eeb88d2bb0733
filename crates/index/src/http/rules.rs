//! Where a request may go.

use assay_types::Url;
use url::Host;

use crate::IndexError;

/// Judges the URL of a request that nobody redirected: https, or http to this machine.
pub fn check_url(url: &Url) -> Result<(), IndexError> {
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(IndexError::Forbidden {
            url: crate::error::redacted(url),
            fact: "plain HTTP is refused: anybody on the way could change the answer".into(),
            hint: Some("use https://".into()),
        }),
        scheme => Err(IndexError::forbidden(
            url,
            format!("{scheme}: is not fetched"),
        )),
    }
}

/// Judges one redirect: the same rules, and never from https to http.
pub(crate) fn check_redirect(from: &Url, to: &Url) -> Result<(), IndexError> {
    let refuse = |fact: &str| {
        let to = crate::error::redacted(to);
        Err(IndexError::forbidden(
            from,
            format!("redirects to {to}: {fact}"),
        ))
    };
    match (from.scheme(), to.scheme()) {
        ("https", "http") => refuse("never from https to http"),
        (_, "http" | "https") => match check_url(to) {
            Ok(()) => Ok(()),
            Err(_) => refuse("plain HTTP is refused"),
        },
        _ => refuse("only https is followed"),
    }
}

/// Whether the host is this machine by name or address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether scheme, host and port are the same.
pub(crate) fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme()
        && a.host() == b.host()
        && a.port_or_known_default() == b.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn plain_http_reaches_this_machine_only() {
        for accepted in [
            "https://example.com/",
            "http://127.0.0.1:8/",
            "http://localhost/",
            "http://[::1]/",
        ] {
            assert!(check_url(&url(accepted)).is_ok(), "{accepted}");
        }
        for refused in [
            "http://example.com/",
            "http://localhost.example.com/",
            "file:///etc",
            "ftp://127.0.0.1/",
        ] {
            assert!(check_url(&url(refused)).is_err(), "{refused}");
        }
    }

    #[test]
    fn redirects_never_step_down() {
        let from = url("https://example.com/");
        assert!(check_redirect(&from, &url("https://other.example/")).is_ok());
        assert!(check_redirect(&from, &url("http://127.0.0.1/")).is_err());
        assert!(check_redirect(&from, &url("file:///etc/passwd")).is_err());
        let local = url("http://127.0.0.1/");
        assert!(check_redirect(&local, &url("http://localhost/")).is_ok());
        assert!(check_redirect(&local, &url("http://example.com/")).is_err());
    }
}
