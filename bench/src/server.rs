//! The loopback index, in a process of its own so that its work counts for nobody.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

use assay_testkit::server::{IndexServer, Upload};

/// How long answers may be cached, in seconds: longer than all rounds, so that a warm run is warm.
const MAX_AGE: u64 = 24 * 3600;

/// Long enough ago for every cooldown.
const UPLOADED: &str = "2026-01-01T00:00:00Z";

/// A running index; ends with this value, since its standard input then ends.
pub struct Server {
    process: Child,
    input: Option<ChildStdin>,
    index: String,
}

impl Server {
    /// Starts this program again as a server; its certificate authority is written to `ca`.
    pub fn start(wheels: &Path, ca: &Path) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("serve")
            .args([wheels, ca])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take();
        let output = process
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the server has no standard output"))?;
        let mut index = String::new();
        BufReader::new(output).read_line(&mut index)?;
        if index.is_empty() {
            return Err(io::Error::other("the server did not start"));
        }
        Ok(Self {
            process,
            input,
            index: index.trim_end().to_owned(),
        })
    }

    /// URL of the index.
    pub fn index(&self) -> &str {
        &self.index
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
pub fn serve(wheels: &Path, ca: &Path) -> io::Result<()> {
    let mut index = IndexServer::builder().tls().max_age(MAX_AGE);
    for entry in fs::read_dir(wheels)? {
        let wheel = Upload::from_path(&entry?.path())?;
        index = index.upload(wheel.upload_time(UPLOADED));
    }
    let server = index.start();
    fs::write(ca, server.ca_pem())?;
    println!("{}", server.index_url());
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
