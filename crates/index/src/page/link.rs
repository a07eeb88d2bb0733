//! One link of a page: a usable file, or passed over with a reason.

use std::{borrow::Cow, sync::Arc};

use assay_types::{
    Digests, FileName, Timestamp, Url, VersionSpecifiers,
    listing::{File, Listing, Location, Skipped, Yanked},
    requirement::without_credentials,
    text,
};

use super::{Kind, PageContext, PageError, target};
use crate::http::same_origin;

/// Most links on one page. The longest of PyPI have some ten thousand.
pub(super) const MOST_LINKS: usize = 100_000;
/// Most links that are remembered for having been passed over.
const MOST_SKIPPED: usize = 10_000;
/// Most bytes of all URLs of one page: a long `<base>` would lengthen each of them.
const MOST_URL_BYTES: usize = 64 << 20;

/// What a page says about one link, before anything is judged.
#[derive(Default)]
pub(super) struct Link<'a> {
    /// The target as it stands on the page.
    pub(super) href: Cow<'a, str>,
    /// The file name where the page gives it (JSON); else the URL's last part.
    pub(super) file_name: Option<Cow<'a, str>>,
    /// Algorithm and hexadecimal text.
    pub(super) hashes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The same for the metadata sidecar (PEP 658).
    pub(super) metadata: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) requires_python: Option<Cow<'a, str>>,
    pub(super) yanked: Option<Cow<'a, str>>,
    pub(super) size: Option<u64>,
    pub(super) upload_time: Option<Cow<'a, str>>,
    /// Where the provenance document lies, as it stands on the page (PEP 740).
    pub(super) provenance: Option<Cow<'a, str>>,
    /// Whether a `.asc` lies beside it, where the page says so.
    pub(super) gpg_sig: Option<bool>,
}

/// Turns links into files. Remembers the last `requires-python`, which repeats from file to file.
pub(super) struct Links<'a> {
    context: PageContext<'a>,
    base: Url,
    last_python: Option<(String, VersionSpecifiers)>,
    count: usize,
    url_bytes: usize,
}

impl<'a> Links<'a> {
    pub(super) fn new(context: PageContext<'a>) -> Self {
        Self {
            context,
            base: context.url.clone(),
            last_python: None,
            count: 0,
            url_bytes: 0,
        }
    }

    /// Honours `<base href>` where it stays on the page's own host.
    pub(super) fn set_base(&mut self, href: &str) -> Result<(), String> {
        let base = self
            .context
            .url
            .join(href)
            .map_err(|error| error.to_string())?;
        if !same_origin(&base, self.context.url) {
            return Err("<base> names another host".into());
        }
        self.base = base;
        Ok(())
    }

    /// Adds the link to the listing's files, or to its skipped links. Fails where the page has more
    /// than any project needs.
    pub(super) fn add(&mut self, link: &Link<'_>, listing: &mut Listing) -> Result<(), PageError> {
        self.count += 1;
        if self.count > MOST_LINKS {
            return Err(PageError(format!("has more than {MOST_LINKS} links")));
        }
        listing.announces |= link.provenance.is_some();
        match self.judge(link) {
            Ok(file) => listing.files.push(file),
            Err(why) if listing.skipped.len() < MOST_SKIPPED => {
                let what = link.file_name.as_ref().unwrap_or(&link.href);
                let what = what.clone().into_owned();
                listing.skipped.push(Skipped { what, why });
            }
            Err(_) => {}
        }
        if self.url_bytes > MOST_URL_BYTES {
            let fact = format!("has more than {MOST_URL_BYTES} bytes of URLs");
            return Err(PageError(fact));
        }
        Ok(())
    }

    fn judge(&mut self, link: &Link<'_>) -> Result<File, String> {
        let mut url = self.join(&link.href)?;
        let digests = digests(link, url.fragment())?;
        url.set_fragment(None);
        let name = match &link.file_name {
            Some(name) => self.file_name(name)?,
            None => self.file_name(&target::file_name_of(&url)?)?,
        };
        let location = self.location(url, &digests)?;
        let provenance = match &location {
            Location::Url(_) => link.provenance.as_deref(),
            // The user named it, so nobody else is to be asked about it.
            Location::Path { .. } | Location::Tree(_) => None,
        };
        Ok(File {
            name,
            location,
            digests,
            size: link.size,
            requires_python: self.requires_python(link.requires_python.as_deref())?,
            upload_time: upload_time(link.upload_time.as_deref())?,
            yanked: link.yanked.as_deref().map(|it| Yanked {
                reason: it.to_owned(),
            }),
            metadata: sidecar(link),
            provenance: provenance.map(|it| self.provenance(it)).transpose()?,
            gpg_sig: link.gpg_sig,
            origin: self.context.origin.clone(),
        })
    }

