"""Manifests held against the official schemas, in their strict form: no field that is not known."""

from __future__ import annotations

import yaml

VERSION = "1.37"


def linted(manifests: str) -> list[str]:
    """What kubernetes-validate has against each object, a line for each; none where all is well.

    manifests: YAML of any number of objects. A text that is no YAML is a finding, too.
    """
    try:
        objects = [one for one in yaml.safe_load_all(manifests) if one is not None]
    except yaml.YAMLError as error:
        return [f"no YAML: {error}"]
    return [said for one in objects for said in _against_schema(one)]


def _against_schema(one: object) -> list[str]:
    import kubernetes_validate as validate

    if not isinstance(one, dict) or not {"kind", "apiVersion"} <= set(one):
        return ["an object needs apiVersion and kind"]
    name = f"{one['kind']} {one.get('metadata', {}).get('name', '')}".strip()
    try:
        validate.validate(one, VERSION, strict=True)
    except validate.ValidationError as error:
        where = ".".join(str(part) for part in error.path)
        return [f"{name}, {where or 'at the top'}: {error.message}"]
    except (validate.SchemaNotFoundError, validate.InvalidSchemaError):
        return [f"{name}: {one['apiVersion']} knows no kind {one['kind']}"]
    return []
