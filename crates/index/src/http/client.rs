//! One request: judged, with the right credentials, redirects followed one by one.

use std::{
    io::{BufReader, Read},
    sync::OnceLock,
    time::Instant,
};

use assay_types::{Timestamp, Url};
use flate2::bufread::MultiGzDecoder;
use ureq::http::{HeaderMap, Response};

use super::{
    ClientConfig, Retries, Transfer,
    agents::Agents,
    body::read_capped,
    credentials::{Credentials, Store},
    failure::{from_io, from_ureq},
    rules::{check_redirect, check_url},
};
use crate::{
    IndexError, IndexUrl,
    error::redacted,
    fetch::Staging,
    folders::{self, Kept},
    page::IndexTime,
};

const MOST_REDIRECTS: usize = 10;

/// A header of a request.
pub(crate) type Header<'a> = (&'static str, &'a str);

/// The one HTTP client: connection pools, credentials, caches and the staging area. Shared by all
/// threads of a run.
pub struct Client {
    config: ClientConfig,
    agents: Agents,
    credentials: Store,
    staging: Staging,
    kept: Option<Kept>,
    cache_trouble: OnceLock<IndexError>,
    index_time: IndexTime,
}

/// An answer whose body is still on the way.
pub(crate) struct Answer {
    pub(crate) head: Head,
    pub(crate) body: ureq::Body,
}

/// Everything of an answer but its body.
pub(crate) struct Head {
    /// Where the redirects ended, without credentials.
    pub(crate) url: Url,
    pub(crate) status: u16,
    headers: HeaderMap,
    with_credentials: bool,
}

impl Client {
    /// Checks the settings; reads no file and opens no connection yet. Fails with
    /// [`IndexError::Setting`] where the proxy is not a URL, with [`IndexError::NotPrivate`] where
    /// cache or state are not the user's own.
    pub fn new(config: ClientConfig) -> Result<Self, IndexError> {
        let staging = folders::staging(&config.cache);
        let state = config.state.as_deref();
        let kept = state.map(|state| Kept::new(&config.cache, state));
        for folder in kept.iter().flat_map(Kept::each).chain([&staging]) {
            folder.check()?;
        }
        Ok(Self {
            agents: Agents::new(&config)?,
            credentials: Store::new(config.netrc.as_deref(), config.keyring.as_deref()),
            staging: Staging::new(staging),
            kept,
            cache_trouble: OnceLock::new(),
            index_time: IndexTime::default(),
            config,
        })
    }

    /// Names an index. Credentials in the URL are kept here and go only to the index's scheme,
    /// host and port. Fails where the URL is malformed, or is plain HTTP to another machine.
    pub fn index(&self, text: &str) -> Result<IndexUrl, IndexError> {
        let index = IndexUrl::new(self.url(text)?);
        self.credentials.add_index(index.url());
        Ok(index)
    }

    /// Names an index that the user's own settings have: nobody else's requirements file. netrc's
    /// `default` may go there, if it asks for credentials.
    pub fn own_index(&self, text: &str) -> Result<IndexUrl, IndexError> {
        let index = self.index(text)?;
        self.credentials.add_own(index.url());
        Ok(index)
    }

    /// Names an index that the user may never have heard of. Credentials in the URL, and those that
    /// netrc has for its host, go there; neither netrc's `default` nor what a keyring knows.
    pub fn foreign_index(&self, text: &str) -> Result<IndexUrl, IndexError> {
        self.foreign_url(text).map(IndexUrl::new)
    }

    /// The same for a page or a file.
    pub fn foreign_url(&self, text: &str) -> Result<Url, IndexError> {
        let mut url = Url::parse(text)
            // The text may hold a password, so the error does not repeat it.
            .map_err(|error| IndexError::setting(format!("a URL that is not one: {error}")))?;
        let credentials = Credentials::split_off(&mut url);
        check_url(&url)?;
        if let Some(credentials) = credentials {
            self.credentials.add(&url, credentials);
        }
        Ok(url)
    }

    /// Names a page or a file, such as a `--find-links` page or the URL of a requirement; the
    /// result is free of credentials, which are kept here as [`Self::index`] does.
    pub fn url(&self, text: &str) -> Result<Url, IndexError> {
        let url = self.foreign_url(text)?;
        self.credentials.name(&url);
        Ok(url)
    }

    /// The settings.
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Where bytes go while they are not admitted.
    pub(crate) fn staging(&self) -> &Staging {
        &self.staging
    }

    /// What outlives the run, unless nothing is to be kept.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// The first failure to write to the cache, for a warning: it costs time and nothing else.
    pub fn cache_trouble(&self) -> Option<&IndexError> {
        self.cache_trouble.get()
    }

    /// Notes how keeping something in the cache went.
    pub(crate) fn note_keeping(&self, result: Result<(), assay_files::Error>) {
        if let Err(error) = result {
            self.cache_trouble.get_or_init(|| error.into());
        }
    }

    /// The latest time that an index has named in this run, if any did. Pages that came from the
    /// cache say nothing.
    pub fn index_time(&self) -> Option<Timestamp> {
        self.index_time.latest()
    }

    /// Notes what time an index's answer names.
    pub(crate) fn note_time(&self, head: &Head) {
        self.index_time.note(head);
    }

