"""Keeps a file or a folder on the cache server that runs beside the job, and brings it back.

The calls are those of the cache service that act speaks: ask for a key; reserve, send, commit.
"""

import hashlib
import io
import json
import os
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SERVICE = os.environ["ACTIONS_CACHE_URL"] + "_apis/artifactcache/"


def restore(key: str, path: str) -> None:
    """Bring back what was kept under this key; says whether there was anything."""
    query = urlencode({"keys": key, "version": version(path)})
    with call("GET", f"cache?{query}") as answer:
        found = json.load(answer) if answer.status == 200 else {}
    # The service also finds a longer key that begins like this one; a hit is the very same.
    hit = found.get("cacheKey") == key.lower()
    if hit:
        with urlopen(found["archiveLocation"]) as answer:
            packed = io.BytesIO(answer.read())
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(filter="data")
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        outputs.write(f"cache-hit={str(hit).lower()}\n")
    print(f"Cache {key}: {'restored' if hit else 'not found'}")


def save(key: str, path: str) -> None:
    """Keep what lies at `path` under this key."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as archive:
        archive.add(path)
    size = len(memory.getvalue())
    body = {"key": key, "version": version(path), "cacheSize": size}
    with call("POST", "caches", body) as answer:
        number = json.load(answer)["cacheId"]
    sent = {"Content-Type": "application/octet-stream", "Content-Range": f"bytes 0-{size - 1}/*"}
    with urlopen(Request(f"{SERVICE}caches/{number}", memory.getvalue(), sent, method="PATCH")):
        pass
    with call("POST", f"caches/{number}", {"size": size}):
        pass
    print(f"Cache {key}: saved")


def version(path: str) -> str:
    """What else a cache has to agree in: where its files lie."""
    return hashlib.sha256(path.encode()).hexdigest()


def call(method: str, where: str, body: dict | None = None):
    """One call of the cache service."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return urlopen(Request(SERVICE + where, data, headers, method=method))


what = Path(sys.argv[3])
if sys.argv[1] == "save" and not what.exists():
    sys.exit(f"No files were found at {what}")
{"restore": restore, "save": save}[sys.argv[1]](*sys.argv[2:])
