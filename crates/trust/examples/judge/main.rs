//! Judges any file by keys and statements: JSON in, JSON out, for a tool of another language.
//!
//! `echo '{…}' | cargo run -q -p assay-trust --example judge`
//!
//! ```json
//! {"file": "thing-1.0.gem", "project": "thing", "version": "1.0", "now": "2026-11-23T12:00:00Z",
//!  "sha256": "…",                                          // where the digest is known from elsewhere
//!  "keys": {"release": {"kind": "ed25519", "text": "…"}},  // or openpgp, ssh, minisign, ecdsa-p256
//!  "vouchers": {"team": ["release"]},                      // keys whose statements count as vouch:team
//!  "evidence": ["key:release"]}                            // all of these words
//! ```
//!
//! Signatures are looked for beside the file, as `assay` does. The answer is `{"verdict": "accepted", …}`,
//! or `"refused"` with the rule, what was found and what is missing.

mod verdict;

use std::{io, process::ExitCode};

use verdict::judge;

fn main() -> ExitCode {
    let answer = io::read_to_string(io::stdin())
        .map_err(Into::into)
        .and_then(|text| judge(&text));
    match answer {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::from(if answer["verdict"] == "accepted" {
                0
            } else {
                4
            })
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
