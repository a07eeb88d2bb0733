//! What must be known of a file before it is accepted.

use clap::Args;

/// Rules of trust.
#[derive(Debug, Args, Default)]
pub struct PolicyArgs {
    /// Accept only files whose digest a requirement gives with --hash.
    #[arg(long, help_heading = "Trust options")]
    pub require_hashes: bool,
    /// What must speak for files besides all other rules, as policy files write it: a word such as
    /// publisher:github:OWNER/NAME, or { any = ["hash", "publisher"] }; of one project with NAME=.
    #[arg(long, value_name = "[NAME=]EVIDENCE", help_heading = "Trust options")]
    pub evidence: Vec<String>,
    /// How old an upload must be: an age such as "3 days", PROJECT=AGE, or INDEX-URL=AGE; "0" exempts.
    /// Given without PROJECT or INDEX-URL, files without an upload time are left out.
    /// Default: 1 day on PyPI.
    #[arg(long, value_name = "AGE", help_heading = "Trust options")]
    pub min_age: Vec<String>,
    /// Leave out files uploaded at or after this moment: a date, a time, or an age such as P3D.
    #[arg(long, value_name = "WHEN", help_heading = "Trust options")]
    pub uploaded_prior_to: Option<String>,
    /// Let this project run code whenever Python starts (.pth, sitecustomize).
    #[arg(long, value_name = "NAME", help_heading = "Trust options")]
    pub allow_startup: Vec<String>,
    /// Let project A replace files that belong to project B.
    #[arg(long, value_name = "A:B", help_heading = "Trust options")]
    pub allow_overwrite: Vec<String>,
    /// Accept wheels of this project although their own RECORD is wrong.
    #[arg(long, value_name = "NAME", help_heading = "Trust options")]
    pub allow_bad_record: Vec<String>,
    /// Let this project be built from source where a rule asks for its name (source-builds = "named").
    #[arg(long, value_name = "NAME", help_heading = "Trust options")]
    pub allow_build: Vec<String>,
}
