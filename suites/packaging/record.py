"""A pytest plugin: notes what packaging's own tests ask of packaging.

The questions have the form that `crates/types/tests/it/peer.py` answers, so that the tests of
assay-types can put them to packaging and to assay alike. `QUESTIONS` names the file for them.
"""

import json
import os
from pathlib import Path

from packaging import markers, requirements, specifiers, tags, utils, version

questions = {}
# Versions by the specifiers that they are compared with.
compared = {}


def note(*question):
    """Remembers a question once, if JSON can say it."""
    try:
        text = json.dumps(question)
    except TypeError:
        return
    # A line break would be read by other rules than these: METADATA's, or those of files.
    if all(not isinstance(it, str) or it.isprintable() for it in question):
        questions[text] = True


def before(owner, name, noted):
    """Calls `noted` with the arguments of each call of `owner.name`."""
    original = getattr(owner, name)

    def call(*arguments, **options):
        noted(*arguments, **options)
        return original(*arguments, **options)

    setattr(owner, name, call)


def pytest_configure():
    before(version.Version, "__init__", lambda self, text: note("version", text))
    before(specifiers.SpecifierSet, "__init__", constructed)
    for owner in (specifiers.Specifier, specifiers.SpecifierSet):
        before(owner, "contains", contained)
        before(owner, "filter", filtered)
    before(markers.Marker, "__init__", lambda self, text: note("requirement", f"a ; {text}"))
    before(markers.Marker, "evaluate", evaluated)
    before(requirements.Requirement, "__init__", lambda self, text: note("requirement", text))
    before(utils, "parse_wheel_filename", lambda name, *_, **__: note("wheel", name))
    before(tags, "parse_tag", lambda tag, *_, **__: note("wheel", f"a-1-{tag}.whl"))
    before(tags, "mac_platforms", mac)


def constructed(self, text="", *_, **__):
    if isinstance(text, str) and text.isprintable():
        compared.setdefault(text, {})


def contained(self, item, *_, **__):
    if is_version(item):
        compared.setdefault(str(self), {})[str(item)] = True


def filtered(self, items, *_, **__):
    if isinstance(items, (list, tuple)):
        for item in items:
            contained(self, item)


def is_version(item):
    """`===` may be compared with any text; what an index lists is a version."""
    try:
        version.Version(str(item))
    except version.InvalidVersion:
        return False
    return True


def mac(version=None, arch=None):
    """The tags of a Mac with this version of macOS. 10.0 had none: that would ask for this machine."""
    if version and arch and version > (10, 0):
        platform = "macosx-{}.{}-{}".format(*version, arch)
        note("other_tags", [3, 12], "cp312", platform, False, None, None)


def evaluated(self, environment=None, context="metadata"):
    """Lock files have markers of their own."""
    if context == "metadata":
        given = {name: value for name, value in (environment or {}).items() if value is not None}
        note("marker", str(self), {**markers.default_environment(), "extra": "", **given})


def pytest_sessionfinish():
    for text, versions in compared.items():
        note("contains", text, list(versions))
    Path(os.environ["QUESTIONS"]).write_text("\n".join(questions) + "\n")
