//! `${NAME}` in requirements files: where the values of environment variables may go.

use assay_types::{
    Url,
    requirement::Wanted,
    requirements_file::{Entry, Line, Parsed},
};

use crate::failure::{Failure, Result};

/// Refuses lines that would send a variable's value to a host that the user did not name with
/// `--allow-variables`: a file that came with a cloned project must not choose where secrets go.
///
/// `plain` is the same file without variables, or `None` where it only parses with them.
pub fn check(
    parsed: &Parsed,
    plain: Option<&Parsed>,
    file: &str,
    allowed: &[String],
) -> Result<()> {
    for (at, line) in parsed.lines.iter().enumerate() {
        if plain.and_then(|it| it.lines.get(at)) == Some(line) {
            continue;
        }
        let Some(url) = url_of(line) else { continue };
        let host = url.host_str().unwrap_or_default();
        if !allowed.iter().any(|it| it.eq_ignore_ascii_case(host)) {
            return Err(refusal(line, host, file));
        }
    }
    Ok(())
}

/// The URL that a line leads to, if it leads to the network.
fn url_of(line: &Line) -> Option<Url> {
    let text = match &line.entry {
        Entry::Named { requirement, .. } => match &requirement.wanted {
            Wanted::Direct(direct) => direct.url.as_str(),
            Wanted::Version(_) => return None,
        },
        Entry::Unnamed { target, .. } | Entry::Editable(target) => target,
        Entry::Requirements(text)
        | Entry::Constraints(text)
        | Entry::IndexUrl(text)
        | Entry::ExtraIndexUrl(text)
        | Entry::FindLinks(text) => text,
        _ => return None,
    };
    let url = Url::parse(text).ok()?;
    // Whatever names a host is sent there: `git+https:` and `git+ssh:`, too.
    let has_host = url.host_str().is_some_and(|it| !it.is_empty());
    has_host.then_some(url)
}

fn refusal(line: &Line, host: &str, file: &str) -> Failure {
    Failure::refused(format!(
        "{file}:{}: this line would send the value of an environment variable to {host}",
        line.number
    ))
    .detail("rule: a requirements file does not decide where your secrets go")
    .hint(format!(
        "if that is what you want, repeat with --allow-variables {host}"
    ))
}

#[cfg(test)]
mod tests {
    use assay_types::requirements_file::parse;

    use super::*;

    fn verdict(text: &str, allowed: &[&str]) -> bool {
        let allowed: Vec<_> = allowed.iter().map(|it| (*it).to_owned()).collect();
        let values = |name: &str| (name == "TOKEN").then(|| "secret".to_owned());
        let parsed = parse(text, &values).unwrap();
        check(
            &parsed,
            parse(text, &|_| None).ok().as_ref(),
            "r.txt",
            &allowed,
        )
        .is_ok()
    }

    #[test]
    fn a_variable_goes_only_to_a_host_that_the_user_named() {
        for text in [
            "-i https://x:${TOKEN}@a.example/simple\n",
            "--extra-index-url https://a.example/${TOKEN}/simple\n",
            "-f https://a.example/?${TOKEN}\n",
            "x @ https://a.example/${TOKEN}/x-1.0-py3-none-any.whl\n",
            "https://a.example/${TOKEN}/x-1.0-py3-none-any.whl\n",
            "-r https://a.example/${TOKEN}.txt\n",
            "git+https://${TOKEN}@a.example/x\n",
            "git+ssh://a.example/${TOKEN}\n",
            "x @ git+https://${TOKEN}@a.example/x\n",
        ] {
            assert!(!verdict(text, &[]), "{text}");
            assert!(!verdict(text, &["b.example", "example"]), "{text}");
            assert!(verdict(text, &["A.example"]), "{text}");
        }
        assert!(!verdict(
            "-i https://${TOKEN}.a.example/simple\n",
            &["a.example"]
        ));
    }

    #[test]
    fn lines_that_send_nothing_may_use_variables() {
        for text in [
            "./${TOKEN}/x-1.0-py3-none-any.whl\n",
            "-r ${TOKEN}.txt\n",
            "-i https://a.example/simple\n",
            "-i https://a.example/${UNKNOWN}/simple\n",
        ] {
            assert!(verdict(text, &[]), "{text}");
        }
    }
}
