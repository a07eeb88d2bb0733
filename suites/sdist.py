"""Source distributions that suites are taken from: fetched from the index that pip would use, and
compared with a digest that is written down before anything opens them.
"""

import hashlib
import json
import os
import sys
import urllib.parse
import urllib.request

from pip._internal.models.index import PyPI


def fetch(project: str, file_name: str, sha256: str) -> bytes:
    index = os.environ.get("PIP_INDEX_URL", PyPI.simple_url).rstrip("/") + f"/{project}/"
    request = urllib.request.Request(index, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request) as page:
        files = json.load(page)["files"]
    url = next(it["url"] for it in files if it["filename"] == file_name)
    with urllib.request.urlopen(urllib.parse.urljoin(index, url)) as response:
        content = response.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(f"{file_name} is not the file that is expected here")
    return content
