"""What came out of a suite, compared with the differences that are known."""

import fnmatch
import tomllib
from collections import Counter
from pathlib import Path

# pip marks tests as "fails today": whoever fails them does as pip does.
GOOD = ("passed", "xfailed")
BAD = ("failed", "error")


def table(outcomes: dict) -> str:
    """Counts by file, as Markdown."""
    files = {}
    for name, outcome in outcomes.items():
        files.setdefault(name.partition("::")[0], Counter())[outcome["outcome"]] += 1
    rows = ["| file | passed | failed | not run |", "|---|---|---|---|"]
    for file, count in sorted(files.items()):
        good = sum(count[it] for it in GOOD)
        bad = sum(count[it] for it in BAD)
        rows.append(f"| {file.removesuffix('.py')} | {good} | {bad} | {count['skipped']} |")
    return "\n".join(rows)


def compare(outcomes: dict, listed: Path) -> int:
    """Prints failures that are not listed, and entries whose tests ran and passed; 0 if neither."""
    known = differences(listed)
    failed = [name for name, it in outcomes.items() if it["outcome"] in BAD]
    used, unknown = set(), []
    for name in sorted(failed):
        pattern = next((it for it in known if matches(name, it)), None)
        if pattern is None:
            unknown.append(name)
        else:
            used.add(pattern)
    ran = [it for it in known if any(matches(name, it) for name in outcomes)]
    stale = [it for it in ran if it not in used]
    for name in unknown:
        print(f"fails, and is not listed: {name}")
    for pattern in stale:
        print(f"listed, and nothing fails: {pattern}")
    print(f"{len(failed)} fail, {len(failed) - len(unknown)} of them for a listed reason")
    return 1 if unknown or stale else 0


def differences(path: Path) -> dict:
    """Reasons by test or pattern."""
    groups = tomllib.loads(path.read_text())["difference"]
    return {test: group["why"] for group in groups for test in group["tests"]}


def matches(name: str, pattern: str) -> bool:
    """`*` stands for anything; brackets of pytest's parameters stand for themselves."""
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))
