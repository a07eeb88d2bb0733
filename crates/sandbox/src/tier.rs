//! How much of the system a build is held by.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// A set of layers that hold a program together; all of them, or the program is not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Name spaces (user, mount, pid, ipc, uts, net), Landlock, seccomp and resource limits: the program
    /// sees its work folder as `/build`, a private `/tmp`, and no process but its own.
    Namespaces,
    /// The same, with the name spaces put up by the system's bubblewrap, for systems that let it and not
    /// assay. An ordinary user's init has no right to look into folders that the program closed: such a
    /// folder ends the build.
    Bubblewrap,
    /// Landlock with scopes, seccomp without `socket`, and resource limits, where name spaces are not to
    /// be had. For explicit opt-in: an ordinary user's build shares the user's id with everything else of
    /// that user, and can see that a path exists, set the times of files that are the user's own and
    /// take their permissions away from others (mode 0700).
    Restricted,
}

impl Tier {
    /// Every tier, the best first.
    pub const ALL: [Self; 3] = [Self::Namespaces, Self::Bubblewrap, Self::Restricted];

    /// Where the program finds its work folder, `work` being where it lies for the host. Arguments and
    /// variables that name files in it are made with this.
    pub fn work_as_seen(self, work: &Path) -> PathBuf {
        match self {
            Self::Namespaces | Self::Bubblewrap => PathBuf::from("/build"),
            Self::Restricted => work.to_owned(),
        }
    }

    /// Whether the program has a file system of its own: its work folder is `/build`, `/tmp` is private,
    /// and [`also_at`](crate::Sandbox::also_at) works.
    pub fn mounts(self) -> bool {
        match self {
            Self::Namespaces | Self::Bubblewrap => true,
            Self::Restricted => false,
        }
    }

    /// Whether [`Sandbox::network`](crate::Sandbox::network) works: whether the program has a network of
    /// its own, out of which a single way can lead.
    pub fn network(self) -> bool {
        match self {
            Self::Namespaces | Self::Bubblewrap => true,
            Self::Restricted => false,
        }
    }

    /// The layers, in words.
    pub fn layers(self) -> &'static str {
        match self {
            Self::Namespaces => "name spaces, Landlock, seccomp, limits",
            Self::Bubblewrap => "name spaces by bubblewrap, Landlock, seccomp, limits",
            Self::Restricted => "Landlock, seccomp without sockets, limits",
        }
    }
}

/// One word, as receipts and options name it.
impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespaces => "namespaces",
            Self::Bubblewrap => "bubblewrap",
            Self::Restricted => "restricted",
        })
    }
}
