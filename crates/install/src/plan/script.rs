//! Commands: their first line, and the launchers of entry points.

use crate::{Environment, Error, Result, store::Script};

/// Linux before 5.x cuts a first line here.
const LONGEST: usize = 127;

/// The launcher of an entry point.
pub(super) fn launcher(environment: &Environment, entry: &Script) -> Result<Vec<u8>> {
    let Script { module, object, .. } = entry;
    let top = object.split('.').next().unwrap_or(object);
    let mut text = shebang(environment)?;
    text.push_str(&format!(
        "import sys\n\
         from {module} import {top}\n\
         if __name__ == \"__main__\":\n    \
             sys.exit({object}())\n"
    ));
    Ok(text.into_bytes())
}

/// A shipped script with its first line (`#!python…`) replaced. Arguments in it are dropped, as
/// pip does.
pub(super) fn with_shebang(environment: &Environment, script: &[u8]) -> Result<Vec<u8>> {
    let end = script.iter().position(|it| *it == b'\n');
    let rest = end.map_or(&[][..], |end| &script[end + 1..]);
    let mut bytes = shebang(environment)?.into_bytes();
    bytes.extend_from_slice(rest);
    Ok(bytes)
}

fn shebang(environment: &Environment) -> Result<String> {
    let python = environment.python();
    let error = |why: &str| Error::Environment {
        path: python.to_owned(),
        why: why.to_owned(),
    };
    let text = python
        .to_str()
        .ok_or_else(|| error("its path is not UTF-8"))?;
    first_lines(text)
        .ok_or_else(|| error("its path holds characters that no script's first line can express"))
}

/// `#!path`, or, where a kernel would cut or split the path, a text that `sh` reads as a command
/// and Python as a string.
fn first_lines(python: &str) -> Option<String> {
    if python.contains(['\n', '\r', '\0']) {
        return None;
    }
    if python.len() + 2 <= LONGEST && !python.contains([' ', '\t']) {
        return Some(format!("#!{python}\n"));
    }
    // Inside double quotes of sh and three quotes of Python at once.
    if python.contains(['"', '$', '`', '\\']) || python.contains("'''") {
        return None;
    }
    Some(format!(
        "#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_and_spaces_go_through_sh() {
        assert_eq!(
            first_lines("/v/bin/python").as_deref(),
            Some("#!/v/bin/python\n")
        );
        let fits = format!("/{}", "a".repeat(LONGEST - 3));
        assert!(first_lines(&fits).unwrap().starts_with("#!/aaa"));
        assert!(
            first_lines(&format!("{fits}a"))
                .unwrap()
                .starts_with("#!/bin/sh\n")
        );
        assert!(
            first_lines("/a b/python")
                .unwrap()
                .starts_with("#!/bin/sh\n")
        );
    }

    #[test]
    fn what_a_shell_would_expand_is_refused_where_a_shell_reads_it() {
        assert!(first_lines("/it's $HOME/python").is_none());
        assert!(first_lines("/it's here/python").is_some());
        assert!(first_lines("/a\nb").is_none());
        assert_eq!(
            first_lines("/$HOME/python").as_deref(),
            Some("#!/$HOME/python\n")
        );
    }
}
