"""A Prometheus of a lesson's own: started on this machine alone, asked over its HTTP API."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.programs import Server, free_port


class QueryFailed(RuntimeError):
    """Prometheus refused a query; the message holds its reason."""


class Prometheus:
    """A running Prometheus. What it stores lies in `folder` and ends with it.

    folder: where the files and the data lie, empty to begin with. config: prometheus.yml as text.
    rules: rules.yml as text, where the configuration names that file.

    Raises ProgramMissing where there is no Prometheus, ProgramFailed where it does not start,
    for instance because the configuration is wrong.
    """

    def __init__(self, folder: Path, config: str, rules: str = "", quiet: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "prometheus.yml").write_text(config, encoding="utf-8")
        (folder / "rules.yml").write_text(rules or "groups: []\n", encoding="utf-8")
        port = free_port()
        self.server = Server(
            "prometheus",
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--storage.tsdb.retention.time=2h",
            f"--web.listen-address=127.0.0.1:{port}",
            log=folder / "prometheus.log",
            port=port,
            cwd=folder,
            quiet=quiet,
        ).wait("/-/ready")

    @property
    def url(self) -> str:
        """Where its own page is."""
        return self.server.url

    def query(self, promql: str, at: float | None = None) -> pd.DataFrame:
        """The value of an expression: one row a series, its labels and `value`.

        at: Unix seconds; now where it is left out. Raises QueryFailed where Prometheus does not
        accept the expression.
        """
        found = self._asked("query", query=promql, time=time.time() if at is None else at)
        if found["resultType"] == "scalar":
            return pd.DataFrame({"value": [float(found["result"][1])]})
        rows = [{**_labels(one), "value": float(one["value"][1])} for one in found["result"]]
        return pd.DataFrame(rows)

    def range(
        self, promql: str, seconds: float, step: float = 0.5, end: float | None = None
    ) -> pd.DataFrame:
        """The values over the last `seconds`: one row a moment and series.

        end: Unix seconds of the last moment; now where it is left out. Columns: the labels,
        `time` (Unix seconds) and `value`. Raises as `query` does.
        """
        end = time.time() if end is None else end
        found = self._asked("query_range", query=promql, start=end - seconds, end=end, step=step)
        rows = [
            {**_labels(one), "time": moment, "value": float(value)}
            for one in found["result"]
            for moment, value in one["values"]
        ]
        return pd.DataFrame(rows)

    def value(self, promql: str, at: float | None = None) -> float:
        """The one value of an expression; NaN where there is no series. Else as `query`."""
        found = self.query(promql, at)
        return float(found["value"].iloc[0]) if len(found) else float("nan")

    def stop(self) -> None:
        """End it. Stopping twice is no error."""
        self.server.stop()

    def _asked(self, what: str, **parameters: Any) -> dict[str, Any]:
        import httpx

        answer = httpx.get(
            f"{self.url}/api/v1/{what}", params=parameters, timeout=20, trust_env=False
        )
        try:
            said = answer.json()
        except json.JSONDecodeError:
            raise QueryFailed(f"Prometheus answered {answer.status_code}: {answer.text}") from None
        if said["status"] != "success":
            raise QueryFailed(f"{said['errorType']}: {said['error']}")
        return said["data"]


def _labels(series: dict[str, Any]) -> dict[str, str]:
    return {name.replace("__name__", "name"): text for name, text in series["metric"].items()}
