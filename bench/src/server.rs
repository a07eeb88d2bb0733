//! The loopback indexes, in a process of their own so that their work counts for nobody.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

use assay_testkit::server::{Builder, IndexServer, Upload};

use crate::attested::Publishers;

/// How long answers may be cached, in seconds: longer than all rounds, so that a warm run is warm.
const MAX_AGE: u64 = 24 * 3600;

/// Long enough ago for every cooldown.
const UPLOADED: &str = "2026-01-01T00:00:00Z";

/// Running indexes; they end with this value, since their standard input then ends.
pub struct Server {
    process: Child,
    input: Option<ChildStdin>,
    index: String,
    attested: String,
}

impl Server {
    /// Starts this program again as a server; its certificate authorities are written to `ca`. With
    /// `config` there is a second index with an attestation for each wheel, and a policy in that
    /// folder that trusts them.
    pub fn start(wheels: &Path, ca: &Path, config: Option<&Path>) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("serve")
            .args([wheels, ca])
            .args(config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take();
        let output = process
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the server has no standard output"))?;
        let mut lines = BufReader::new(output).lines();
        let mut next = || {
            let line = lines.next().transpose()?;
            line.ok_or_else(|| io::Error::other("the server did not start"))
        };
        Ok(Self {
            process,
            input,
            index: next()?,
            attested: match config {
                Some(_) => next()?,
                None => String::new(),
            },
        })
    }

    /// URL of the index.
    pub fn index(&self) -> &str {
        &self.index
    }

    /// URL of the index with attestations; empty where none was asked for.
    pub fn attested(&self) -> &str {
        &self.attested
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        // Only a zombie would remain, and only until this program ends.
        let _ = self.process.wait();
    }
}

/// The other side: serves until standard input ends.
pub fn serve(wheels: &Path, ca: &Path, config: Option<&Path>) -> io::Result<()> {
    let wheels = fs::read_dir(wheels)?
        .map(|entry| Ok(Upload::from_path(&entry?.path())?.upload_time(UPLOADED)))
        .collect::<io::Result<Vec<_>>>()?;
    let mut servers = vec![start(wheels.clone())];
    if let Some(config) = config {
        let publishers = Publishers::new();
        publishers.write_policy(config)?;
        let attest = |wheel| publishers.attest(wheel, UPLOADED);
        servers.push(start(wheels.into_iter().map(attest).collect()));
    }
    let authorities: String = servers.iter().map(IndexServer::ca_pem).collect();
    fs::write(ca, authorities)?;
    for server in &servers {
        println!("{}", server.index_url());
    }
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn start(wheels: Vec<Upload>) -> IndexServer {
    let index = IndexServer::builder().tls().max_age(MAX_AGE);
    wheels.into_iter().fold(index, Builder::upload).start()
}
