"""Installs each project of projects.txt into an environment of its own and imports it.

    python3 suites/popular/run.py ASSAY FOLDER > docs/popular-projects.md

Needs an index (PyPI, or what pip's settings name), some gigabytes in FOLDER, and patience. One
cache serves all; each environment goes as soon as it was tried.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
HEADING = """\
# Widely used projects

Each was installed by `assay install --venv ENV NAME`, with the defaults and no flag, into an
environment of its own, then imported (`python -I -c 'import …'`) and looked through by `assay check`.
Made by `suites/popular/run.py`; {what}.

| project | version | packages | seconds | import | notices |
|---|---|---|---|---|---|
"""


def main():
    assay, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for line in (HERE / "projects.txt").read_text().splitlines():
        if not line.startswith("#"):
            rows.append(tried(assay, folder, *line.split()))
            print(rows[-1], file=sys.stderr, flush=True)
    good = sum(row.endswith(" |  |") and "| works |" in row for row in rows)
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    what = f"{good} of {len(rows)} need nothing and say nothing, on {sys.platform} with {python}"
    print(HEADING.format(what=what) + "\n".join(rows))


def tried(assay, folder, project, module):
    """One row: installed, imported, checked."""
    venv = folder / "env"
    shutil.rmtree(venv, ignore_errors=True)
    command = [assay, "--json", "--cache-dir", folder / "cache", "install", "--venv", venv, project]
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        why = done.stderr.strip().splitlines()[0]
        return f"| {project} | | | {seconds:.1f} | not installed | {why} |"
    report = json.loads(done.stdout)
    own = next(it for it in report["packages"] if it["name"] == project)
    said = [it for it in done.stderr.splitlines() if it.startswith(("note:", "warning:"))]
    said += [it["held-back"] for it in report["packages"] if it["held-back"]]
    verdict = imported(venv, module) or checked(assay, venv) or "works"
    notices = "; ".join(report["notices"] + said)
    packages = len(report["packages"])
    return f"| {project} | {own['version']} | {packages} | {seconds:.1f} | {verdict} | {notices} |"


def imported(venv, module):
    """Why the module cannot be imported, if so."""
    scrubbed = {"PATH": os.environ["PATH"], "HOME": str(venv)}
    command = [venv / "bin" / "python", "-I", "-c", f"import {module}"]
    done = subprocess.run(command, capture_output=True, text=True, env=scrubbed)
    return done.stderr.strip().splitlines()[-1] if done.returncode else None


def checked(assay, venv):
    """What `assay check` finds, if anything."""
    done = subprocess.run([assay, "check", "--venv", venv], capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().replace("\n", "; ") if done.returncode else None


main()
