"""The record of runs and MLflow's page: a real store, a safe format, a page that ends."""

import os
import signal
import subprocess
import sys
import time

import httpx
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.workspace import ROOT, workspace

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))
Y = X[:, 0] + RNG.normal(size=200) > 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One workspace for the module: to make a store takes seconds."""
    return tmp_path_factory.mktemp("tracking")


@pytest.fixture
def experiment(folder, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(folder))
    from helpers.models.tracking import new_experiment, open_store

    open_store()
    return new_experiment("test")


def test_a_store_that_is_there_is_kept(experiment):
    import mlflow

    from helpers.models.tracking import new_experiment, open_store

    before = len(mlflow.search_experiments())
    other = new_experiment("test")
    open_store()
    assert other != experiment and len(mlflow.search_experiments()) == before + 1


def test_a_store_made_by_halves_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    from helpers.models.tracking import new_experiment, open_store

    (workspace("mlflow") / ".mlflow.db.new").write_bytes(
        b"SQLite format 3\0 and then the power went"
    )
    open_store()
    assert new_experiment("test") == "1"


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        RandomForestClassifier(5, random_state=0),
        HistGradientBoostingClassifier(max_iter=5),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_logged_model_comes_back_the_same(experiment, folder, model):
    import mlflow

    from helpers.models.tracking import log_model

    with mlflow.start_run():
        info = log_model(model.fit(X, Y))
    back = mlflow.sklearn.load_model(info.model_uri)
    assert np.array_equal(back.predict_proba(X), model.predict_proba(X))
    files = {path.suffix for path in (folder / "mlflow").rglob("*") if path.is_file()}
    assert ".skops" in files and not files & {".pkl", ".pickle", ".joblib"}


class Unknown(LogisticRegression):
    """A type that nobody has vouched for."""


def test_a_model_of_an_unknown_type_is_refused(experiment):
    import mlflow

    from helpers.models.tracking import log_model

    with pytest.raises(mlflow.MlflowException, match="untrusted"), mlflow.start_run():
        log_model(Unknown().fit(X, Y))


def test_nothing_is_written_outside_the_workspace(experiment, tmp_path, monkeypatch):
    import mlflow

    from helpers.models.tracking import log_model

    monkeypatch.chdir(tmp_path)
    with mlflow.start_run():
        log_model(LogisticRegression().fit(X, Y))
    assert [path for path in tmp_path.iterdir() if path.name != "workspace"] == []


def test_the_page_shows_the_runs_and_stops(experiment):
    import mlflow

    from helpers.models.page import page

    with mlflow.start_run(run_name="forest"):
        mlflow.log_metric("average_precision", 0.66)
    with page(experiment) as shown:
        asked = {"experiment_ids": [experiment]}
        found = httpx.post(f"{shown.url}/ajax-api/2.0/mlflow/runs/search", json=asked).json()
        assert [run["info"]["run_name"] for run in found["runs"]] == ["forest"]
        assert f'href="{shown.url}/#/experiments/{experiment}/runs"' in shown._repr_html_()
    with pytest.raises(httpx.ConnectError):
        httpx.get(shown.url)


def test_the_page_is_told_what_mlflow_server_tells_it():
    from mlflow.server import constants

    from helpers.models import page

    assert page._STORE == constants.BACKEND_STORE_URI_ENV_VAR
    assert page._ARTIFACTS == constants.ARTIFACT_ROOT_ENV_VAR


def test_on_a_hub_the_link_goes_through_the_proxy_or_says_that_it_cannot(monkeypatch):
    from helpers.models import page

    shown = object.__new__(page.Page)
    shown.port, shown.experiment = 5000, "7"
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mira/")
    monkeypatch.setattr(page, "_has_proxy", lambda: False)
    assert not shown.reachable and "href" not in shown._repr_html_()
    assert "jupyter-server-proxy" in str(shown)
    monkeypatch.setattr(page, "_has_proxy", lambda: True)
    assert shown.link == "/user/mira/proxy/5000/#/experiments/7/runs"


KERNEL = """
import time
from helpers.models.page import page
from helpers.models.tracking import new_experiment, open_store
open_store()
print(page(new_experiment("killed")).url, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX systems")
def test_the_page_ends_with_a_killed_kernel(experiment):
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    url = kernel.stdout.readline().strip()
    assert httpx.get(f"{url}/health").status_code == 200
    kernel.send_signal(signal.SIGKILL)
    kernel.wait()
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/health", timeout=1)
        except httpx.TransportError:
            return
        time.sleep(0.1)
    pytest.fail("the page outlives its kernel")
