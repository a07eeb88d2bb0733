//! Indexes and the HTTP client.

use std::{path::Path, time::Duration};

use assay_files::read_input;
use assay_index::{Client, ClientConfig, FindLinks, IndexUrl, Indexes, Refresh, TlsRoots};
use assay_trust::Author;
use assay_types::{Url, requirement::without_credentials, text::without_secrets};

use super::{
    Folders, PolicyFiles, keyring,
    pip::{Given, is_from_environment},
    plain,
};
use crate::{
    args::{IndexArgs, NetworkArgs, RootsArg},
    failure::{Failure, Result},
    inputs::FileOptions,
    surroundings::{Proxies, Surroundings},
};

/// Longest netrc in bytes.
const LONGEST_NETRC: u64 = 1 << 20;

/// The default index.
const PYPI: &str = "https://pypi.org/simple/";

/// The default index, parsed.
pub fn pypi() -> Result<Url> {
    canonical(PYPI)
}

/// An index URL without credentials and with its closing slash, as origins have it.
pub fn canonical(text: &str) -> Result<Url> {
    let url = Url::parse(text)
        .map_err(|error| Failure::usage(format!("an index URL that is none: {error}")))?;
    let mut url = without_credentials(&url);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// The one HTTP client of a run.
pub fn client(
    args: &IndexArgs,
    network: &NetworkArgs,
    folders: &Folders,
    around: &Surroundings,
) -> Result<Client> {
    let proxies = proxies(network, around);
    let config = ClientConfig {
        roots: roots(network, around)?,
        client_certificate: network.client_cert.clone(),
        proxy: proxies.https.or(proxies.all),
        no_proxy: proxies
            .none
            .iter()
            .flat_map(|it| it.split(','))
            .map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty())
            .collect(),
        timeout: timeout(network.timeout)?,
        retries: network.retries,
        netrc: netrc(around)?,
        keyring: keyring::program(network.keyring_provider, around)?,
        offline: args.offline,
        refresh: refresh(args)?,
        state: folders.lasting_state().map(Path::to_owned),
        ..ClientConfig::new(folders.cache())
    };
    Ok(Client::new(config)?)
}

/// The indexes in the order in which they are asked, and the projects that policy files pin to one of
/// them.
pub fn indexes(
    client: &Client,
    args: &IndexArgs,
    file: &FileOptions,
    files: &PolicyFiles,
    around: &Surroundings,
) -> Result<Indexes> {
    let no_index = args.no_index || file.no_index || around.pip.no_index;
    let (extra, main) = if no_index {
        (Vec::new(), None)
    } else {
        let main = main_index(client, args, file, around)?;
        (
            extra_indexes(client, args, file, around, &main)?,
            Some(main),
        )
    };
    let mut indexes = Indexes {
        extra,
        main,
        find_links: places(client, args, file, around)?,
        ..Indexes::default()
    };
    indexes.pins = files.pins(&indexes)?;
    if !no_index {
        indexes.for_pins = for_pins(client, files, &indexes)?;
    }
    Ok(indexes)
}

/// The indexes that only policy files name. Whose files may do so is theirs to judge.
fn for_pins(client: &Client, files: &PolicyFiles, indexes: &Indexes) -> Result<Vec<IndexUrl>> {
    let mut distinct: Vec<IndexUrl> = Vec::new();
    for (author, url) in files.pinned_indexes() {
        let is_known = |it: &IndexUrl| it.url() == url;
        if indexes.in_order().chain(&distinct).any(is_known) {
            continue;
        }
        distinct.push(match author {
            Author::Machine | Author::User => client.own_index(url.as_str())?,
            Author::Approved | Author::Project | Author::Requirements => {
                client.index(url.as_str())?
            }
        });
    }
    Ok(distinct)
}

/// The main index of a command that is told none.
pub fn usual(client: &Client, around: &Surroundings) -> Result<Option<IndexUrl>> {
    let (none_typed, none_written) = (IndexArgs::default(), FileOptions::default());
    let usual = || main_index(client, &none_typed, &none_written, around);
    (!around.pip.no_index).then(usual).transpose()
}

/// What stands on the command line goes before what stands in a file, and that before settings.
fn main_index(
    client: &Client,
    args: &IndexArgs,
    file: &FileOptions,
    around: &Surroundings,
) -> Result<IndexUrl> {
    match (&args.index_url, &file.index_url, &around.pip.index_url) {
        (Some(typed), ..) => Ok(client.own_index(typed)?),
        (None, Some(written), _) => Ok(client.index(written)?),
        (None, None, Some(given)) => set_index(client, given),
        (None, None, None) => Ok(client.index(PYPI)?),
    }
}

/// The indexes that are asked before the main one.
fn extra_indexes(
    client: &Client,
    args: &IndexArgs,
    file: &FileOptions,
    around: &Surroundings,
    main: &IndexUrl,
) -> Result<Vec<IndexUrl>> {
    let typed = args.extra_index_url.iter();
    let typed = typed.map(|it| client.own_index(it).map_err(Failure::from));
    let written = file.extra_index_url.iter();
    let written = written.map(|it| client.index(it).map_err(Failure::from));
    let set = around.pip.extra_index_url.iter();
    let set = set.map(|it| set_index(client, it));
    let mut distinct: Vec<IndexUrl> = Vec::new();
    for index in typed.chain(written).chain(set) {
        let index = index?;
        // Asking an index twice would report that it shadows itself.
        if !distinct.contains(&index) && main != &index {
            distinct.push(index);
        }
    }
    Ok(distinct)
}

