"""The edges between the crates, the rooms that touch nothing, and the size of the dependency tree."""

import json
import re
import subprocess
import sys
from pathlib import Path

# What each member may depend on. Who joins two rooms that do not know each other is the command
# line; ARCHITECTURE.md says why.
EDGES = {
    "assay-files": set(),
    "assay-types": set(),
    "assay-trust": {"assay-types"},
    "assay-archive": {"assay-types", "assay-trust"},
    "assay-resolve": {"assay-types"},
    "assay-index": {"assay-files", "assay-types", "assay-trust"},
    "assay-install": {"assay-files", "assay-types", "assay-trust", "assay-archive"},
    "assay-sandbox": set(),
    "assay-build": {"assay-files", "assay-types", "assay-trust", "assay-archive", "assay-sandbox"},
    "assay-cli": {
        "assay-build",
        "assay-sandbox",
        "assay-files",
        "assay-types",
        "assay-trust",
        "assay-archive",
        "assay-resolve",
        "assay-index",
        "assay-install",
    },
    "assay-testkit": set(),
    "assay-bench": {"assay-sandbox", "assay-testkit"},
}
# Tests may use these as well.
DEV_EDGES = {"assay-testkit"}

# Raise it in the commit that adds a crate, with the reason in its message.
# 30 of them verify attestations: sigstore-verify, and what reads X.509 for it. 126 are for the keys that
# people have: OpenPGP alone brings some 100, each cipher and curve that it ever had.
LOCK_BUDGET = 370

# No files, network, environment, processes or clock outside tests.
PURE = ["types", "trust", "resolve"]
IMPURE = re.compile(
    r"\bstd::(fs|net|env|process)\b"
    r"|\bstd::\{[^;]*\b(fs|net|env|process)\b"
    r"|(?<![\w:])(fs|net|env|process)::\w"
    r"|\b(SystemTime|Instant|Timestamp|Zoned)::now\b"
    r"|\b(File|TcpStream)::(open|create|connect)\b"
)

# The check must bite: each of these has to be found.
IMPURE_SAMPLES = [
    "use std::fs;",
    "use std::{\n    fs,\n    io,\n};",
    "let text = fs::read(path)?;",
    "Timestamp::now()",
    "let file = File::open(path)?;",
]

# The index that is used when nobody names one; the name is split so that this file is none of them.
# PEP 740's predicate is called by an address of its documentation, which is no index.
MAIN_INDEX = re.compile(r"(?<!https://docs\.)pypi" + r"\.org")


def main() -> int:
    errors = [
        *edges(metadata()),
        *lock_size(Path("Cargo.lock").read_text()),
        *pure_rooms(),
        *main_index(),
    ]
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    return 1 if errors else 0


def metadata() -> dict:
    command = ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def edges(metadata: dict):
    members = {package["name"]: package for package in metadata["packages"]}
    for name in sorted(members.keys() ^ EDGES.keys()):
        yield f"{name} is not a member, or has no row in {__file__}"
    for name in sorted(members.keys() & EDGES.keys()):
        for dependency in members[name]["dependencies"]:
            allowed = EDGES[name] | (DEV_EDGES if dependency["kind"] == "dev" else set())
            if dependency["name"] in members and dependency["name"] not in allowed:
                yield f"{name} may not depend on {dependency['name']}"
    print(f"edges between {len(members)} crates seen")


def lock_size(lock: str):
    count = lock.count("[[package]]")
    print(f"{count} packages in Cargo.lock, of a budget of {LOCK_BUDGET}")
    if count > LOCK_BUDGET:
        yield f"Cargo.lock holds {count} packages, the budget is {LOCK_BUDGET}"


def pure_rooms():
    for sample in IMPURE_SAMPLES:
        assert IMPURE.search(sample), f"the check overlooks {sample!r}"
    for room in PURE:
        for file in sorted(Path("crates", room, "src").rglob("*.rs")):
            product = file.read_text().split("#[cfg(test)]")[0]
            code = re.sub(r"//[^\n]*", "", product)
            if found := IMPURE.search(code):
                line = code[: found.start()].count("\n") + 1
                yield f"{file}:{line}: {found.group()!r} in a crate that touches nothing outside"


def main_index():
    product = (
        file
        for file in sorted(Path("crates").rglob("*.rs"))
        if "testkit" not in file.parts and "tests" not in file.parts
    )
    files = [str(file) for file in product if MAIN_INDEX.search(file.read_text())]
    print(f"the main index's address stands in {', '.join(files) or 'no file'}")
    if len(files) != 1:
        yield f"the main index's address stands in {len(files)} files, not in one"


if __name__ == "__main__":
    sys.exit(main())
