"""What the documents say about the tree is true: the code map, the commands, the links."""

import re
import sys
from pathlib import Path


def main() -> int:
    errors = [*code_map(), *commands(), *links()]
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    return 1 if errors else 0


def code_map():
    """ARCHITECTURE.md has a heading for each folder of crates/, and names each of its modules."""
    text = Path("ARCHITECTURE.md").read_text()
    sections = dict(re.findall(r"^### `crates/([a-z]+)`\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    present = {manifest.parent.name for manifest in Path("crates").glob("*/Cargo.toml")}
    for name in sorted(sections.keys() ^ present):
        yield f"ARCHITECTURE.md's code map and crates/ differ in {name}"
    for name in sorted(sections.keys() & present):
        listed = "".join(re.findall(r"^- ([^:]*):", sections[name], re.MULTILINE))
        mapped = set(re.findall(r"`([a-z_]+)`", listed))
        modules = {entry.stem for entry in Path("crates", name, "src").iterdir()} - {"lib", "main"}
        for module in sorted(mapped ^ modules):
            yield f"ARCHITECTURE.md's code map and crates/{name}/src differ in {module}"
    print(f"the code map names {len(sections)} crates and their modules")


def commands():
    """What README.md tells to run with cargo is what .ci/run runs, benchmarks aside."""
    steps = set(re.findall(r"^step (?:try_three_times )?(cargo .*)$", Path(".ci/run").read_text(), re.MULTILINE))
    blocks = re.findall(r"^```\w*\n(.*?)^```", Path("README.md").read_text(), re.MULTILINE | re.DOTALL)
    lines = (line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines())
    told = [line for line in lines if re.match(r"cargo (run|test)\b", line) and "-p assay-bench" not in line]
    for line in told:
        if line not in steps:
            yield f".ci/run does not run README.md's `{line}`"
    if not any(line.startswith("cargo test") for line in told):
        yield "README.md names no test command"
    print(f"README.md's {len(told)} commands are steps of .ci/run")


def links():
    """Relative links lead to files that exist."""
    count = 0
    for page in [*Path(".").glob("*.md"), *Path("docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()):
            count += 1
            if not (page.parent / target).exists():
                yield f"{page}: {target} does not exist"
    print(f"{count} links lead to files")


if __name__ == "__main__":
    sys.exit(main())
