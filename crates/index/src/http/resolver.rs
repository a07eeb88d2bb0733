//! Names of hosts, looked up once in a run: sixteen threads that connect at once must not send
//! sixteen queries, of which a name server may drop most.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// The platform's resolver, remembering its answers. Failures are not remembered.
#[derive(Debug, Default)]
pub(super) struct RememberingResolver {
    platform: DefaultResolver,
    known: Mutex<HashMap<String, Slot>>,
}

/// The addresses of one host; locked while they are looked up.
type Slot = Arc<Mutex<Vec<SocketAddr>>>;

impl RememberingResolver {
    fn slot(&self, uri: &Uri) -> Slot {
        let place = format!("{:?} {:?}", uri.scheme(), uri.authority());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(place).or_default())
    }
}

impl Resolver for RememberingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let slot = self.slot(uri);
        let mut addresses = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.is_empty() {
            let found = self.platform.resolve(uri, config, timeout)?;
            addresses.extend(found.iter().copied());
        }
        let mut answer = self.empty();
        addresses.iter().for_each(|it| answer.push(*it));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_looked_up_once_and_each_port_by_itself() {
        let resolver = RememberingResolver::default();
        let config = Config::default();
        let timeout = || NextTimeout {
            after: ureq::unversioned::transport::time::Duration::NotHappening,
            reason: ureq::Timeout::Resolve,
            per_read: None,
            per_write: None,
        };
        let ask = |uri: &str| {
            let found = resolver.resolve(&uri.parse().unwrap(), &config, timeout());
            found
                .unwrap()
                .iter()
                .map(SocketAddr::port)
                .collect::<Vec<_>>()
        };
        assert_eq!(ask("http://127.0.0.1:81/a"), [81]);
        assert_eq!(ask("http://127.0.0.1:81/b"), [81]);
        assert_eq!(ask("http://127.0.0.1:82/"), [82]);
        assert_eq!(resolver.known.lock().unwrap().len(), 2);
    }
}
