//! A repository's settings, as a build may see them: what git needs to read the repository, and nothing of
//! where it came from. Addresses and headers of remotes hold tokens as often as not, and whatever a build
//! sees may end up in a wheel.

/// What is kept of `[core]`.
const CORE: [&str; 8] = [
    "repositoryformatversion",
    "filemode",
    "bare",
    "worktree",
    "ignorecase",
    "symlinks",
    "precomposeunicode",
    "sparsecheckout",
];
/// What is kept of each remote: that objects are missing on purpose.
const REMOTE: [&str; 2] = ["promisor", "partialclonefilter"];

/// The settings that are kept, section by section. What is not understood is left out.
pub fn plain(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut kept = String::new();
    let mut section = None;
    let mut goes_on = false;
    for line in text.lines() {
        let is_rest = std::mem::replace(&mut goes_on, line.ends_with('\\'));
        let line = line.trim();
        if is_rest || goes_on {
            continue;
        }
        if line.starts_with('[') {
            section = Section::of(line);
            if let Some(section) = &section {
                kept.push_str(&format!("[{}]\n", section.header));
            }
        } else if let (Some(section), Some((key, value))) = (&section, line.split_once('=')) {
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if section.keeps(&key) {
                kept.push_str(&format!("\t{key} = {value}\n"));
            }
        }
    }
    kept
}

struct Section<'a> {
    /// What stands between the brackets.
    header: &'a str,
    /// `None`: all of them.
    keys: Option<&'static [&'static str]>,
}

impl<'a> Section<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let header = line.strip_prefix('[')?.strip_suffix(']')?;
        let (name, below) = match header.split_once(' ') {
            Some((name, below)) => (name, Some(below.trim())),
            None => (header, None),
        };
        let keys: Option<&'static [&'static str]> =
            match (name.to_ascii_lowercase().as_str(), below) {
                ("core", None) => Some(&CORE),
                ("extensions", None) => None,
                ("remote", Some(name)) if is_plain(name) => Some(&REMOTE),
                _ => return None,
            };
        Some(Self { header, keys })
    }

    fn keeps(&self, key: &str) -> bool {
        self.keys.is_none_or(|it| it.contains(&key))
    }
}

/// `"origin"`, and not an address in the place of a name.
fn is_plain(name: &str) -> bool {
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.is_some_and(|it| {
        it.chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_git_needs_stays_and_what_may_be_a_secret_goes() {
        let text = "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\thooksPath = /x\n\
                    \tsshCommand = ssh -i key\n[extensions]\n\tpartialClone = origin\n\
                    [remote \"origin\"]\n\turl = https://user:token@git.example/x.git\n\tpromisor = true\n\
                    \tfetch = +refs/heads/*:refs/remotes/origin/*\n\
                    [http \"https://git.example/\"]\n\textraheader = AUTHORIZATION: basic c2VjcmV0\n\
                    [remote \"https://user:token@git.example/\"]\n\tpromisor = true\n\
                    [credential]\n\thelper = store\n[url \"https://token@git.example/\"]\n\tinsteadOf = x\n";
        let kept = "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\
                    \tpartialclone = origin\n[remote \"origin\"]\n\tpromisor = true\n";
        assert_eq!(plain(text.as_bytes()), kept);
    }

    #[test]
    fn what_goes_on_in_the_next_line_is_left_out() {
        let text = "[core]\n\tworktree = a\\\n[remote \"x\"]\\\n\tbare = true\n\tfilemode = true\n";
        assert_eq!(plain(text.as_bytes()), "[core]\n\tfilemode = true\n");
        assert_eq!(plain(b"\xff[\nurl = secret\n[core] url = secret\n"), "");
    }
}
