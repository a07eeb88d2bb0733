//! Start-up code: files that an interpreter runs whenever it starts, whatever program was asked
//! for. They are refused until the user allows them by project, except for forms that are known to
//! be harmless.

mod editable;
mod finder;
mod known;
mod literal;
mod namespace;
mod pth;
mod reads;

use assay_types::ProjectName;

use crate::{Policy, Refusal, RefusalKind};
pub use editable::{Editable, modules};
pub use reads::{Package, Reads};

/// Modules that Python imports whenever it starts, wherever it finds them: `site` the first two. The last
/// one is imported by the `sitecustomize` of Ubuntu's Python, and lies where a virtual environment does
/// not look.
const IMPORTED_AT_START: [&str; 3] = ["sitecustomize", "usercustomize", "apport_python_hook"];

/// What makes the interpreter read a file at start-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `*.pth`: lines that begin with `import` are executed by `site`.
    Pth,
    /// `*.start` (PEP 829, Python 3.15): entry points that `site` calls.
    Start,
    /// A module that Python imports then, such as `sitecustomize`: as a file, package or extension.
    Customize,
    /// Metadata in a folder that a `.pth` file puts on the import path: one more distribution to
    /// every tool that lists them.
    Metadata,
    /// A file that a line of a `.pth` file puts on the import path: a ZIP archive of modules.
    Archive,
    /// Native code of a package that a `.pth` file registers.
    Native,
    /// A module of the standard library's name among the commands, which is the first folder of
    /// their import path.
    BesideCommands,
}

impl Kind {
    /// Classifies a path relative to a site-packages folder. Case is ignored, because some file
    /// systems ignore it.
    pub fn of(path: &str) -> Option<Self> {
        let lower = path.to_ascii_lowercase();
        let top = lower.split('/').next().filter(|it| !it.is_empty())?;
        // `sitecustomize.py`, `sitecustomize.cpython-312-x86_64-linux-gnu.so`, `sitecustomize/…`.
        let stem = top.split('.').next().unwrap_or(top);
        if IMPORTED_AT_START.contains(&stem) {
            return Some(Self::Customize);
        }
        // `site` reads these only directly in the folder.
        match lower.rsplit_once('.') {
            Some((stem, "pth")) if !stem.contains('/') => Some(Self::Pth),
            Some((stem, "start")) if !stem.contains('/') => Some(Self::Start),
            _ => None,
        }
    }

    /// What such a file does, as a refusal says it.
    pub fn fact(self) -> &'static str {
        match self {
            Self::Pth => "is read whenever Python starts",
            Self::Start => "names functions that Python calls whenever it starts (PEP 829)",
            Self::Customize => "is imported whenever Python starts",
            Self::Metadata => "is found as another distribution, by way of a .pth file",
            Self::Archive => "is put on the import path by a .pth file",
            Self::Native => "is loaded whenever Python starts, by way of a .pth file",
            Self::BesideCommands => {
                "is imported by Python commands instead of the standard library's module"
            }
        }
    }
}

/// Judges one start-up file of a project by its contents. Files that are no start-up code pass.
/// `editable` is given where this is an editable install of it, built here.
pub fn judge(
    project: &ProjectName,
    path: &str,
    contents: &[u8],
    editable: Option<Editable<'_>>,
    policy: &Policy,
) -> Result<(), Refusal> {
    let Some(kind) = Kind::of(path) else {
        return Ok(());
    };
    if policy.startup.contains(project) || known::is_known(project, contents) {
        return Ok(());
    }
    if kind != Kind::Pth {
        return require_permission(project, path, kind.fact(), policy);
    }
    let judged = match editable {
        Some(editable) => editable::judge(contents, editable),
        None => pth::judge(contents),
    };
    judged.or_else(|why| {
        if editable.is_some() && editable::has_loader(contents) {
            return Err(loader(project, path, &why));
        }
        let fact = format!("runs code whenever Python starts: {why}");
        require_permission(project, path, &fact, policy)
    })
}

/// Of an editable install: a backend's own way to import the project.
fn loader(project: &ProjectName, path: &str, why: &str) -> Refusal {
    let fact = format!(
        "runs its backend's loader whenever Python starts, which may build the project anew when it is \
         imported, outside of the sandbox: {why}"
    );
    Refusal {
        hint: Some(format!(
            "install it without -e; or, if you trust the loader, repeat with --allow-startup {project}"
        )),
        ..needs_permission(project, path, &fact)
    }
}

