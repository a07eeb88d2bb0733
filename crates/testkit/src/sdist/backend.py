"""A build backend that needs nothing: it packs the folder that is named like the project.

What it saw lies in the wheel as `_build.json`: the hooks that ran in this tree, the settings, the
environment, the folder, and what tries put into `found`.
"""
import base64
import hashlib
import io
import json
import os
import re
import sys
import zipfile

MEMORY = ".hooks-that-ran"
found = {}


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def headers():
    """The headers of METADATA: as setup.py says, else PKG-INFO, else pyproject.toml."""
    said = sys.modules[__name__.partition(".")[0]].__dict__.get("SAID") or {}
    if said:
        lines = ["Name: " + said["name"], "Version: " + said["version"]]
        lines += ["Requires-Dist: " + it for it in said.get("install_requires", [])]
    elif os.path.exists("PKG-INFO"):
        lines = text_of("PKG-INFO").partition("\n\n")[0].splitlines()
        lines = [it for it in lines if not it.startswith(("Metadata-Version:", "Dynamic:"))]
    else:
        table = text_of("pyproject.toml").partition("[project]")[2]
        lines = []
        for key in "name", "version":
            value = re.search(r"^%s *= *[\"'](.*)[\"']" % key, table, re.M)
            lines += [key.title() + ": " + value[1]] if value else []
        needs = re.search(r"^dependencies *= *\[(.*?)\]", table, re.M | re.S)
        values = re.findall(r"\"([^\"]*)\"", needs[1]) if needs else []
        lines += ["Requires-Dist: " + it for it in values]
    return lines + ADDED


def value_of(key):
    return next(it.partition(": ")[2] for it in headers() if it.startswith(key + ": "))


def metadata():
    return "\n".join(["Metadata-Version: 2.1", *headers()]) + "\n"


def module():
    return re.sub(r"[-_.]+", "_", value_of("Name")).lower()


def stem():
    return module() + "-" + value_of("Version")


def files():
    """What belongs to the project, by its path in the wheel."""
    content = {}
    for folder, _, names in os.walk(module()):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                content[path] = file.read()
    return content


def seen(settings):
    said = {
        "hooks": text_of(MEMORY).split(),
        "settings": settings,
        "environ": dict(os.environ),
        "folder": os.getcwd(),
        "prefix": sys.prefix,
        "found": found,
    }
    return json.dumps(said, indent=1, sort_keys=True, default=repr).encode()


def write_wheel(folder, content, stem=None, tag="py3-none-any", header=None, file_name=None):
    """One wheel with a RECORD that is true; returns its file name."""
    stem = stem or globals()["stem"]()
    info = stem + ".dist-info/"
    pure = "true" if tag.endswith("-any") else "false"
    content = dict(content)
    content[info + "METADATA"] = (header or metadata()).encode()
    content[info + "WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: %s\nTag: %s\n" % (pure, tag)
    ).encode()
    record = io.StringIO()
    for path, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        record.write("%s,sha256=%s,%d\n" % (path, digest, len(data)))
    record.write(info + "RECORD,,\n")
    content[info + "RECORD"] = record.getvalue().encode()
    file_name = file_name or "%s-%s.whl" % (stem, tag)
    with zipfile.ZipFile(os.path.join(folder, file_name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in content.items():
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    return file_name


def pack(folder, settings, **more):
    """The project's files and what was seen."""
    content = files()
    content[module() + "/_build.json"] = seen(settings)
    return write_wheel(folder, content, **more)


def write_metadata(folder):
    info = stem() + ".dist-info"
    os.mkdir(os.path.join(folder, info))
    with open(os.path.join(folder, info, "METADATA"), "w", encoding="utf-8") as file:
        file.write(metadata())
    return info


def write_sdist(folder):
    import tarfile

    top = stem()
    with tarfile.open(os.path.join(folder, top + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as out:
        paths = [os.path.join(at, it)[2:] for at, _, names in os.walk(".") for it in sorted(names)]
        content = {it: open(it, "rb").read() for it in sorted(paths) if not it.startswith((".git/", MEMORY))}
        content["PKG-INFO"] = ("Metadata-Version: 2.2\n" + "\n".join(headers()) + "\n").encode()
        for path, data in content.items():
            entry = tarfile.TarInfo(top + "/" + path)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return top + ".tar.gz"


def try_to(name, attempt):
    """Notes what became of it; `reached` is what must not be."""
    try:
        found[name] = "reached: %r" % (attempt(),)
    except Exception as error:
        found[name] = "%s: %s" % (type(error).__name__, error)


def ran(hook):
    with open(MEMORY, "a", encoding="utf-8") as file:
        file.write(hook + "\n")
