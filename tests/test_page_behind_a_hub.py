"""MLflow's page as a learner on Binder opens it: through the proxy of a real Jupyter server."""

import re
import sys

import httpx
import pytest

from helpers.programs import Server, free_port

HUB = "/user/learner/"


@pytest.fixture
def hub(tmp_path):
    """A Jupyter server at the address that a hub would give it."""
    port = free_port()
    own = ("CONFIG", "DATA", "RUNTIME")
    server = Server(
        *(sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t"),
        *(f"--ServerApp.base_url={HUB}", f"--ServerApp.root_dir={tmp_path}"),
        "--LanguageServerManager.autodetect=False",
        port=port,
        log=tmp_path / "server.log",
        cwd=tmp_path,
        env={f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in own},
        quiet=True,
    )
    with server.wait(f"{HUB}api?token=t", limit=90):
        yield server


def test_the_page_its_scripts_and_its_answers_come_through_the_proxy(hub, monkeypatch):
    from helpers.models import page
    from helpers.models.tracking import new_experiment, open_store

    monkeypatch.setenv(page._HUB, HUB)
    open_store()
    with page.page(new_experiment("behind a hub")) as shown:
        assert shown.reachable and shown.link.startswith(f"{HUB}proxy/{shown.port}/#/experiments/")
        address = hub.url + shown.link.partition("#")[0]
        with httpx.Client(trust_env=False, headers={"Authorization": "token t"}) as browser:
            front = browser.get(address, follow_redirects=True)
            assert front.status_code == 200 and "MLflow" in front.text
            script = re.search(r'<script[^>]*src="([^"]+)"', front.text)[1]
            assert browser.get(httpx.URL(address).join(script)).status_code == 200
            asked = {"max_results": 5}
            found = browser.post(f"{address}ajax-api/2.0/mlflow/experiments/search", json=asked)
            names = [one["name"] for one in found.json()["experiments"]]
            assert any(name.startswith("behind a hub") for name in names)