/// Refuses a file that a project may only bring with the user's permission for start-up code;
/// `fact` says what it does, as [`Kind::fact`].
pub fn require_permission(
    project: &ProjectName,
    path: &str,
    fact: &str,
    policy: &Policy,
) -> Result<(), Refusal> {
    if policy.startup.contains(project) {
        return Ok(());
    }
    Err(needs_permission(project, path, fact))
}

fn needs_permission(project: &ProjectName, path: &str, fact: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Content,
        project: Some(project.clone()),
        file_name: path.to_owned(),
        rule: "start-up code".to_owned(),
        fact: fact.to_owned(),
        found: Vec::new(),
        missing: vec![format!(
            "your permission for {project} to run code at start-up"
        )],
        hint: Some(format!(
            "read the file; if you trust it, repeat with --allow-startup {project}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cooldown;

    #[test]
    fn a_loader_of_an_editable_says_what_it_would_do_and_the_way_out() {
        let demo: ProjectName = "demo".parse().unwrap();
        let mut policy = Policy::new(Cooldown::none());
        let judged = |contents: &str, policy: &Policy| {
            let editable = Editable {
                folder: "/home/u/demo",
                modules: &[],
            };
            let contents = contents.as_bytes();
            judge(&demo, "demo.pth", contents, Some(editable), policy)
        };
        let loader = "import _demo_editable_loader\n";
        let refusal = judged(loader, &policy).unwrap_err();
        assert!(
            refusal.fact.contains("outside of the sandbox"),
            "{}",
            refusal.fact
        );
        assert!(refusal.hint.unwrap().contains("without -e"));
        let refusal = judged("import demo\n", &policy).unwrap_err();
        assert!(!refusal.fact.contains("sandbox"));
        judged("/home/u/demo/src\n", &policy).unwrap();
        policy.startup.insert(demo.clone());
        judged(loader, &policy).unwrap();
    }

    fn verdict(project: &str, path: &str, contents: &str, allowed: &[&str]) -> bool {
        let mut policy = Policy::new(Cooldown::none());
        policy
            .startup
            .extend(allowed.iter().map(|it| it.parse::<ProjectName>().unwrap()));
        judge(
            &project.parse().unwrap(),
            path,
            contents.as_bytes(),
            None,
            &policy,
        )
        .is_ok()
    }

    #[test]
    fn code_is_refused_until_its_own_project_is_allowed() {
        assert!(!verdict("evil", "evil.pth", "import evil\n", &[]));
        assert!(!verdict("evil", "evil.pth", "import evil\n", &["other"]));
        assert!(verdict("evil", "evil.pth", "import evil\n", &["evil"]));
        assert!(verdict("evil", "evil.pth", "evil_lib\n", &[]));
    }

    #[test]
    fn customize_modules_are_refused_in_every_shape_and_namesakes_are_not() {
        for path in [
            "sitecustomize.py",
            "usercustomize.py",
            "SiteCustomize.PY",
            "sitecustomize/__init__.py",
            "sitecustomize.cpython-312-x86_64-linux-gnu.so",
            "apport_python_hook.py",
            "apport_python_hook/__init__.py",
            "evil.start",
        ] {
            assert!(!verdict("evil", path, "", &[]), "{path}");
        }
        for path in [
            "pkg/sitecustomize.py",
            "my_sitecustomize.py",
            "apport.py",
            "pkg/apport_python_hook.py",
            "pkg/x.pth",
            "pkg/x.start",
            "x.pth.py",
        ] {
            assert!(verdict("evil", path, "import os\n", &[]), "{path}");
        }
    }

    #[test]
    fn known_contents_pass_for_their_own_project_only() {
        let setuptools = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); \n";
        assert!(verdict(
            "setuptools",
            "distutils-precedence.pth",
            setuptools,
            &[]
        ));
        assert!(!verdict(
            "setuptoo1s",
            "distutils-precedence.pth",
            setuptools,
            &[]
        ));
        assert!(!verdict(
            "setuptools",
            "distutils-precedence.pth",
            &setuptools.replace("local", "loca1"),
            &[]
        ));
    }
}
