"""Recommendations from the checkout service: the route, the search, and a real process."""

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sklearn.neighbors import NearestNeighbors

from helpers.programs import Server, free_port
from helpers.recommender import World, fit
from helpers.serving.app import create_app
from helpers.serving.recommend import Retriever, add_recommendations


@pytest.fixture(scope="module")
def model():
    return fit(World(shoppers=300, products=50).histories(8), regularization=20.0)


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    return model.model.export(tmp_path_factory.mktemp("models") / "ease-1", model.table)


@pytest.fixture
def client(folder):
    app = create_app()
    add_recommendations(app, Retriever.load(folder))
    with TestClient(app) as client:
        yield client


def history(model, user):
    return model.table.items[model.table.rows([user]).indices].tolist()


def test_the_service_says_what_the_model_says(model, client):
    for user in (0, 7, 123):
        answer = client.post("/recommendations", json={"history": history(model, user), "k": 5})
        assert answer.status_code == 200
        wanted = model.recommend([user], k=5)[0].tolist()
        assert answer.json() == {"items": wanted, "by": "ease-1"}


def test_a_stranger_gets_what_is_popular(model, client):
    popular = model.recommend([99_999], k=10)[0].tolist()
    for nothing in ([], [987_654]):
        assert client.post("/recommendations", json={"history": nothing}).json()["items"] == popular
    seen = popular[0]
    rest = client.post("/recommendations", json={"history": [987_654, seen]}).json()["items"]
    assert seen not in rest


def test_who_has_met_nearly_everything_gets_the_rest(model, client):
    almost = model.table.items[:-2].tolist()
    answer = client.post("/recommendations", json={"history": almost}).json()
    assert set(answer["items"]) == set(model.table.items[-2:].tolist())
    everything = {"history": model.table.items.tolist()}
    assert client.post("/recommendations", json=everything).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"history": "all"},
        {"history": [1], "k": 0},
        {"history": [1], "k": 101},
        {"history": [-1]},
        {"history": [1], "for": "me"},
        {"history": [1] * 1_001},
        {"history": [True]},
    ],
)
def test_what_does_not_fit_is_refused(client, body):
    answer = client.post("/recommendations", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_it_counts_and_the_checkout_works_as_before(client):
    client.post("/recommendations", json={"history": [1, 2]})
    client.post("/recommendations", json={"history": []})
    text = client.get("/metrics").text
    assert 'checkout_recommendations_total{by="ease-1",history="yes"} 1.0' in text
    assert 'checkout_recommendations_total{by="ease-1",history="no"} 1.0' in text
    assert 'route="/recommendations"' in text
    priced = client.post("/basket/price", json={"items": [{"sku": "tea", "unit_price_cents": 400}]})
    assert priced.json()["total_cents"] == 400


def test_the_search_finds_the_nearest_neighbours():
    """On vectors of length 1 the largest inner product is the smallest distance."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(500, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids, aim = rng.permutation(500), rng.normal(size=16)
    found = Retriever(ids, vectors, ids, lambda places: aim).recommend([int(ids[0])], 20)
    nearest = NearestNeighbors(n_neighbors=21).fit(vectors)
    order = nearest.kneighbors([aim / np.linalg.norm(aim)], return_distance=False)[0]
    assert found == [one for one in ids[order].tolist() if one != ids[0]][:20]


def test_wrong_calls_are_told(folder, tmp_path):
    with pytest.raises(ValueError, match="k must be 1 or more"):
        Retriever.load(folder).recommend([1], 0)
    with pytest.raises(ValueError, match="want as many vectors"):
        Retriever(np.arange(3), np.zeros((2, 2)), np.arange(3), lambda places: places)
    with pytest.raises(FileNotFoundError):
        Retriever.load(tmp_path / "none")


def test_it_runs_as_a_program(model, folder, tmp_path):
    import sys

    import httpx

    port = free_port()
    module = (sys.executable, "-m", "helpers.serving.recommend")
    server = Server(
        *(*module, "--model", str(folder), "--port", str(port)), log=tmp_path / "log", port=port
    )
    try:
        server.wait("/readyz", 30)
        body = {"history": history(model, 3), "k": 4}
        answer = httpx.post(f"{server.url}/recommendations", json=body, trust_env=False).json()
        assert answer["items"] == model.recommend([3], k=4)[0].tolist()
    finally:
        server.stop()


class NoRegistry:
    """A stand-in for the registry's slots."""

    swaps, problem = 0, "nobody answers"

    def __init__(self, *_):
        from helpers.serving.fraud.release import Slots

        self.slots = Slots()

    def refresh(self):
        return self.slots


def test_beside_the_fraud_model_each_answers_also_where_the_other_cannot(folder, monkeypatch):
    """Without a champion the rule decides, and who asks for products notices nothing."""
    from helpers.serving.recommend import __main__ as program

    served = []
    monkeypatch.setattr(program, "serve", lambda app, settings: served.append(app))
    monkeypatch.setattr("helpers.serving.fraud.app.Release", NoRegistry)
    assert program.main(["--fraud", "--model", str(folder)]) == 0
    paid = {
        "items": [{"sku": "tea", "unit_price_cents": 400}],
        "customer_id": 1,
        "terminal_id": 1,
        "card_token": "tok_12345678",
    }
    with TestClient(served[0]) as client:
        listed = client.post("/recommendations", json={"history": [1, 2], "k": 3}).json()
        key = {"Idempotency-Key": "till-1-000001"}
        receipt = client.post("/payments", json=paid, headers=key).json()
        text = client.get("/metrics").text
    assert len(listed["items"]) == 3 and listed["by"] == "ease-1"
    assert receipt["status"] == "approved" and receipt["decided_by"] == "rule"
    assert 'checkout_recommendations_total{by="ease-1",history="yes"} 1.0' in text
    assert 'fraud_decisions_total{by="rule",verdict="approve"} 1.0' in text


def test_without_a_model_it_says_so_and_ends(tmp_path, capsys):
    from helpers.serving.recommend.__main__ import main

    assert main(["--model", str(tmp_path / "none")]) == 2
    assert "There is no exported model" in capsys.readouterr().err
