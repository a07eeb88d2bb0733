#!/usr/bin/python3 -I
"""A hook for assay: refuses wheels with native code, but for projects that you name, and files that a
list denies.

    [hooks.native]
    command = ["/opt/assay-hooks/hook.py", "--allow-native", "numpy,cryptography",
               "--deny-list", "/opt/assay-hooks/denied.txt"]

    [[policy.rule]]
    projects = ["*"]
    evidence = { all = ["index", "hook:native"] }

The deny-list has one SHA-256 a line, and after it the reason. Nothing but Python's standard library is
used, and nothing of the file is run. docs/hooks.md is the protocol.
"""

import argparse
import json
import sys
import tarfile
import zipfile

NATIVE = (".so", ".pyd", ".dll", ".dylib", ".a", ".lib", ".o", ".exe")


def main():
    options = read_options()
    facts = json.load(sys.stdin)
    # Nobody knows what a later version means by what this one does not have.
    if facts["protocol"] != 1:
        return answer("abstain", f"protocol {facts['protocol']} is not known to this hook")
    reason = denied(facts, options.deny_list)
    if reason:
        return answer("refuse", reason)
    try:
        native = [name for name in names(facts["path"]) if is_native(name)]
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, tarfile.TarError) as error:
        return answer("refuse", f"its archive cannot be read: {error}")
    if native and facts["project"] not in options.allow_native:
        return answer("refuse", f"native code: {native[0]} and {len(native) - 1} more")
    return answer("accept", f"{len(native)} files with native code")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    split = lambda text: frozenset(text.split(","))
    parser.add_argument("--allow-native", type=split, default=frozenset(), metavar="PROJECT,…")
    parser.add_argument("--deny-list", metavar="FILE")
    return parser.parse_args()


def denied(facts, path):
    """The reason that the list gives for this file. A list that is not there stops: the hook fails, and
    the file is refused."""
    if path is None:
        return None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            digest, _, reason = line.strip().partition(" ")
            if digest.lower() == facts["sha256"]:
                return reason or "it is on the deny-list"
    return None


def names(path):
    """Of the files in a wheel or an sdist. Nothing is unpacked."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    with tarfile.open(path) as archive:
        return archive.getnames()


def is_native(name):
    # Shared libraries may have a version: libz.so.1.
    return name.lower().endswith(NATIVE) or ".so." in name.lower()


def answer(word, reason):
    # A reason has at most 1000 characters.
    json.dump({"protocol": 1, "answer": word, "reason": reason[:1000]}, sys.stdout)


if __name__ == "__main__":
    main()
