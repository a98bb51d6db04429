"""MLflow's own page in the browser: started for a lesson, ended with its kernel."""

from __future__ import annotations

import contextlib
import ctypes
import html
import importlib.util
import os
import sys
from pathlib import Path

from helpers.programs import Server, free_port
from helpers.workspace import workspace

# `mlflow server` starts ten processes that take 1.1 GB, most of them for jobs that no lesson has.
# Its web server alone takes a quarter of that; these variables are how `mlflow server` tells it
# what to show (mlflow.server.constants).
_STORE = "_MLFLOW_SERVER_FILE_STORE"
_ARTIFACTS = "_MLFLOW_SERVER_ARTIFACT_ROOT"
_APP = "mlflow.server.fastapi_app:app"
_HUB = "JUPYTERHUB_SERVICE_PREFIX"
# Behind a hub's proxy requests carry the hub's name, which MLflow would refuse. The hub lets only
# its user through, and the page still listens on 127.0.0.1 alone.
_BEHIND_PROXY = {"MLFLOW_SERVER_ALLOWED_HOSTS": "*", "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS": "*"}


class Page(Server):
    """MLflow's page, running; as a cell's value it is a link to an experiment's runs.

    link: the address to open; reachable: whether the learner's browser can get there.
    """

    experiment: str = "0"

    @property
    def link(self) -> str:
        """The address of the experiment's runs, through JupyterHub's proxy where there is one."""
        base = f"{os.environ[_HUB]}proxy/{self.port}" if _proxied() else self.url
        return f"{base}/#/experiments/{self.experiment}/runs?workflowType=machine_learning"

    @property
    def reachable(self) -> bool:
        """False on a hub (such as Binder) without a proxy: 127.0.0.1 is another machine there."""
        return _HUB not in os.environ or _proxied()

    def __str__(self) -> str:
        if self.reachable:
            return f"MLflow's page: {self.link}"
        return (
            "MLflow's page is running, but on a machine that your browser cannot reach: this is "
            "a JupyterHub or Binder without jupyter-server-proxy. Go on with the tables here; "
            "they come from the same record."
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if not self.reachable:
            return f"<p>{html.escape(str(self))}</p>"
        link = html.escape(self.link)
        return f'<p><a href="{link}" target="_blank" rel="noopener">Open MLflow\'s page</a></p>'


def page(experiment: str, limit: float = 120.0) -> Page:
    """Start MLflow's page on the current store, and give it once it answers, within `limit` s.

    It listens on a free port of 127.0.0.1 and ends with the kernel. Raises ProgramFailed with the
    end of its log where it does not come up.
    """
    import mlflow

    give_back_memory()
    store, port = mlflow.get_tracking_uri(), free_port()
    folder = workspace("mlflow", "page")
    page = Page(
        *(sys.executable, "-m", "uvicorn", _APP, "--host", "127.0.0.1", "--port", str(port)),
        log=folder / f"{port}.log",
        port=port,
        cwd=folder,
        env={
            _STORE: store,
            _ARTIFACTS: Path(folder.parent, "artifacts").as_uri(),
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            **(_BEHIND_PROXY if _proxied() else {}),
        },
        quiet=True,
    )
    page.experiment = experiment
    page.wait("/health", limit)
    return page


def give_back_memory() -> None:
    """Give memory that is free back to the system, where the allocator keeps it (Linux)."""
    # Kernel and page share a gigabyte. Linux' allocator keeps what large frames have freed, some
    # 200 MB in a lesson, until it is asked for it; others give it back by themselves.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _proxied() -> bool:
    return _HUB in os.environ and _has_proxy()


def _has_proxy() -> bool:
    return importlib.util.find_spec("jupyter_server_proxy") is not None
