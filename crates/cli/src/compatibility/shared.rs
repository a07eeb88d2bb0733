//! Options that several of pip's commands have in common.

use super::option::PipOption as O;

const MARKERS: &str = "markers are those of the Python that is sought, so that its own dependencies come along; no `--only-binary` is needed beside it";
const ANY_ORDER: &str =
    "the same project in both is an error in any order; what files say yields to the command line";

/// Where packages come from, and which of them count.
pub const INDEX: &[O] = &[
    O::on(&["--pre"]),
    O::gather(&["--all-releases"]).safer("the same project in both is an error in any order"),
    O::gather(&["--only-final"]).safer("the same project in both is an error in any order"),
    O::gather(&["--no-binary"]).safer(ANY_ORDER),
    O::gather(&["--only-binary"]).safer(ANY_ORDER),
    O::on(&["--prefer-binary"]),
    O::one(&["-i", "--index-url", "--pypi-url"]),
    O::list(&["--extra-index-url"]).safer(
        "the first index that has a project serves it alone, the further ones before the main one: no public name can take the place of a private one",
    ),
    O::on(&["--no-index"]),
    O::gather(&["--refresh-package"]),
    O::list(&["-f", "--find-links"]),
    O::one(&["--uploaded-prior-to"]),
];

/// Requirements files.
pub const REQUIREMENT: O = O::list(&["-r", "--requirement"]).safer(
    "a file from the network sets no index and names no file here; `${NAME}` goes only to hosts that `--allow-variables` names; rules of trust in it may only tighten",
);
/// Names of what is wanted, beside the arguments.
pub const WANTED: &[O] = &[
    REQUIREMENT,
    O::list(&["-c", "--constraint"]),
    O::list(&["--requirements-from-script"]),
    O::gather(&["--group"]),
    O::on(&["--no-deps", "--no-dependencies"]),
    O::on(&["--only-deps", "--only-dependencies"]),
    O::on(&["--require-hashes"]),
    O::on(&["--no-require-hashes"]).not_offered(
        "one requirement with a hash demands one of all: a line without would be the way in",
        "give every requirement a --hash, or none",
    ),
    O::one(&["--progress-bar"]),
];
/// Editable installs.
pub const EDITABLE: O = O::list(&["-e", "--editable"]).safer(
    "a folder of this machine, never a repository: nothing is checked out to be worked on. What its backend gives runs at each start of Python, and is refused without `--allow-startup` where it is none of the known forms",
);
/// `--ignore-requires-python`.
pub const IGNORE_REQUIRES_PYTHON: O = O::on(&["--ignore-requires-python"]);

/// How source distributions are built.
pub const BUILD: &[O] = &[
    O::list(&["--build-constraint"]).safer(
        "nothing but constraints may stand in the file: an option in it is an error",
    ),
    O::one(&["--src", "--source", "--source-dir", "--source-directory"])
        .path()
        .no_use("what is checked out from version control is built and not kept"),
    O::off(&["--no-build-isolation"]).not_offered(
        "a build sees what it requires, and nothing of an environment",
        "put what is missing into the project's `[build-system] requires`, and limit versions with `--build-constraint`",
    ),
    O::on(&["--use-pep517"]).no_use("always so"),
    O::on(&["--check-build-dependencies"])
        .no_use("what builds require is always resolved as a whole, for them alone"),
    O::on(&["--no-clean"]).no_use("the folder of a build is always removed, and the log of a failed one stays"),
];
/// `--config-settings`.
pub const CONFIG_SETTINGS: O = O::gather(&["-C", "--config-settings"]);

/// Another Python than the one at hand.
pub const PLATFORM: &[O] = &[
    O::list(&["--platform"]).safer(MARKERS),
    O::one(&["--python-version"]).safer(MARKERS),
    O::one(&["--implementation"]).safer(MARKERS),
    O::list(&["--abi"]),
];

/// Rules for an environment that is changed.
pub const CHANGES: &[O] = &[
    O::on(&["--break-system-packages"]),
    O::one(&["--root-user-action"]),
];

/// Where installed packages are looked for.
pub const LOOK: &[O] = &[O::on(&["--user"]), O::list(&["--path"]).path()];
/// Packages of the environment alone.
pub const LOCAL: O = O::on(&["-l", "--local"]);
/// Projects that are left out.
pub const EXCLUDE: O = O::list(&["--exclude"]);
