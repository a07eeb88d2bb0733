//! A publisher as people write it: in policies, in pins and on the command line.

use std::{fmt, str::FromStr};

use crate::attestation::Kind;

/// Who publishes, as far as it is said: what is not said is not asked for.
///
/// ```text
/// github:OWNER/NAME[:WORKFLOW][:repository-id=N][:owner-id=N]
/// gitlab:GROUP/…/NAME[:PIPELINE-FILE][:repository-id=N][:owner-id=N]
/// google:E-MAIL
/// circleci:PROJECT-ID[:DEFINITION-ID]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    kind: Kind,
    /// Repository, e-mail address or CircleCI's project.
    name: String,
    workflow: Option<String>,
    repository_id: Option<String>,
    owner_id: Option<String>,
}

/// Why a text names no publisher.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" names no publisher: {why}")]
pub struct IdentityError {
    /// What was read; escaped.
    text: String,
    why: &'static str,
}

impl Identity {
    /// The forms there are, for a message.
    pub const FORMS: &str = "github:OWNER/NAME, gitlab:GROUP/NAME, google:E-MAIL or \
                             circleci:PROJECT-ID, with :WORKFLOW, :repository-id=N and :owner-id=N \
                             where they matter";

    /// One that a certificate names.
    pub(crate) fn verified(kind: Kind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            workflow: None,
            repository_id: None,
            owner_id: None,
        }
    }

    pub(crate) fn with_workflow(self, workflow: &str) -> Self {
        Self {
            workflow: Some(workflow.to_owned()),
            ..self
        }
    }

    pub(crate) fn with_ids(self, repository: &str, owner: &str) -> Self {
        Self {
            repository_id: Some(repository.to_owned()),
            owner_id: Some(owner.to_owned()),
            ..self
        }
    }

    /// What kind of publisher.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Repository (`owner/name`), e-mail address or CircleCI's project, by kind.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The workflow, the pipeline's file or its definition, if it is said.
    pub fn workflow(&self) -> Option<&str> {
        self.workflow.as_deref()
    }

    /// The repository's number, if it is said.
    pub fn repository_id(&self) -> Option<&str> {
        self.repository_id.as_deref()
    }

    /// The number of the repository's owner, if it is said.
    pub fn owner_id(&self) -> Option<&str> {
        self.owner_id.as_deref()
    }

    /// Where a person can look at the repository.
    pub fn page(&self) -> Option<String> {
        match self.kind {
            Kind::GitHub => Some(format!("https://github.com/{}", self.name)),
            Kind::GitLab => Some(format!("https://gitlab.com/{}", self.name)),
            Kind::Google | Kind::CircleCi => None,
        }
    }

    /// Whether another identity is everything that this one says.
    pub fn covers(&self, other: &Self) -> bool {
        let says = |asked: &Option<String>, has: &Option<String>| asked.is_none() || asked == has;
        self.kind == other.kind
            && self.has_name_of(other)
            && says(&self.workflow, &other.workflow)
            && says(&self.repository_id, &other.repository_id)
            && says(&self.owner_id, &other.owner_id)
    }

    /// Whether a name is of the form that its kind has.
    pub(crate) fn is_name(kind: Kind, name: &str) -> bool {
        let parts = name.split('/').count();
        let no_part_is_empty = name.split('/').all(|it| !it.is_empty());
        match kind {
            Kind::GitHub => parts == 2 && no_part_is_empty,
            Kind::GitLab => parts >= 2 && no_part_is_empty,
            Kind::Google => name
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && !host.is_empty()),
            Kind::CircleCi => parts == 1,
        }
    }

    /// Whether the two have one name. Names of repositories do not differ by case on either host, so
    /// that nobody else can have the other spelling.
    pub(super) fn has_name_of(&self, other: &Self) -> bool {
        match self.kind {
            Kind::GitHub | Kind::GitLab => self.name.eq_ignore_ascii_case(&other.name),
            Kind::Google | Kind::CircleCi => self.name == other.name,
        }
    }
}

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let wrong = |why| IdentityError {
            text: assay_types::Printable(text).to_string(),
            why,
        };
        if !text.chars().all(|it| it.is_ascii_graphic()) {
            return Err(wrong(
                "it has blanks, or letters outside of ASCII; %XX stands for them",
            ));
        }
        let mut parts = text.split(':');
        let kind = parts.next().and_then(Kind::of_word);
        let kind =
            kind.ok_or_else(|| wrong("it begins with none of github, gitlab, google, circleci"))?;
        let name = parts.next().filter(|it| !it.is_empty());
        let name = name.ok_or_else(|| wrong("a name is missing after the first colon"))?;
        let name = decoded(name).filter(|it| Self::is_name(kind, it));
        let name = name.ok_or_else(|| wrong("its name is not one of that kind"))?;
        let mut identity = Self::verified(kind, &name);
        for part in parts {
            let (slot, value) = match part.split_once('=') {
                Some(("repository-id", id)) => (&mut identity.repository_id, id),
                Some(("owner-id", id)) => (&mut identity.owner_id, id),
                Some(_) => return Err(wrong("only repository-id and owner-id have a value")),
                None => (&mut identity.workflow, part),
            };
            let value = decoded(value).filter(|it| !it.is_empty());
            let value = value.ok_or_else(|| wrong("a part is empty, or badly encoded"))?;
            if slot.replace(value).is_some() {
                return Err(wrong("a part is said twice"));
            }
        }
        let has_ids = identity.repository_id.is_some() || identity.owner_id.is_some();
        match kind {
            Kind::Google if identity.workflow.is_some() || has_ids => Err(wrong(
                "an e-mail address is all that is known of such a publisher",
            )),
            Kind::CircleCi if has_ids => Err(wrong("the project is its id")),
            _ => Ok(identity),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.word(), encoded(&self.name))?;
        if let Some(workflow) = &self.workflow {
            write!(f, ":{}", encoded(workflow))?;
        }
        if let Some(id) = &self.repository_id {
            write!(f, ":repository-id={}", encoded(id))?;
        }
        match &self.owner_id {
            Some(id) => write!(f, ":owner-id={}", encoded(id)),
            None => Ok(()),
        }
    }
}

