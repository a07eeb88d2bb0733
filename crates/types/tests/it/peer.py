"""Answers questions about Python packaging: one JSON request a line in, one JSON answer a line out.

`null` stands for "refused".
"""

import csv
import json
import sys

from packaging.markers import InvalidMarker, Marker, UndefinedComparison
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version


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


REFUSALS = (
    InvalidMarker,
    InvalidRequirement,
    InvalidSpecifier,
    InvalidVersion,
    InvalidWheelFilename,
    UndefinedComparison,
    csv.Error,
)
QUESTIONS = {it.__name__: it for it in (version, contains, order, requirement, marker, wheel, rows)}

for line in sys.stdin:
    question, *arguments = json.loads(line)
    try:
        answer = QUESTIONS[question](*arguments)
    except REFUSALS:
        answer = None
    print(json.dumps(answer))
