# Imports a build backend and calls one of its hooks (PEP 517, PEP 660). Runs in the sandbox, with Python
# 3.8 or newer and nothing but the standard library; what it is asked for is JSON on standard input, what
# came of it is JSON in out/result.json.
import sys

# With -c the working folder stands first, and a project may hold a json.py.
if sys.path and sys.path[0] == "":
    del sys.path[0]

import importlib
import json
import os


def load(order):
    """The backend: an object of a module, from the project's own folders where it names some."""
    name, _, attributes = order["backend"].partition(":")
    folders = order["backend_path"]
    sys.path[:0] = folders
    backend = importlib.import_module(name)
    if folders and not lies_in(backend, folders):
        raise ImportError("the backend " + name + " does not lie in its backend-path")
    for attribute in filter(None, attributes.split(".")):
        backend = getattr(backend, attribute)
    return backend


def lies_in(module, folders):
    origin = getattr(module, "__file__", None)
    paths = [origin] if origin else list(getattr(module, "__path__", []))
    real = [os.path.realpath(folder) for folder in folders]
    return any(os.path.realpath(path).startswith(folder + os.sep) for path in paths for folder in real)


def call(order):
    backend = load(order)
    hook = getattr(backend, order["hook"], None)
    if hook is None:
        return {"no_hook": None}
    get_needs = getattr(backend, order["needs"], None)
    needs = [] if get_needs is None else list(get_needs(order["settings"]))
    if not set(needs) <= set(order["given"]):
        return {"needs": needs}
    return {"made": os.path.basename(hook(order["out"], order["settings"]))}


def main():
    order = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.chdir(order["project"])
    result = json.dumps(call(order))
    with open(os.path.join(order["out"], "result.json"), "x", encoding="utf-8") as file:
        file.write(result)


if __name__ == "__main__":
    main()
