"""A pytest plugin for pip's functional tests: another program stands in for pip.

It is loaded by `run` with `-p plugin`, beside pip's own conftest, and changes no file of pip's.
`SUITE_COMMAND` is the command as a JSON list, `null` for pip itself; `SUITE_RESULTS` is the file
for the outcomes.
"""

import json
import os
import re
from pathlib import Path

import pytest

COMMAND = json.loads(os.environ["SUITE_COMMAND"])
RESULTS = Path(os.environ["SUITE_RESULTS"])

# Nothing listens there: a request that would leave the machine fails at once.
NOWHERE = "http://127.0.0.1:9"

outcomes = {}


def pytest_configure():
    """Leaves nothing of the machine's own set-up to pip's fixtures, and replaces its command."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "ASSAY_")) or name == "PYTHONPATH":
            del os.environ[name]
    if COMMAND:
        from tests import lib

        lib.PipTestEnvironment.run = replaced(lib.PipTestEnvironment.run)
        lib.make_wheel = with_record(lib.make_wheel)


def pytest_collection_modifyitems(items):
    """Tests that need PyPI are counted, not run."""
    for item in items:
        if item.get_closest_marker("network"):
            item.add_marker(pytest.mark.skip("needs the network"))


def replaced(original):
    """`PipTestEnvironment.run` that gives pip's commands to the other program."""

    def run(script, *words, **options):
        __tracebackhide__ = True
        words = [os.fspath(word) for word in words]
        after_pip = arguments(words)
        if after_pip is None:
            return original(script, *words, **options)
        # What an activated environment sets, and no way out of the machine.
        script.environ.update(
            VIRTUAL_ENV=os.fspath(script.venv_path),
            HTTPS_PROXY=NOWHERE,
            HTTP_PROXY=NOWHERE,
            NO_PROXY="localhost,127.0.0.1",
        )
        return original(script, *COMMAND, *after_pip, **options)

    return run


def with_record(original):
    """`make_wheel` whose wheels list their files.

    pip's helper `create_basic_wheel_for_package` leaves RECORD empty, so that no hash is checked,
    and almost every test uses it: without this, all of them would test the rule about RECORD.
    """

    def make_wheel(*words, **options):
        if options.get("record") == "":
            del options["record"]
        return original(*words, **options)

    return make_wheel


def arguments(words):
    """The words after `pip` or `python -m pip`; None for any other command."""
    program = Path(words[0]).name
    if re.fullmatch(r"pip[\d.]*", program):
        return words[1:]
    if re.fullmatch(r"python[\d.]*", program) and words[1:3] == ["-m", "pip"]:
        return words[3:]
    return None


def pytest_runtest_logreport(report):
    """Remembers the outcome of each test; a failure outside the test itself is an error."""
    if report.passed and report.when != "call":
        return
    outcome = {"outcome": report.outcome}
    if report.failed:
        outcome["outcome"] = "failed" if report.when == "call" else "error"
        outcome["why"] = report.longreprtext + report.capstdout
    elif report.skipped:
        outcome["why"] = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if hasattr(report, "wasxfail"):
            outcome["outcome"] = "xfailed"
    outcomes.setdefault(report.nodeid.removeprefix("tests/functional/"), outcome)


def pytest_sessionfinish(session):
    """Writes the outcomes once, in the process that has all of them."""
    if not hasattr(session.config, "workerinput"):
        RESULTS.write_text(json.dumps(outcomes, indent=1, sort_keys=True))
