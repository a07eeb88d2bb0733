//! Build backends in Python, well-behaved or not.

use crate::wheel::{BuiltWheel, WheelBuilder};

/// What all of them do: `backend.py`.
const COMMON: &str = include_str!("backend.py");

/// A hook of PEP 517 or PEP 660: its name, its parameters, and what it does when left alone.
struct Hook(&'static str, &'static str, &'static str);

const HOOKS: [Hook; 8] = [
    Hook(
        "get_requires_for_build_wheel",
        "config_settings=None",
        "return list(REQUIRES)",
    ),
    Hook(
        "prepare_metadata_for_build_wheel",
        "folder, config_settings=None",
        "return write_metadata(folder)",
    ),
    Hook(
        "build_wheel",
        "folder, config_settings=None, metadata_directory=None",
        "return pack(folder, config_settings)",
    ),
    Hook(
        "get_requires_for_build_editable",
        "config_settings=None",
        "return list(REQUIRES)",
    ),
    Hook(
        "prepare_metadata_for_build_editable",
        "folder, config_settings=None",
        "return write_metadata(folder)",
    ),
    Hook(
        "build_editable",
        "folder, config_settings=None, metadata_directory=None",
        "return write_wheel(folder, {module() + '.pth': (os.getcwd() + '\\n').encode()})",
    ),
    Hook(
        "get_requires_for_build_sdist",
        "config_settings=None",
        "return list(REQUIRES)",
    ),
    Hook(
        "build_sdist",
        "folder, config_settings=None",
        "return write_sdist(folder)",
    ),
];

/// Describes a backend; left alone it does all hooks, honestly.
///
/// Its code may use what `backend.py` has: `pack(folder, settings, …)`, `write_wheel(folder, files,
/// stem=, tag=, header=, file_name=)`, `files()`, `stem()`, `metadata()`, `try_to(name, attempt)`.
#[derive(Debug, Clone, Default)]
pub struct Backend {
    requires: Vec<String>,
    added: Vec<String>,
    without: Vec<String>,
    during: Vec<(String, String)>,
    instead: Vec<(String, String)>,
    at_import: String,
}

impl Backend {
    /// One that behaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for one more requirement when it is asked (`get_requires_for_…`).
    pub fn requires(mut self, requirement: &str) -> Self {
        self.requires.push(requirement.into());
        self
    }

    /// Adds a header to METADATA that the tree does not have, such as `Requires-Dist: lib`.
    pub fn adds(mut self, header: &str) -> Self {
        self.added.push(header.into());
        self
    }

    /// Has no such hook.
    pub fn without(mut self, hook: &str) -> Self {
        self.without.push(hook.into());
        self
    }

    /// Runs this when the hook begins.
    pub fn during(mut self, hook: &str, code: &str) -> Self {
        self.during.push((hook.into(), code.into()));
        self
    }

    /// Runs this when a wheel is built.
    pub fn building(self, code: &str) -> Self {
        self.during("build_wheel", code)
    }

    /// Does this in place of what the hook does; the parameters are `folder`, `config_settings`,
    /// `metadata_directory`.
    pub fn instead(mut self, hook: &str, code: &str) -> Self {
        self.instead.push((hook.into(), code.into()));
        self
    }

    /// Runs this when it is imported.
    pub fn at_import(mut self, code: &str) -> Self {
        self.at_import.push_str(code);
        self.at_import.push('\n');
        self
    }

    /// The module.
    pub fn source(&self) -> String {
        let (requires, added) = (&self.requires, &self.added);
        let mut source = format!("{COMMON}\n\nREQUIRES = {requires:?}\nADDED = {added:?}\n");
        source.push_str(&self.at_import);
        for Hook(name, parameters, body) in &HOOKS {
            if self.without.iter().any(|it| it == name) {
                continue;
            }
            let instead = self.instead.iter().find(|it| it.0 == *name);
            let body = instead.map_or(*body, |it| it.1.as_str());
            let during = self.during.iter().filter(|it| it.0 == *name);
            source.push_str(&format!(
                "\n\ndef {name}({parameters}):\n    ran({name:?})\n"
            ));
            for code in during.map(|it| it.1.as_str()).chain([body]) {
                for line in code.lines() {
                    source.push_str(&format!("    {line}\n"));
                }
            }
        }
        source
    }

    /// The backend as a wheel of that name, with one module of the same name.
    pub fn wheel(&self, name: &str, version: &str) -> BuiltWheel {
        let module = format!("{}.py", super::escape(name));
        WheelBuilder::new(name, version)
            .file(&module, self.source().as_bytes())
            .build()
    }
}

/// A wheel that passes for setuptools: `setup()` remembers what it is told, and the module
/// `setuptools.build_meta` runs setup.py and does what this backend does.
pub fn setuptools(version: &str, backend: &Backend) -> BuiltWheel {
    const SETUP: &str = "SAID = {}\ndef setup(**arguments): SAID.update(arguments)\n";
    const LEGACY: &str = "
def run_setup():
    import setuptools
    if os.path.exists('setup.py') and not setuptools.SAID:
        sys.path.insert(0, os.getcwd())
        exec(compile(text_of('setup.py'), 'setup.py', 'exec'), {'__name__': '__main__', '__file__': 'setup.py'})

__legacy__ = sys.modules[__name__]
";
    let backend = [
        "get_requires_for_build_wheel",
        "build_wheel",
        "build_editable",
    ]
    .into_iter()
    .chain(["prepare_metadata_for_build_wheel", "build_sdist"])
    .fold(backend.clone().at_import(LEGACY), |backend, hook| {
        backend.during(hook, "run_setup()")
    });
    WheelBuilder::new("setuptools", version)
        .file("setuptools/__init__.py", SETUP.as_bytes())
        .file("setuptools/build_meta.py", backend.source().as_bytes())
        .build()
}
