//! The scripts that a shell sources to work inside an environment.

use std::path::Path;

/// File names and texts. `@FOLDER@` and `@PROMPT@` in the templates become quoted words.
pub(crate) fn scripts(folder: &Path, prompt: &str) -> [(&'static str, String); 3] {
    let folder = folder.to_string_lossy();
    let fill = |template: &str, quote: fn(&str) -> String| {
        template
            .replace("@FOLDER@", &quote(&folder))
            .replace("@PROMPT@", &quote(&format!("({prompt}) ")))
    };
    [
        ("activate", fill(include_str!("activate.sh"), quote_sh)),
        (
            "activate.fish",
            fill(include_str!("activate.fish"), quote_fish),
        ),
        (
            "activate.csh",
            fill(include_str!("activate.csh"), quote_csh),
        ),
    ]
}

/// Single quotes take everything but themselves.
fn quote_sh(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// fish knows `\\` and `\'` inside single quotes.
fn quote_fish(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// csh expands `!` even inside single quotes and takes no bare line feed there.
fn quote_csh(text: &str) -> String {
    let escaped = text.replace('\'', r"'\''").replace('!', r"\!");
    format!("'{}'", escaped.replace('\n', "\\\n"))
}

#[cfg(test)]
mod tests {
    use assay_testkit::peers;

    use super::*;

    #[test]
    fn a_folder_with_quotes_stays_one_word() {
        let folder = Path::new("/it's/$HOME/`x`");
        let output = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("printf %s {}", quote_sh(&folder.to_string_lossy())))
            .output()
            .unwrap();
        assert_eq!(output.stdout, folder.to_string_lossy().as_bytes());
        assert_eq!(quote_fish(r"a'b\c"), r"'a\'b\\c'");
        assert_eq!(quote_csh("a!b"), r"'a\!b'");
    }

    /// Runs a shell on a program around an activate script; `None` where there is no such shell.
    fn run(shell: &[&str], program: &str) -> Option<String> {
        let mut command = std::process::Command::new(peers::program(shell[0])?);
        let output = command.args(&shell[1..]).arg(program).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        Some(String::from_utf8(output.stdout).unwrap())
    }

    const EXPECTED: &str = "/it's/bin:/usr/bin:/bin|/it's|(demo) x\n/usr/bin:/bin||x\n";

    #[test]
    fn sh_changes_and_restores_the_path() {
        let [(_, text), ..] = scripts(Path::new("/it's"), "demo");
        let program = format!(
            "set -eu; PATH=/usr/bin:/bin; PS1=x; {text}\n{text}\n\
             echo \"$PATH|$VIRTUAL_ENV|$PS1\"; deactivate; echo \"$PATH|${{VIRTUAL_ENV-}}|$PS1\""
        );
        assert_eq!(run(&["sh", "-c"], &program).as_deref(), Some(EXPECTED));
    }

    #[test]
    fn csh_changes_and_restores_the_path() {
        let [.., (_, text)] = scripts(Path::new("/it's"), "demo");
        let program = format!(
            "setenv PATH /usr/bin:/bin\nset prompt = x\n{text}\n{text}\n\
             echo \"$PATH|$VIRTUAL_ENV|$prompt\"\ndeactivate\nsetenv VIRTUAL_ENV \"\"\n\
             echo \"$PATH|$VIRTUAL_ENV|$prompt\"\n"
        );
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("program");
        std::fs::write(&file, program).unwrap();
        if let Some(said) = run(&["csh", "-f"], &file.display().to_string()) {
            assert_eq!(said, EXPECTED);
        }
    }

    #[test]
    fn fish_changes_and_restores_the_path() {
        let [_, (_, text), _] = scripts(Path::new("/it's"), "demo");
        let program = format!(
            "set PATH /usr/bin /bin\nfunction fish_prompt; printf x; end\n{text}\n{text}\n\
             echo (string join : $PATH)\"|$VIRTUAL_ENV|\"(fish_prompt)\ndeactivate\n\
             echo (string join : $PATH)\"|$VIRTUAL_ENV|\"(fish_prompt)\n"
        );
        if let Some(said) = run(&["fish", "--no-config", "-c"], &program) {
            assert_eq!(said, EXPECTED);
        }
    }
}