    fn join(&mut self, href: &str) -> Result<Url, String> {
        let url = self.base.join(href);
        let url = url.map_err(|error| format!("not a URL: {error}"))?;
        self.url_bytes += url.as_str().len();
        Ok(url)
    }

    /// A file whose announced provenance nobody can fetch is not one that announces none, so it
    /// cannot be used at all.
    fn provenance(&mut self, href: &str) -> Result<Url, String> {
        // Without the text: what stands in a URL may be a secret.
        let unusable = |why| format!("its provenance is not a usable URL: {why}");
        if href.is_empty() {
            return Err(unusable("it is empty".to_owned()));
        }
        let url = self.join(href).map_err(unusable)?;
        target::check_scheme(&url, self.context.url).map_err(unusable)?;
        let mut url = without_credentials(&url);
        url.set_fragment(None);
        Ok(url)
    }

    /// Where the bytes are: on an index, or beside a page that lies on this machine.
    fn location(&self, url: Url, digests: &Digests) -> Result<Location, String> {
        if let ("file", Kind::LocalLinks { named_in }) = (url.scheme(), self.context.kind) {
            return Ok(Location::Path {
                path: target::path_below(self.context.url, &url)?,
                named_in: Arc::clone(named_in),
            });
        }
        self.check_target(&url, digests)?;
        // Credentials on a page are not ours to use.
        Ok(Location::Url(without_credentials(&url)))
    }

    /// Only https, or http from a page of this machine to this machine; and to another host only
    /// with a digest, for there nothing else ties the bytes to the page.
    fn check_target(&self, url: &Url, digests: &Digests) -> Result<(), String> {
        let page = self.context.url;
        target::check_scheme(url, page)?;
        if digests.is_empty() && !same_origin(url, page) {
            return Err("on another host and listed without a strong hash".into());
        }
        Ok(())
    }

    fn file_name(&self, name: &str) -> Result<FileName, String> {
        if name.contains(['/', '\\', '%']) || name.contains(text::is_steering) {
            return Err("its name is not a plain file name".into());
        }
        FileName::parse(name, self.context.project).map_err(|error| error.why.to_owned())
    }

    fn requires_python(&mut self, text: Option<&str>) -> Result<Option<VersionSpecifiers>, String> {
        let Some(text) = text.filter(|it| !it.trim().is_empty()) else {
            return Ok(None);
        };
        if let Some((known, parsed)) = &self.last_python
            && known == text
        {
            return Ok(Some(parsed.clone()));
        }
        let parsed: VersionSpecifiers = text
            .parse()
            .map_err(|_| format!("its requires-python \"{text}\" is malformed"))?;
        self.last_python = Some((text.to_owned(), parsed.clone()));
        Ok(Some(parsed))
    }
}

/// Hashes by the page (JSON), or in the fragment (HTML): `#sha256=…`, perhaps among other
/// parameters.
fn digests(link: &Link<'_>, fragment: Option<&str>) -> Result<Digests, String> {
    let mut digests = Digests::none();
    let mut add = |name: &str, hex: &str| {
        digests
            .insert(name, hex)
            .map_err(|error| format!("a malformed hash: {error}"))
    };
    for (name, hex) in &link.hashes {
        add(name, hex)?;
    }
    if link.file_name.is_none() {
        for (name, hex) in fragment_hashes(fragment.unwrap_or_default()) {
            add(name, hex)?;
        }
    }
    Ok(digests)
}

fn fragment_hashes(fragment: &str) -> impl Iterator<Item = (&str, &str)> {
    let parameters = fragment.split('&').filter_map(|it| it.split_once('='));
    parameters.filter(|(name, _)| {
        let name = name.to_ascii_lowercase();
        ["md5", "sha", "blake2"]
            .iter()
            .any(|it| name.starts_with(it))
    })
}

/// The sidecar counts only with a strong and well-formed hash; without, the wheel is read instead.
fn sidecar(link: &Link<'_>) -> Option<Digests> {
    let mut digests = Digests::none();
    for (name, hex) in &link.metadata {
        digests.insert(name, hex).ok()?;
    }
    (!digests.is_empty()).then_some(digests)
}

fn upload_time(text: Option<&str>) -> Result<Option<Timestamp>, String> {
    let parse = |text: &str| {
        text.parse()
            .map_err(|_| format!("its upload time \"{text}\" is malformed"))
    };
    text.map(parse).transpose()
}
