"""A bill of materials: what is in a Python environment, as CycloneDX JSON.

Source: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/. A scanner reads it and compares it
with lists of known faults, without opening the image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata
from typing import Any


def bill_of_materials(name: str, version: str, packages: Iterable[str]) -> dict[str, Any]:
    """The bill of an application that is made of these installed packages.

    name, version: of the application. packages: distribution names, such as "fastapi".
    Raises importlib.metadata.PackageNotFoundError for one that is not installed.
    """
    application = {"type": "application", "name": name, "version": version}
    components = [_component(metadata.distribution(one)) for one in sorted(set(packages))]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": components,
    }


def _component(installed: metadata.Distribution) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", installed.metadata["Name"]).lower()
    license = installed.metadata.get("License-Expression") or "not stated"
    return {
        "type": "library",
        "name": name,
        "version": installed.version,
        "purl": f"pkg:pypi/{name}@{installed.version}",
        "licenses": [{"license": {"name": license}}],
    }
