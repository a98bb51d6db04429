"""Take from the package kubernetes-validate the part of Kubernetes' schema that the cluster serves.

`python -m helpers.setup.kubernetes_schema` writes helpers/cluster/schema/definitions.json.gz: the
definitions of the kinds in `resources.py` and all that they refer to. They are Kubernetes' own
(Apache Licence 2.0), in the form in which kubernetes-validate ships them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from helpers.cluster import schema
from helpers.cluster.resources import RESOURCES

VERSION = "v1.37.0"


def main() -> None:
    """Write the file, the same bytes for the same package."""
    package = files("kubernetes_validate") / "kubernetes-json-schema" / f"{VERSION}-local"
    whole = json.loads((package / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    wanted = {(one.group, one.version, one.kind) for one in RESOURCES}
    left = [name for name, one in whole.items() if _kinds(one) & wanted]
    taken: dict[str, Any] = {}
    while left:
        name = left.pop()
        if name not in taken:
            taken[name] = whole[name]
            left += _references(whole[name])
    text = json.dumps({"version": VERSION, "definitions": dict(sorted(taken.items()))})
    Path(schema.FILE).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(taken)} of {len(whole)} definitions of Kubernetes {VERSION}")


def _kinds(definition: dict[str, Any]) -> set[tuple[str, str, str]]:
    kinds = definition.get("x-kubernetes-group-version-kind", [])
    # What belongs to many groups is an option of requests, and no kind of object.
    return {(k["group"], k["version"], k["kind"]) for k in kinds} if len(kinds) == 1 else set()


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


if __name__ == "__main__":
    main()
