"""Hand the compiled pipeline to a Kubeflow Pipelines server."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

ENDPOINT = "KFP_ENDPOINT"


class NoPipelines(RuntimeError):
    """No server is named, or it did not take the run; the message says what to do."""


def submit(package: str | Path, endpoint: str | None = None, **parameters: Any) -> str:
    """Start a run of a compiled pipeline on a Kubeflow Pipelines server, and give the run's id.

    endpoint: the server's address, else that in the environment variable KFP_ENDPOINT. parameters:
    those of the pipeline; `source` and `registry` have to be reachable from the cluster. The run is
    not waited for.

    Raises NoPipelines where there is no address, no answer, or a refusal. No live server was met
    where this was written: it is tested against one that answers as the API's reference says,
    https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/.
    """
    endpoint = endpoint or os.environ.get(ENDPOINT)
    if not endpoint:
        raise NoPipelines(
            f"No Kubeflow Pipelines server is named. Set {ENDPOINT} to its address, such as "
            "https://kubeflow.example/pipeline, or give endpoint=..."
        )
    import kfp
    from kfp_server_api import ApiException
    from urllib3.exceptions import HTTPError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # which says that version 2 is needed
        try:
            client = kfp.Client(host=endpoint, namespace="")
            run = client.create_run_from_pipeline_package(
                str(package), parameters, experiment_name="fraud retraining", enable_caching=False
            )
        except (ApiException, HTTPError, RuntimeError) as error:
            what = str(error).strip().splitlines()[0]
            raise NoPipelines(f"{endpoint} did not take the run: {what}") from error
    return run.run_id
