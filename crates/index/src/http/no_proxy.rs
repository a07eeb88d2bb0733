//! Which hosts are reached without the proxy.

use assay_types::Url;

/// Parsed `no_proxy` entries: `*`, `host`, `.domain` and `domain` (with all hosts below), each
/// optionally with `:port`.
pub(crate) struct NoProxy(Vec<String>);

impl NoProxy {
    pub(crate) fn new(entries: &[String]) -> Self {
        let clean = |entry: &String| entry.trim().trim_start_matches('.').to_ascii_lowercase();
        Self(
            entries
                .iter()
                .map(clean)
                .filter(|it| !it.is_empty())
                .collect(),
        )
    }

    pub(crate) fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let with_port = url
            .port_or_known_default()
            .map(|port| format!("{host}:{port}"));
        self.0.iter().any(|entry| {
            entry == "*"
                || is_below(host, entry)
                || with_port.as_deref().is_some_and(|it| is_below(it, entry))
        })
    }
}

/// Whether `host` is `domain` or ends in `.domain`, compared label by label.
fn is_below(host: &str, domain: &str) -> bool {
    match host.strip_suffix(domain) {
        Some("") => true,
        Some(rest) => rest.ends_with('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_match_by_label_and_never_by_character() {
        let rules = ["example.com", ".corp.example", "host.example:8443"].map(str::to_owned);
        let rules = NoProxy::new(&rules);
        let covers = |url: &str| rules.covers(&Url::parse(url).unwrap());
        assert!(covers("https://example.com/"));
        assert!(covers("https://a.example.com/"));
        assert!(!covers("https://notexample.com/"));
        assert!(covers("https://pypi.corp.example/"));
        assert!(covers("https://host.example:8443/") && !covers("https://host.example/"));
        assert!(NoProxy::new(&["*".into()]).covers(&Url::parse("https://x.example").unwrap()));
        assert!(!NoProxy::new(&[" ".into()]).covers(&Url::parse("https://x.example").unwrap()));
    }
}
