#!/usr/bin/env python3
"""Builds real source distributions by assay, in its sandbox, and by pip, and prints a table.

    cargo build --release -p assay-cli
    python3 bench/sdists.py --assay target/release/assay --python python3 [--runs 3] [NAME ...]

The list is bench/sdists.txt; names choose from it. Where the files come from is what the user's own settings
say (pip.conf, PIP_*), for both programs. Each run starts without a built wheel, in a new environment, and the
programs take turns. The first run of each fills the caches of downloads and is not counted, but where there is
no other: with --runs 1, and where a build takes long.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Builds that take longer than this are made once.
LONG = 15.0
# A build of either program may take this long.
MOST = 1800
TIER = re.compile(r"in a sandbox \(([^)]*)\)")


class Failed(Exception):
    """A command failed; what it said last."""


class Rig:
    """Folders, programs and the two ways to build."""

    def __init__(self, arguments, root):
        self.assay = arguments.assay.resolve()
        self.root = root
        found = run([arguments.python, "-I", "-c", "import sys; print(sys.executable)"], dict(os.environ))
        self.python = found.stdout.strip()
        self.cache = root / "cache"
        self.state = root / "state"
        self.environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_STATE_HOME": str(self.state),
            "PIP_CACHE_DIR": str(root / "pip-cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        self.made = 0

    def venv(self):
        self.made += 1
        path = self.root / f"venv-{self.made}"
        run([self.python, "-m", "venv", "--without-pip", path], self.environment)
        return path

    def with_assay(self, it, *more):
        """One install; the environment, the seconds and what was said."""
        shutil.rmtree(self.state / "assay" / "built", ignore_errors=True)
        venv = self.venv()
        command = [self.assay, "install", "--venv", venv, *more, "--no-binary", it["name"], it["pin"]]
        took, said = timed(command, self.environment)
        return venv, took, said

    def with_pip(self, it):
        shutil.rmtree(self.root / "pip-cache" / "wheels", ignore_errors=True)
        venv = self.venv()
        command = [self.python, "-m", "pip", "--python", venv / "bin" / "python", "install", "--no-deps"]
        command += ["--no-compile", "--no-binary", it["name"], it["pin"]]
        took, said = timed(command, self.environment)
        return venv, took, said


def run(command, environment):
    done = subprocess.run(
        [str(it) for it in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MOST,
    )
    if done.returncode != 0:
        raise Failed("\n".join((done.stderr or done.stdout).strip().splitlines()[-12:]))
    return done


def timed(command, environment):
    start = time.perf_counter()
    done = run(command, environment)
    return time.perf_counter() - start, done.stderr + done.stdout


def read_list(path, names):
    rows = []
    for line in path.read_text().splitlines():
        line = line.split("#")[0].split()
        if not line:
            continue
        pin, backend, kind, module = line
        name, version = pin.split("==")
        if not names or name in names:
            rows.append({"name": name, "version": version, "pin": pin, "backend": backend, "kind": kind, "module": module})
    return rows


def by_assay(rig, it):
    venv, took, said = rig.with_assay(it, "--no-deps")
    tier = TIER.search(said)
    it["tier"] = tier.group(1) if tier else "not built"
    shutil.rmtree(venv)
    return took


def by_pip(rig, it):
    try:
        venv, took, _ = rig.with_pip(it)
    except Failed as failed:
        it["pip_failed"] = str(failed)
        return None
    shutil.rmtree(venv)
    return took


def check(rig, it):
    """What was built last, with what it depends on, has to be imported."""
    venv = rig.venv()
    run([rig.assay, "install", "--venv", venv, "--no-binary", it["name"], it["pin"]], rig.environment)
    run([venv / "bin" / "python", "-I", "-c", f"import {it['module']}"], rig.environment)
    shutil.rmtree(venv)


def measure(rig, it, runs):
    """In turns. The first of several runs does not count: it fills the caches of downloads."""
    own, peer = [], []
    while len(own) < runs + 1:
        own.append(by_assay(rig, it))
        if len(own) == 1:
            check(rig, it)
        peer.append(None if "pip_failed" in it else by_pip(rig, it))
        if runs == 1 or own[0] > LONG:
            break
    first = min(len(own) - 1, 1)
    it["assay"] = own[first:]
    it["pip"] = [took for took in peer[first:] if took]


def row(it):
    own = statistics.median(it["assay"]) if it.get("assay") else None
    peer = statistics.median(it["pip"]) if it.get("pip") else None
    result = "installed, imported" if own else f"failed: {it['failed'].splitlines()[0][:80]}"
    if "pip_failed" in it:
        result += "; pip fails"
    cells = [it["name"], it["version"], it["backend"], it["kind"], seconds(own), seconds(peer)]
    cells += [f"{own / peer:.2f}" if own and peer else "", it.get("tier", ""), result]
    return "| " + " | ".join(cells) + " |"


def seconds(value):
    return f"{value:.1f}" if value else "–"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", type=Path, default=Path(__file__).with_name("sdists.txt"))
    parser.add_argument("--assay", type=Path, default=Path("target/release/assay"))
    parser.add_argument("--python", default="python3", help="the Python to build for, with a pip")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dir", type=Path, help="where caches and environments go")
    parser.add_argument("--json", type=Path, help="every figure, added after each project")
    arguments = parser.parse_args()
    rows = read_list(arguments.list, arguments.names)
    with tempfile.TemporaryDirectory(prefix="assay-sdists-", dir=arguments.dir) as root:
        rig = Rig(arguments, Path(root))
        versions = [run([rig.assay, "--version"], rig.environment), run([rig.python, "-m", "pip", "--version"], rig.environment)]
        versions = [" ".join(it.stdout.split()[:2]) for it in versions]
        print(f"{os.cpu_count()} cores; {platform.system()} {platform.release()}; {'; '.join(versions)}\n")
        print("| project | version | backend | kind | assay, s | pip, s | ratio | tier | result |")
        print("|---|---|---|---|---|---|---|---|---|", flush=True)
        for it in rows:
            try:
                measure(rig, it, arguments.runs)
            except (Failed, subprocess.TimeoutExpired) as failed:
                it["failed"] = str(failed) or "no word"
                print(failed, file=sys.stderr)
            print(row(it), flush=True)
            if arguments.json:
                with arguments.json.open("a") as file:
                    file.write(json.dumps(it) + "\n")
    good = [it for it in rows if it.get("assay")]
    ratios = [statistics.median(it["assay"]) / statistics.median(it["pip"]) for it in good if it.get("pip")]
    print(f"\n{len(good)} of {len(rows)} built and imported", end="")
    print(f"; assay against pip, median of ratios: {statistics.median(ratios):.2f}" if ratios else "")
    return 0 if len(good) == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
