//! pip's commands with their options.

use super::{
    option::{PipOption as O, Standing},
    shared::{
        BUILD, CHANGES, CONFIG_SETTINGS, EDITABLE, EXCLUDE, IGNORE_REQUIRES_PYTHON, INDEX, LOCAL,
        LOOK, PLATFORM, REQUIREMENT, WANTED,
    },
};

/// A command of pip's.
#[derive(Debug)]
pub struct PipCommand {
    /// Its name, and that of its section in pip.conf.
    pub name: &'static str,
    /// Here.
    pub standing: Standing,
    /// Its options beside the general ones, in groups.
    pub groups: &'static [&'static [O]],
}

impl PipCommand {
    /// Its options beside the general ones.
    pub fn options(&self) -> impl Iterator<Item = &'static O> + use<> {
        self.groups.iter().flat_map(|it| it.iter())
    }

    const fn same(name: &'static str, groups: &'static [&'static [O]]) -> Self {
        let standing = Standing::Same;
        Self {
            name,
            standing,
            groups,
        }
    }

    const fn safer(name: &'static str, how: &'static str, groups: &'static [&'static [O]]) -> Self {
        let standing = Standing::Safer(how);
        Self {
            name,
            standing,
            groups,
        }
    }

    const fn not_offered(
        name: &'static str,
        why: &'static str,
        instead: &'static str,
        groups: &'static [&'static [O]],
    ) -> Self {
        let standing = Standing::NotOffered { why, instead };
        Self {
            name,
            standing,
            groups,
        }
    }
}

/// pip's commands, in the order of its help.
pub const COMMANDS: &[PipCommand] = &[
    PipCommand::safer(
        "install",
        "every archive is authenticated before it is opened, and the whole set is put in place at once",
        &[WANTED, INSTALL, PLATFORM, CHANGES, BUILD, INDEX],
    ),
    PipCommand::not_offered(
        "lock",
        "assay writes no lock file yet",
        "`assay freeze` lists what is installed; `assay hash` gives digests for `--require-hashes`",
        &[
            WANTED,
            &[
                O::one(&["-o", "--output"]).path(),
                EDITABLE,
                IGNORE_REQUIRES_PYTHON,
                CONFIG_SETTINGS,
            ],
            BUILD,
            INDEX,
        ],
    ),
    PipCommand::safer(
        "download",
        "every archive is authenticated before it is written",
        &[
            WANTED,
            &[
                O::one(&[
                    "-d",
                    "--dest",
                    "--destination-dir",
                    "--destination-directory",
                ]),
                IGNORE_REQUIRES_PYTHON,
            ],
            PLATFORM,
            BUILD,
            INDEX,
        ],
    ),
    PipCommand::safer(
        "uninstall",
        "only files that the installation wrote and nobody changed since are removed",
        &[
            &[
                REQUIREMENT,
                O::on(&["-y", "--yes"]).safer("always so: nothing is asked"),
            ],
            CHANGES,
        ],
    ),
    PipCommand::same(
        "freeze",
        &[
            &[
                O::list(&["-r", "--requirement"]),
                LOCAL,
                O::on(&["--all"]),
                O::on(&["--exclude-editable"]),
                EXCLUDE,
            ],
            LOOK,
        ],
    ),
    PipCommand::same("inspect", &[&[O::on(&["--local"])], LOOK]),
    PipCommand::same("list", &[LIST, LOOK, INDEX]),
    PipCommand::same("show", &[&[O::on(&["-f", "--files"])]]),
    PipCommand::same("check", &[]),
    PipCommand::safer(
        "config",
        "comments and the order of a file stay, and passwords are starred out but in `get`",
        &[&[
            O::one(&["--editor"]),
            O::on(&["--global"]),
            O::on(&["--user"]),
            O::on(&["--site"]),
        ]],
    ),
    PipCommand::not_offered(
        "search",
        "indexes no longer offer what it asks",
        "search on the index's own pages; `assay index versions NAME` lists a project's versions",
        &[&[O::one(&["-i", "--index"])]],
    ),
    PipCommand::same("cache", &[&[O::one(&["--format"])]]),
    PipCommand::same(
        "index",
        &[
            PLATFORM,
            &[IGNORE_REQUIRES_PYTHON, O::on(&["--json"])],
            INDEX,
        ],
    ),
    PipCommand::safer(
        "wheel",
        "sources are built in a sandbox, which is told, and every wheel is authenticated or read as strictly as if it had been",
        &[
            WANTED,
            &[
                O::one(&["-w", "--wheel-dir"]),
                O::list(&["-e", "--editable"])
                    .safer("a folder of this machine, never a repository; built as any other"),
                IGNORE_REQUIRES_PYTHON,
                CONFIG_SETTINGS,
                O::on(&["--no-verify"])
                    .no_use("a built wheel is always read as strictly as one of an index"),
            ],
            BUILD,
            INDEX,
        ],
    ),
    PipCommand::same("hash", &[&[O::one(&["-a", "--algorithm"])]]),
    PipCommand::same(
        "completion",
        &[&[
            O::on(&["-b", "--bash"]).sets("shell"),
            O::on(&["-z", "--zsh"]).sets("shell"),
            O::on(&["-f", "--fish"]).sets("shell"),
            O::on(&["-p", "--powershell"]).sets("shell"),
        ]],
    ),
    PipCommand::same("debug", &[PLATFORM]),
    PipCommand::same("help", &[]),
];

/// What `install` has beside the groups.
const INSTALL: &[O] = &[
    EDITABLE,
    O::on(&["--dry-run"]),
    O::one(&["-t", "--target"]).safer(
        "what lies in the folder is an environment of its own: a version that is there is kept or replaced as a whole, without `--upgrade` too where it must be; with `--root` it is refused",
    ),
    O::on(&["--user"])
        .sets("user")
        .safer("never chosen unasked where site-packages cannot be written to"),
    O::off(&["--no-user"]).sets("user"),
    O::one(&["--root"]).safer(
        "judged by what lies under it: nothing is left out, or taken away, because the interpreter has it; no link leads out of it",
    ),
    O::one(&["--prefix"]).safer(
        "judged by what lies under it: nothing is left out, or taken away, because the interpreter has it",
    ),
    O::on(&["-U", "--upgrade"]),
    O::one(&["--upgrade-strategy"]),
    O::on(&["--force-reinstall"]),
    O::on(&["-I", "--ignore-installed"]).safer(
        "what was there is replaced by its RECORD, not written over: no two versions are mixed",
    ),
    IGNORE_REQUIRES_PYTHON,
    CONFIG_SETTINGS,
    O::on(&["--compile"])
        .sets("compile")
        .no_use("Python writes bytecode when a module is first imported"),
    O::off(&["--no-compile"]).sets("compile"),
    O::off(&["--no-warn-script-location"]),
    O::off(&["--no-warn-conflicts"]),
    O::one(&["--report"]),
];

/// What `list` has beside the groups.
const LIST: &[O] = &[
    O::on(&["-o", "--outdated"]),
    O::on(&["-u", "--uptodate"]),
    O::on(&["-e", "--editable"]),
    LOCAL,
    O::one(&["--format"]),
    O::on(&["--not-required"]),
    O::off(&["--exclude-editable"]).sets("editable"),
    O::on(&["--include-editable"]).sets("editable"),
    EXCLUDE,
];