/// What stands between the colons. Certificates may hold any text: what would end a part, what a shell
/// would read and what would not be seen for what it is are percent-encoded.
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/@+".contains(&byte);
    let bytes = text.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    bytes.collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2)?;
        if !hex.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(text: &str) -> Identity {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        for text in [
            "github:owner/name",
            "github:owner/name:release.yml",
            "github:owner/name:release.yml:repository-id=1:owner-id=2",
            "gitlab:group/sub/name:ci/release.yml",
            "google:who@example.com",
            "circleci:p1:d1",
        ] {
            assert_eq!(identity(text).to_string(), text);
        }
        let odd =
            Identity::verified(Kind::GitHub, "o/n").with_workflow("a:b=100% \u{202e}$(x)'.yml");
        assert_eq!(identity(&odd.to_string()), odd);
        assert_eq!(odd.to_string().split(['$', '(', '\'', ' ']).count(), 1);
    }

    #[test]
    fn what_is_no_publisher_is_refused() {
        for text in [
            "",
            "github",
            "github:",
            "github:owner",
            "github:owner/",
            "github:a/b/c",
            "github:a/b:",
            "GitHub:a/b",
            "bitbucket:a/b",
            "github:a/b:x:y",
            "github:a/b:owner-id=",
            "github:a/b:owner-id=1:owner-id=2",
            "github:a/b:ref=x",
            "google:nobody",
            "google:a@b:workflow",
            "circleci:p:d:owner-id=1",
            "github:a /b",
            "github:a/b:%2",
            "github:a/b:%+1",
            "github:a/b%2Fc",
            "github:\u{430}/b",
        ] {
            assert!(text.parse::<Identity>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_identity_covers_whatever_says_the_same_and_more() {
        let full = identity("github:owner/name:r.yml:repository-id=1:owner-id=2");
        for covering in [
            "github:owner/name",
            "github:Owner/NAME:r.yml",
            "github:owner/name:owner-id=2",
        ] {
            assert!(identity(covering).covers(&full), "{covering}");
        }
        for other in [
            "gitlab:owner/name",
            "github:owner/name2",
            "github:owner/name:s.yml",
            "github:owner/name:R.yml",
            "github:owner/name:repository-id=2",
        ] {
            assert!(!identity(other).covers(&full), "{other}");
        }
        assert!(!full.covers(&identity("github:owner/name")));
        assert!(!identity("google:A@example.com").covers(&identity("google:a@example.com")));
    }
}
