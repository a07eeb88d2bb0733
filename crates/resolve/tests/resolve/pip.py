"""Resolves worlds with pip: JSON of cases on stdin, JSON of answers on stdout."""

import html
import json
import pathlib
import sys
import tempfile
import zipfile

# Internal, but starting pip anew for each case takes a second.
from pip._internal.cli.main import main


def build(world, folder):
    """Writes a simple index of empty wheels for the notation of world.rs."""
    releases = []
    for line in world.splitlines():
        line = line.strip()
        if line.startswith("- "):
            releases[-1][3].append(line[2:])
        elif line:
            name, version, *words = line.split()
            words = dict((word.split("=", 1) + [""])[:2] for word in words)
            releases.append((name, version, words, []))
    pages = {}
    for name, version, words, requires in releases:
        metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
        python = words.get("meta-python", words.get("python"))
        metadata += [f"Requires-Python: {python}"] if python else []
        extras = filter(None, words.get("provides", "").split(","))
        metadata += [f"Provides-Extra: {extra}" for extra in extras]
        metadata += [f"Requires-Dist: {it}" for it in requires]
        info = f"{name}-{version}.dist-info"
        page = folder / name
        page.mkdir(exist_ok=True)
        wheel = f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(page / wheel, "w") as file:
            file.writestr(f"{info}/METADATA", "\n".join(metadata) + "\n")
            tags = "Root-Is-Purelib: true\nTag: py3-none-any\n"
            file.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\n{tags}")
            file.writestr(f"{info}/RECORD", "")
        link = f'<a href="{wheel}"'
        if "python" in words:
            link += f' data-requires-python="{html.escape(words["python"])}"'
        if "yanked" in words:
            link += f' data-yanked="{words["yanked"]}"'
        pages[page] = pages.get(page, "") + f"{link}>{wheel}</a>\n"
    for page, links in pages.items():
        (page / "index.html").write_text(links)


def solve(case):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        build(case["world"], folder)
        (folder / "c.txt").write_text("\n".join(case["constraints"]) + "\n")
        report = folder / "report.json"
        command = ["--isolated", "install", "--dry-run", "-qqq"]
        command += ["--ignore-installed", "--no-cache-dir", "--disable-pip-version-check"]
        command += ["--target", str(folder / "t"), "--report", str(report)]
        command += ["--index-url", folder.as_uri(), "--constraint", str(folder / "c.txt")]
        if main(command + case["roots"]):
            return None
        installs = json.loads(report.read_text())["install"]
        found = [it["metadata"] for it in installs]
        return sorted(f"{it['name']} {it['version']}" for it in found)


print(json.dumps([solve(case) for case in json.load(sys.stdin)]))
