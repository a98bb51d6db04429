"""The route that the app asks for recommendations."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, Field

from ..problems import documented
from ..schemas import WHOLE, Id
from .retriever import Retriever


class Asked(BaseModel):
    """What the app sends: the products that the shopper has met, latest last; how many to give."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    history: Annotated[list[Id], Field(max_length=1_000)]
    k: Annotated[int, Field(strict=True, ge=1, le=100), WHOLE] = 10


class Recommended(BaseModel):
    """Products, best first, and which model says so."""

    items: list[int]
    by: str


def add_recommendations(app: FastAPI, retriever: Retriever) -> None:
    """Let the service answer POST /recommendations, and count in its metrics who answered what."""
    counted = Counter(
        "checkout_recommendations_total",
        "Lists of recommendations given, by model and whether there was a history.",
        ("by", "history"),
        registry=app.state.metrics.registry,
    )

    # A plain function, so that it runs beside the event loop and no payment waits for it.
    def recommend(asked: Asked) -> Recommended:
        """Products that the shopper has not met."""
        items = retriever.recommend(asked.history, asked.k)
        counted.labels(retriever.version, "yes" if asked.history else "no").inc()
        return Recommended(items=items, by=retriever.version)

    app.post("/recommendations", responses=documented(400, 413, 422))(recommend)
