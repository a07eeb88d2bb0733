//! Fetching one artifact into a buffer, hashed while it arrives.

use std::io::{Read, Write};

use assay_trust::{Measuring, Staged};
use assay_types::{
    Digests, Url,
    listing::{File, Location},
};

use super::{Buffer, resume::Resume};
use crate::{
    Client, IndexError,
    error::redacted,
    http::{Answer, Retries, from_io},
};

const CHUNK: usize = 64 << 10;

impl Client {
    /// Fetches a file whole. `expected` are digests from elsewhere (`--hash`), so that the longer
    /// algorithms among them are measured too; nothing is judged here. `progress` hears how many
    /// bytes have arrived, which falls back to zero when a transfer starts over.
    ///
    /// Fails when the transfer does, and as soon as more bytes arrive than the index announces.
    pub fn fetch_file(
        &self,
        file: &File,
        expected: &[&Digests],
        progress: &dyn Fn(u64),
    ) -> Result<Staged<Buffer>, IndexError> {
        let digests = std::iter::once(&file.digests).chain(expected.iter().copied());
        let digests: Vec<&Digests> = digests.collect();
        match &file.location {
            Location::Path { path, .. } => self.stage_path(path, &digests, progress),
            // Who wants one builds it.
            Location::Tree(tree) => self.stage_path(&tree.root, &digests, progress),
            Location::Url(url) => Download {
                client: self,
                url,
                announced: file.size,
                digests,
                progress,
            }
            .run(),
        }
    }
}

struct Download<'a> {
    client: &'a Client,
    url: &'a Url,
    /// By the index, in bytes.
    announced: Option<u64>,
    digests: Vec<&'a Digests>,
    progress: &'a dyn Fn(u64),
}

impl Download<'_> {
    fn run(&self) -> Result<Staged<Buffer>, IndexError> {
        let config = self.client.config();
        let mut retries = Retries::new(config, config.file_deadline);
        let mut measuring = self.start();
        let mut resume = Resume::default();
        loop {
            match self.attempt(&mut measuring, &mut resume, &mut retries) {
                Ok(()) => return Ok(measuring.finish()),
                Err(error) => retries.again_after(error)?,
            }
        }
    }

    fn start(&self) -> Measuring<Buffer> {
        let buffer = self.client.staging().buffer(self.announced);
        Measuring::new(buffer, self.digests.iter().copied())
    }

    /// One request. What arrived before it broke stays in `measuring` for the next one.
    fn attempt(
        &self,
        measuring: &mut Measuring<Buffer>,
        resume: &mut Resume,
        retries: &mut Retries,
    ) -> Result<(), IndexError> {
        let conditions = resume.headers(measuring.written());
        let mut headers = vec![("accept-encoding", "identity")];
        headers.extend(
            conditions
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        // 416: the server has nothing from that offset on; what is here is not its file.
        let accept = |status| matches!(status, 200 | 206 | 416);
        let answer = self.client.send(self.url, &headers, retries, accept)?;
        self.check_encoding(&answer)?;
        match answer.head.status {
            206 if resume.continues(&answer.head, measuring.written()) => {}
            200 => {
                if measuring.written() > 0 {
                    *measuring = self.start();
                }
                resume.remember(&answer.head);
            }
            status => {
                let restarted = measuring.written() > 0;
                *measuring = self.start();
                *resume = Resume::default();
                return Err(Self::cannot_continue(self.url, status, restarted));
            }
        }
        self.receive(answer, measuring, resume, retries)
    }

    /// Starting over is worth another attempt; a partial answer to a plain request is not.
    fn cannot_continue(url: &Url, status: u16, restarted: bool) -> IndexError {
        if restarted {
            let fact = format!("the server did not continue where the transfer broke ({status})");
            return IndexError::Connection {
                url: redacted(url),
                fact,
            };
        }
        IndexError::answer(
            url,
            format!("answers {status} to a request for the whole file"),
        )
    }

    fn receive(
        &self,
        answer: Answer,
        measuring: &mut Measuring<Buffer>,
        resume: &Resume,
        retries: &Retries,
    ) -> Result<(), IndexError> {
        let total = self.announced.or(resume.total());
        if let Some(size) = resume.total() {
            self.check_size(size)?;
        }
        let mut transfer = self.client.transfer(answer.body, retries.deadline());
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = transfer
                .read(&mut chunk)
                .map_err(|error| from_io(self.url, self.client.config(), error))?;
            if count == 0 {
                break;
            }
            self.check_size(measuring.written() + count as u64)?;
            measuring
                .write_all(&chunk[..count])
                .map_err(|error| IndexError::io(self.client.staging().path(), "writing", error))?;
            (self.progress)(measuring.written());
        }
        match total {
            Some(total) if measuring.written() != total => Err(IndexError::Connection {
                url: redacted(self.url),
                fact: format!("ended after {} of {total} bytes", measuring.written()),
            }),
            _ => Ok(()),
        }
    }

    /// The announced size (PEP 700) is a cap; without one the general limit is.
    fn check_size(&self, size: u64) -> Result<(), IndexError> {
        let (limit, source) = match self.announced {
            Some(limit) => (limit, "the size that the index announces"),
            None => (self.client.config().largest_file, "the limit for one file"),
        };
        if size <= limit {
            return Ok(());
        }
        Err(IndexError::TooLarge {
            url: redacted(self.url),
            limit,
            source,
        })
    }

    /// An encoded body would not be the file that the digest is of.
    fn check_encoding(&self, answer: &Answer) -> Result<(), IndexError> {
        match answer.head.header("content-encoding") {
            None | Some("identity") => Ok(()),
            Some(other) => Err(IndexError::answer(
                self.url,
                format!(
                    "sends the file with the content encoding {other}, which was not asked for"
                ),
            )),
        }
    }
}
