"""The file by which kubectl finds a cluster, and by which the cluster knows who asks."""

from __future__ import annotations

import base64
import json
from pathlib import Path


def kubeconfig(port: int, certificate: Path, token: str) -> str:
    """A kubeconfig for the server at a port of 127.0.0.1. certificate: whom the client trusts."""
    authority = base64.b64encode(certificate.read_bytes()).decode()
    cluster = {
        "server": f"https://127.0.0.1:{port}",
        "certificate-authority-data": authority,
    }
    context = {"cluster": "two-loops", "user": "learner", "namespace": "default"}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "two-loops", "cluster": cluster}],
        "users": [{"name": "learner", "user": {"token": token}}],
        "contexts": [{"name": "two-loops", "context": context}],
        "current-context": "two-loops",
    }
    return json.dumps(config, indent=1)
