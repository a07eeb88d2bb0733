//! `assay key`, and how every command names a key that signs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Which key signs.
#[derive(Debug, Args)]
pub struct SigningArgs {
    /// The key that signs: ssh-agent, ssh-agent:COMMENT, ssh-agent:SHA256:…, the name of a key that
    /// "assay key list" shows, or the path of an OpenSSH private key.
    #[arg(long, value_name = "KEY")]
    pub with: String,
    /// How it is opened.
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}

/// Where the passphrase of a key is.
#[derive(Debug, Args)]
pub struct PassphraseArgs {
    /// A file that holds the key's passphrase, or - for standard input. Default: ask at the terminal.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// How a key's file is protected from now on.
#[derive(Debug, Args)]
pub struct NewPassphraseArgs {
    /// A file that holds the passphrase for the file that is written, or - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
    pub new_passphrase_file: Option<PathBuf>,
    /// Keep the key unencrypted: whoever can read its file can sign.
    #[arg(long)]
    pub no_passphrase: bool,
}

/// What to do with the keys that sign.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make an Ed25519 key, kept encrypted in the form of OpenSSH.
    Generate(KeyGenerateArgs),
    /// List the keys that can sign: those kept here, and those of ssh-agent.
    List,
    /// Print the public half of a key, for others to trust.
    Export(KeyExportArgs),
    /// Keep a copy of an OpenSSH private key under a name; or print the keys that old wheel trusts as a
    /// policy.
    Import(KeyImportArgs),
    /// Replace a key by a new one, which the old one certifies. The old one is kept under another name.
    Rotate(KeyRotateArgs),
    /// Delete a key. It cannot be had again.
    Remove {
        /// The name of a key that "assay key list" shows.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// `assay key generate`.
#[derive(Debug, Args)]
pub struct KeyGenerateArgs {
    /// What the key is called here: lower-case letters, digits and dashes.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What others tell it by, such as an address. Default: its name.
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// By which passphrase it is encrypted.
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    /// Keep the key unencrypted: whoever can read its file can sign.
    #[arg(long, conflicts_with = "passphrase_file")]
    pub no_passphrase: bool,
}

/// `assay key export`.
#[derive(Debug, Args)]
pub struct KeyExportArgs {
    /// The name of a key, or one that is named as for --with.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// In which form.
    #[arg(long, value_name = "FORM", default_value = "ssh")]
    pub format: KeyFormat,
}

/// The forms of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyFormat {
    /// The line of a .pub file.
    Ssh,
    /// A SubjectPublicKeyInfo as PEM.
    Pem,
    /// The table for a policy file.
    Policy,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  assay key import ~/.ssh/id_ed25519 --name release
  assay key import --wheel-trust wheel.json";

/// `assay key import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_EXAMPLES)]
pub struct KeyImportArgs {
    /// An OpenSSH private key: Ed25519, or ECDSA on P-256. It is copied as it is where it is encrypted.
    #[arg(value_name = "FILE", required_unless_present = "wheel_trust")]
    pub file: Option<PathBuf>,
    /// What the key is called here. Default: the file's name, if it can be that of a key.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The wheel.json of old wheel: print the keys that it trusts as a policy, and keep nothing.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub wheel_trust: Option<PathBuf>,
    /// How the file is opened.
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    /// How its copy is protected.
    #[command(flatten)]
    pub new: NewPassphraseArgs,
}

/// `assay key rotate`.
#[derive(Debug, Args)]
pub struct KeyRotateArgs {
    /// The name of a key that "assay key list" shows.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A project for which the new key shall speak, such as acme or acme-*. May be repeated.
    #[arg(long = "project", value_name = "PROJECT", required = true)]
    pub projects: Vec<String>,
    /// The last day (UTC) on which the old key's word for the new one counts. Default: half a year from
    /// now.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// The folder of the statements; the old key's word is appended to its _keys.assay.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub statements: PathBuf,
    /// How the old key is opened.
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    /// How the new one is protected. Default: by the old one's --passphrase-file, or as is typed.
    #[command(flatten)]
    pub new: NewPassphraseArgs,
}