    /// Gets a small body whole, with retries. `accept` decides which statuses are an answer;
    /// others are errors. `limit` holds also while a gzip body inflates.
    pub(crate) fn get(
        &self,
        url: &Url,
        headers: &[Header<'_>],
        accept: fn(u16) -> bool,
        limit: u64,
    ) -> Result<(Head, Vec<u8>), IndexError> {
        let retries = Retries::new(&self.config, self.config.deadline);
        self.get_with(retries, url, headers, accept, limit)
    }

    /// The same with as many retries.
    pub(crate) fn get_with(
        &self,
        mut retries: Retries,
        url: &Url,
        headers: &[Header<'_>],
        accept: fn(u16) -> bool,
        limit: u64,
    ) -> Result<(Head, Vec<u8>), IndexError> {
        loop {
            let result = self.send(url, headers, &mut retries, accept);
            let deadline = retries.deadline();
            let result = result.and_then(|answer| self.read_whole(answer, deadline, limit));
            match result {
                Ok(done) => return Ok(done),
                Err(error) => retries.again_after(error)?,
            }
        }
    }

    /// Sends one request and follows its redirects. An unaccepted status is an error.
    pub(crate) fn send(
        &self,
        url: &Url,
        headers: &[Header<'_>],
        retries: &mut Retries,
        accept: fn(u16) -> bool,
    ) -> Result<Answer, IndexError> {
        let answer = self.follow(url, headers)?;
        let head = &answer.head;
        if accept(head.status) {
            return Ok(answer);
        }
        retries.server_asks(head.header("retry-after"));
        Err(IndexError::Status {
            url: redacted(&head.url),
            status: head.status,
            with_credentials: head.with_credentials,
        })
    }

    /// The body of an answer, as it arrives.
    pub(crate) fn transfer(&self, body: ureq::Body, deadline: Instant) -> Transfer {
        Transfer::new(body, deadline, self.config.minimum_rate)
    }

    fn follow(&self, url: &Url, headers: &[Header<'_>]) -> Result<Answer, IndexError> {
        check_url(url)?;
        if self.config.offline {
            return Err(IndexError::Offline { url: redacted(url) });
        }
        let mut current = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.ask(current, headers)?;
            let Some(target) = redirect_target(&answer.head)? else {
                return Ok(answer);
            };
            check_redirect(&answer.head.url, &target)?;
            current = target;
        }
        Err(IndexError::answer(
            url,
            format!("more than {MOST_REDIRECTS} redirects"),
        ))
    }

    /// One request, repeated where the server demands credentials and there are others to try. They
    /// are looked up for this very URL, so a redirect to elsewhere carries none but its own.
    fn ask(&self, url: Url, headers: &[Header<'_>]) -> Result<Answer, IndexError> {
        let mut credentials = self.credentials.for_url(&url);
        loop {
            let response = self.request(&url, headers, credentials.as_ref())?;
            let is_refused = response.status().as_u16() == 401;
            let next = is_refused
                .then(|| self.credentials.after_refusal(&url, credentials.as_ref()))
                .transpose()?;
            match next.flatten() {
                Some(next) => credentials = Some(next),
                None => return Ok(Answer::new(url, credentials.is_some(), response)),
            }
        }
    }

    fn request(
        &self,
        url: &Url,
        headers: &[Header<'_>],
        credentials: Option<&Credentials>,
    ) -> Result<Response<ureq::Body>, IndexError> {
        let mut request = self.agents.for_url(url)?.get(url.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(credentials) = credentials {
            request = request.header("authorization", credentials.header());
        }
        request
            .call()
            .map_err(|error| from_ureq(url, &self.config, error))
            .map_err(|error| self.agents.by_way_of(url, error))
    }

    /// A body whole; more than `limit` bytes are an error, also while a gzip body inflates.
    pub(crate) fn read_whole(
        &self,
        answer: Answer,
        deadline: Instant,
        limit: u64,
    ) -> Result<(Head, Vec<u8>), IndexError> {
        let Answer { head, body } = answer;
        let arriving = self.transfer(body, deadline).take(limit.saturating_add(1));
        let encoding = head.header("content-encoding").map(str::to_ascii_lowercase);
        let reader: Box<dyn Read> = match encoding.as_deref() {
            None | Some("identity") => Box::new(arriving),
            Some("gzip") => Box::new(MultiGzDecoder::new(BufReader::with_capacity(
                64 << 10,
                arriving,
            ))),
            Some(other) => {
                let fact = format!("the content encoding {other} was not asked for");
                return Err(IndexError::answer(&head.url, fact));
            }
        };
        match read_capped(reader, limit) {
            Ok(Some(bytes)) => Ok((head, bytes)),
            Ok(None) => Err(IndexError::TooLarge {
                url: redacted(&head.url),
                limit,
                source: "the limit for such an answer",
            }),
            Err(error) => Err(from_io(&head.url, &self.config, error)),
        }
    }
}

impl Answer {
    fn new(url: Url, with_credentials: bool, response: Response<ureq::Body>) -> Self {
        let (parts, body) = response.into_parts();
        let head = Head {
            url,
            status: parts.status.as_u16(),
            headers: parts.headers,
            with_credentials,
        };
        Self { head, body }
    }
}

impl Head {
    /// A header's text; `None` where it is missing or not visible ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Where a redirect leads, with any credentials in it thrown away: a server does not choose ours.
fn redirect_target(head: &Head) -> Result<Option<Url>, IndexError> {
    if !matches!(head.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = head
        .header("location")
        .ok_or_else(|| IndexError::answer(&head.url, "a redirect without a usable Location"))?;
    let mut target = head
        .url
        .join(location)
        .map_err(|error| IndexError::answer(&head.url, format!("redirects to nowhere: {error}")))?;
    Credentials::split_off(&mut target);
    target.set_fragment(None);
    Ok(Some(target))
}