/// An index that a setting names. The file of an environment is not what the user wrote.
fn set_index(client: &Client, given: &Given) -> Result<IndexUrl> {
    let index = match is_from_environment(&given.source) {
        true => client.foreign_index(&given.value),
        false => client.own_index(&given.value),
    };
    index
        .map_err(Failure::from)
        .map_err(|failure| given.blamed(failure))
}

/// `--find-links`, wherever it stands.
fn places(
    client: &Client,
    args: &IndexArgs,
    file: &FileOptions,
    around: &Surroundings,
) -> Result<Vec<FindLinks>> {
    let named = |text: &str| Ok(client.url(text)?);
    let typed = args.find_links.iter().map(|it| {
        let place = find_links(named, it, format!("--find-links {it}"), around);
        place.map(FindLinks::for_this_run)
    });
    let written = file.find_links.iter();
    let written = written.map(|it| find_links(named, &it.place, it.named_in.clone(), around));
    let set = around.pip.find_links.iter().map(|it| {
        let url = |text: &str| match is_from_environment(&it.source) {
            true => Ok(client.foreign_url(text)?),
            false => named(text),
        };
        find_links(url, &it.value, it.source.to_string(), around)
            .map_err(|failure| it.blamed(failure))
    });
    typed.chain(written).chain(set).collect()
}

fn find_links(
    page: impl Fn(&str) -> Result<Url>,
    text: &str,
    named_in: String,
    around: &Surroundings,
) -> Result<FindLinks> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "file" => url
            .to_file_path()
            .map(|path| FindLinks::path(path, named_in))
            .map_err(|()| Failure::usage(format!("--find-links: {url} names no local path"))),
        Ok(_) if text.contains("://") => Ok(FindLinks::page(page(text)?)),
        Err(error) if text.contains("://") => Err(Failure::usage(format!(
            "--find-links: {}: {error}",
            without_secrets(text)
        ))),
        _ => {
            let path = plain(&around.absolute(Path::new(text)));
            Ok(FindLinks::path(path, named_in))
        }
    }
}

/// Whose certificates are trusted.
pub fn roots(args: &NetworkArgs, around: &Surroundings) -> Result<TlsRoots> {
    if let Some(path) = &args.cert {
        return Ok(TlsRoots::File(path.clone()));
    }
    match (args.tls_roots, &around.ssl_cert_file) {
        (Some(RootsArg::Mozilla), _) => Ok(TlsRoots::Mozilla),
        (Some(RootsArg::Platform), _) => Ok(TlsRoots::Platform),
        (None, Some(path)) if path.is_empty() => {
            Err(Failure::usage("SSL_CERT_FILE is set and empty")
                .hint("unset it, or name a PEM file"))
        }
        (None, Some(path)) => Ok(TlsRoots::File(path.into())),
        (None, None) => Ok(around
            .ssl_cert_dir
            .clone()
            .map_or(TlsRoots::Platform, TlsRoots::Folder)),
    }
}

/// `--refresh`, and pip's `--refresh-package`: later words take back earlier ones.
fn refresh(args: &IndexArgs) -> Result<Refresh> {
    let mut refresh = Refresh::default();
    let words = args.refresh_package.iter().flat_map(|it| it.split(','));
    for word in words.map(str::trim) {
        match word {
            ":all:" | ":none:" => {
                refresh = Refresh {
                    all: word == ":all:",
                    ..Refresh::default()
                }
            }
            name => {
                let names = super::names("--refresh-package", &[name.to_owned()])?;
                refresh.projects.extend(names);
            }
        }
    }
    refresh.all |= args.refresh;
    Ok(refresh)
}

/// The proxies in force. One that was named counts for every host, and an empty one means none, as in
/// pip: exceptions stand in the environment, for the proxies that stand there.
fn proxies(args: &NetworkArgs, around: &Surroundings) -> Proxies {
    match &args.proxy {
        Some(proxy) => Proxies {
            https: Some(proxy.clone()).filter(|it| !it.is_empty()),
            ..Proxies::default()
        },
        None if args.no_proxy_env => Proxies::default(),
        None => around.proxies.clone(),
    }
}

fn timeout(seconds: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|it| !it.is_zero())
        .ok_or_else(|| {
            Failure::usage(format!(
                "--timeout: {seconds} is no number of seconds above zero"
            ))
        })
}

/// A netrc that is not there is normal; one that cannot be read is not.
fn netrc(around: &Surroundings) -> Result<Option<String>> {
    let Some(path) = &around.netrc else {
        return Ok(None);
    };
    let failed = |why: &dyn std::fmt::Display| {
        Failure::could_not(format!("reading {}: {why}", path.display()))
    };
    match read_input(path, LONGEST_NETRC) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| failed(&"it is not UTF-8")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}
