"""Answers questions about Python packaging: one JSON request a line in, one JSON answer a line out.

`null` stands for "refused".
"""

import csv
import json
import sys
import sysconfig
from unittest import mock

from packaging import _manylinux, _musllinux, tags
from packaging.markers import Marker, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version


def version(text):
    return str(Version(text))


def contains(text, versions):
    specifiers = SpecifierSet(text)
    return [specifiers.contains(it, prereleases=True) for it in versions]


def order(left, right):
    left, right = Version(left), Version(right)
    return (left > right) - (left < right)


def requirement(text):
    it = Requirement(text)
    return {
        "name": canonicalize_name(it.name),
        "extras": sorted({canonicalize_name(extra) for extra in it.extras}),
        "specifiers": sorted(str(spec) for spec in it.specifier),
        "url": it.url,
        "marker": it.marker is not None,
    }


def marker(text, environment):
    return Marker(text).evaluate(environment)


def wheel(text):
    name, version, build, tags = parse_wheel_filename(text)
    return {
        "name": name,
        "version": str(version),
        "build": list(build),
        "tags": sorted(str(tag) for tag in tags),
    }


def rows(text):
    return list(csv.reader(text.splitlines(keepends=True), strict=True))


def platforms(platform, narrow, glibc, musl):
    """Platform tags of a machine that is not this one."""
    if platform.startswith("macosx-"):
        version, _, arch = platform.removeprefix("macosx-").partition("-")
        return list(tags.mac_platforms(tuple(map(int, version.split("."))), arch))
    musl = _musllinux._MuslVersion(*musl) if musl else None
    with (
        mock.patch.object(sysconfig, "get_platform", lambda: platform),
        mock.patch.object(_manylinux, "_get_glibc_version", lambda: tuple(glibc or (-1, -1))),
        mock.patch.object(_manylinux, "_is_linux_armhf", lambda _: True),
        mock.patch.object(_manylinux, "_is_linux_i686", lambda _: True),
        mock.patch.object(_musllinux, "_get_musl_version", lambda _: musl),
    ):
        return list(tags._linux_platforms(is_32bit=narrow))


def other_tags(version, abi, *machine):
    found = platforms(*machine)
    interpreter = f"cp{version[0]}{version[1]}"
    cpython = tags.cpython_tags(version, [abi], found)
    compatible = tags.compatible_tags(version, interpreter, found)
    return [[it.interpreter, it.abi, it.platform] for it in (*cpython, *compatible)]


# Most are ValueErrors of their own; a number of thousands of digits is a plain one.
REFUSALS = (ValueError, UndefinedEnvironmentName, csv.Error)
QUESTIONS = {
    it.__name__: it
    for it in (version, contains, order, requirement, marker, wheel, rows, other_tags)
}

for line in sys.stdin:
    question, *arguments = json.loads(line)
    try:
        answer = QUESTIONS[question](*arguments)
    except REFUSALS:
        answer = None
    print(json.dumps(answer))
