//! How repositories are reached.

use assay_index::{
    ClientConfig, TlsRoots,
    git::{GitConfig, VARIABLES},
};

use crate::surroundings::Surroundings;

/// Variables that name proxies, which `--no-proxy-env` takes away and `--proxy` goes before.
const PROXIES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// What git may use: the network as indexes are reached, and of the surroundings what it names.
pub fn git(client: &ClientConfig, around: &Surroundings) -> GitConfig {
    let names = VARIABLES.iter().filter(|it| !PROXIES.contains(it));
    let values = names.filter_map(|it| Some(((*it).to_owned(), around.raw_variable(it)?)));
    let path = around.path.clone().unwrap_or_default();
    GitConfig {
        offline: client.offline,
        proxy: client.proxy.clone(),
        certificates: match &client.roots {
            TlsRoots::File(path) => Some(path.clone()),
            TlsRoots::Platform | TlsRoots::Mozilla | TlsRoots::Folder(_) => None,
        },
        ..GitConfig::new(path, values.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_is_told_what_the_client_knows_and_what_it_names() {
        let around = Surroundings::default();
        let around =
            around.with_variables(&[("HOME", "/h"), ("https_proxy", "p"), ("GIT_DIR", "x")]);
        let mut client = ClientConfig::new("cache");
        client.proxy = Some("http://proxy.example:3128".to_owned());
        client.roots = TlsRoots::File("/ca.pem".into());
        let config = git(&client, &around);
        assert_eq!(config.variables, [("HOME".to_owned(), "/h".into())]);
        assert_eq!(config.proxy, client.proxy);
        assert_eq!(config.certificates, Some("/ca.pem".into()));
        assert!(!config.offline);
    }
}
