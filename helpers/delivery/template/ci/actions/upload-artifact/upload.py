"""Sends a file or a folder to the artifact server that runs beside the job, as one zip archive.

The server's address and a token come in the environment; the calls are those of version 4 of
actions/upload-artifact: create, send, finalize.
"""

import base64
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from urllib.request import Request, urlopen

SERVICE = "twirp/github.actions.results.api.v1.ArtifactService"


def main(name: str, path: str) -> None:
    """Send what lies at `path` under this name."""
    archive, count = packed(Path(path))
    run, job = scope(os.environ["ACTIONS_RUNTIME_TOKEN"])
    ids = {"workflow_run_backend_id": run, "workflow_job_run_backend_id": job, "name": name}
    created = call("CreateArtifact", {**ids, "version": 4})
    with urlopen(
        Request(f"{created['signedUploadUrl']}&comp=block", archive, method="PUT")
    ) as answer:
        answer.read()
    call("FinalizeArtifact", {**ids, "size": str(len(archive))})
    print(f"Artifact {name}: {count} files, {len(archive)} bytes")


def packed(path: Path) -> tuple[bytes, int]:
    """A zip archive of the files, and how many there are."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    if not files:
        sys.exit(f"No files were found at {path}")
    base = path.parent if path.is_file() else path
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(base))
    return memory.getvalue(), len(files)


def scope(token: str) -> list[str]:
    """The ids of the run and the job, which stand in the token's middle part."""
    middle = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    granted = claims["scp"].split()
    return next(one.split(":")[1:3] for one in granted if one.startswith("Actions.Results:"))


def call(method: str, body: dict) -> dict:
    """One call of the artifact service."""
    request = Request(
        f"{os.environ['ACTIONS_RESULTS_URL']}{SERVICE}/{method}",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {os.environ['ACTIONS_RUNTIME_TOKEN']}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request) as answer:
        return json.load(answer)


main(*sys.argv[1:])
