//! The scripts that a shell sources to work inside an environment.

use std::path::Path;

/// File names and texts. `@FOLDER@` and `@PROMPT@` in the templates become quoted words.
pub(super) fn scripts(folder: &Path, prompt: &str) -> [(&'static str, String); 3] {
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

    #[test]
    fn the_shell_script_changes_and_restores_the_path() {
        let [(_, text), ..] = scripts(Path::new("/some/where"), "demo");
        let program = format!(
            "PATH=/usr/bin:/bin; PS1=x; {text}\n echo \"$PATH|$VIRTUAL_ENV|$PS1\"; deactivate; echo \"$PATH|$VIRTUAL_ENV|$PS1\""
        );
        let output = std::process::Command::new("sh")
            .arg("-c")
            .arg(program)
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "/some/where/bin:/usr/bin:/bin|/some/where|(demo) x\n/usr/bin:/bin||x\n"
        );
    }
}
