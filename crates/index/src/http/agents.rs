//! Connection pools: one for plain HTTP to this machine, one for https, one for https by proxy.

use std::{
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use assay_types::Url;
use ureq::{
    Agent, Proxy, config::Config, http::HeaderValue, tls::TlsConfig,
    unversioned::transport::DefaultConnector,
};

use super::{ClientConfig, is_loopback, no_proxy::NoProxy, resolver::RememberingResolver, tls};
use crate::IndexError;

/// Idle connections kept to one host: enough for as many downloads as run at once.
const IDLE_PER_HOST: usize = 32;

pub(crate) struct Agents {
    config: ClientConfig,
    no_proxy: NoProxy,
    proxy: Option<Proxy>,
    plain: Agent,
    tls: Mutex<Option<TlsConfig>>,
    direct: OnceLock<Agent>,
    proxied: OnceLock<Agent>,
}

impl Agents {
    /// Checks the proxy's URL and the user agent; reads no file yet.
    pub(crate) fn new(config: &ClientConfig) -> Result<Self, IndexError> {
        let proxy = config.proxy.as_deref().map(parse_proxy).transpose()?;
        HeaderValue::from_str(&config.user_agent)
            .map_err(|_| IndexError::setting("the user agent is not a header's text"))?;
        Ok(Self {
            config: config.clone(),
            no_proxy: NoProxy::new(&config.no_proxy),
            proxy,
            plain: agent(config, None, None),
            tls: Mutex::new(None),
            direct: OnceLock::new(),
            proxied: OnceLock::new(),
        })
    }

    /// The agent that may reach this URL. Loopback is never asked through a proxy, for there it
    /// would be another machine's loopback.
    pub(crate) fn for_url(&self, url: &Url) -> Result<&Agent, IndexError> {
        if url.scheme() == "http" {
            return Ok(&self.plain);
        }
        match self.proxy_for(url) {
            Some(proxy) => self.with_tls(&self.proxied, Some(proxy)),
            None => self.with_tls(&self.direct, None),
        }
    }

    /// A failed connection, told as one by way of the proxy where there is one: a SOCKS proxy's
    /// refusal looks like the server's.
    pub(crate) fn by_way_of(&self, url: &Url, error: IndexError) -> IndexError {
        match error {
            IndexError::Connection { url: shown, fact } if self.proxy_for(url).is_some() => {
                IndexError::Connection {
                    url: shown,
                    fact: format!("by way of the proxy: {fact}"),
                }
            }
            error => error,
        }
    }

    fn proxy_for(&self, url: &Url) -> Option<&Proxy> {
        let proxy = self.proxy.as_ref()?;
        let is_direct = url.scheme() == "http" || is_loopback(url) || self.no_proxy.covers(url);
        (!is_direct).then_some(proxy)
    }

    fn with_tls<'a>(
        &self,
        slot: &'a OnceLock<Agent>,
        proxy: Option<&Proxy>,
    ) -> Result<&'a Agent, IndexError> {
        if let Some(agent) = slot.get() {
            return Ok(agent);
        }
        // The lock also keeps other threads from reading the trust store a second time.
        let mut tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = match &*tls {
            Some(loaded) => loaded.clone(),
            None => tls.insert(tls::load(&self.config)?).clone(),
        };
        Ok(slot.get_or_init(|| agent(&self.config, Some(loaded), proxy.cloned())))
    }
}

fn parse_proxy(text: &str) -> Result<Proxy, IndexError> {
    // The text may hold a password, so the error does not repeat it.
    Proxy::new(text).map_err(|_| IndexError::Setting {
        fact: "the proxy is not a URL of the form http://host:port or socks5h://host:port".into(),
        hint: None,
    })
}

/// `proxy` is always set, for ureq's own default would read the environment.
fn agent(config: &ClientConfig, tls: Option<TlsConfig>, proxy: Option<Proxy>) -> Agent {
    // The minimum rate begins with the body, so a dripping head has a limit of its own.
    let head_within = config.timeout.saturating_mul(4);
    let mut builder = Config::builder()
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(4 * IDLE_PER_HOST)
        .max_idle_connections_per_host(IDLE_PER_HOST)
        .max_idle_age(Duration::from_secs(30))
        .user_agent(config.user_agent.as_str())
        .timeout_global(Some(config.deadline.max(config.file_deadline)))
        .timeout_resolve(Some(head_within))
        .timeout_connect(Some(config.timeout))
        .timeout_recv_response(Some(head_within))
        .timeout_per_read(Some(config.timeout))
        .timeout_per_write(Some(config.timeout));
    if let Some(tls) = tls {
        builder = builder.tls_config(tls);
    }
    Agent::with_parts(
        builder.build(),
        DefaultConnector::default(),
        RememberingResolver::default(),
    )
}
