"""The checkout service held against its own OpenAPI description, by Schemathesis."""

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from helpers.serving.app import create_app
from helpers.serving.settings import Settings

APP = create_app(Settings())
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@pytest.fixture(scope="module", autouse=True)
def _started():
    with TestClient(APP):
        yield


@SCHEMA.parametrize()
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_description_promises(case):
    case.call_and_validate()
