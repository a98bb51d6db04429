"""Brings a file or a folder from the artifact server that runs beside the job.

The calls are those of version 4 of actions/download-artifact: ask for the address, then fetch.
"""

import base64
import io
import json
import os
import sys
import zipfile
from urllib.request import Request, urlopen

SERVICE = "twirp/github.actions.results.api.v1.ArtifactService"


def main(name: str, path: str) -> None:
    """Lay the artifact of this name in the folder `path`."""
    run, job = scope(os.environ["ACTIONS_RUNTIME_TOKEN"])
    ids = {"workflow_run_backend_id": run, "workflow_job_run_backend_id": job, "name": name}
    with urlopen(call("GetSignedArtifactURL", ids)["signedUrl"]) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    archive.extractall(path)
    print(f"Artifact {name}: {', '.join(archive.namelist())}")


def scope(token: str) -> list[str]:
    """The ids of the run and the job, which stand in the token's middle part."""
    middle = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    granted = claims["scp"].split()
    return next(one.split(":")[1:3] for one in granted if one.startswith("Actions.Results:"))


def call(method: str, body: dict) -> dict:
    """One call of the artifact service."""
    token = os.environ["ACTIONS_RUNTIME_TOKEN"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    where = f"{os.environ['ACTIONS_RESULTS_URL']}{SERVICE}/{method}"
    with urlopen(Request(where, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer)


main(*sys.argv[1:])
