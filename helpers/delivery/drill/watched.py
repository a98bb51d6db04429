"""What can be seen of a shop from outside: its metrics, its log, and what its customers got."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from helpers.monitoring.prometheus import Prometheus
from helpers.programs import Server

from .reading import parsed, tidied, until_paged
from .signals import SIGNALS

SCRAPE = 0.5  # seconds, as in the shop's configuration


class Watched:
    """A shop as its watchers see it; `Shop` fills in what runs."""

    folder: Path
    port: int
    prometheus: Prometheus
    _customers: list[Server]

    @property
    def url(self) -> str:
        """Where the checkout answers."""
        return f"http://127.0.0.1:{self.port}"

    def metrics(self, name: str = "checkout_requests_total") -> str:
        """The lines of the checkout's own page /metrics that begin with `name`."""
        import httpx

        page = httpx.get(f"{self.url}/metrics", timeout=20, trust_env=False).text
        return "\n".join(line for line in page.splitlines() if line.startswith(name))

    def moment(self) -> float:
        """Now, in Unix seconds; when nobody comes any more, the moment when the last came.

        So a lesson can be read slowly: what is asked for is there still.
        """
        files = [path.stat().st_mtime for path in self.folder.glob("load-*.csv")]
        coming = any(server.running for server in self._customers)
        return time.time() if coming or not files else max(files) + SCRAPE

    def query(self, promql: str) -> pd.DataFrame:
        """As `Prometheus.query`, at the shop's `moment`."""
        return self.prometheus.query(promql, self.moment())

    def range(self, promql: str, seconds: float) -> pd.DataFrame:
        """As `Prometheus.range`, up to the shop's `moment`."""
        return self.prometheus.range(promql, seconds, end=self.moment())

    def value(self, promql: str) -> float:
        """As `Prometheus.value`, at the shop's `moment`."""
        return self.prometheus.value(promql, self.moment())

    def wait_for_page(self, limit: float = 60.0) -> str:
        """Wait until an alert wakes somebody (severity "page"), and give its name.

        limit: seconds, after which it gives an empty text.
        """
        return until_paged(self.signals, limit)

    def signals(self, seconds: float = 20.0) -> pd.DataFrame:
        """All of SIGNALS over the last seconds: columns `signal`, `label`, `ago`, `value`.

        label: the values of a series' labels. ago: seconds, 0 is the shop's `moment`, -20 is 20
        seconds before.
        """
        now, tables = self.moment(), []
        for name, promql in SIGNALS.items():
            found = self.prometheus.range(promql, seconds, end=now)
            tables.append(tidied(found, name, now))
        return pd.concat(tables, ignore_index=True)

    def log(self) -> pd.DataFrame:
        """The checkout's log, all processes together: one row a line, `time` as a timestamp."""
        return parsed(self._log_lines())

    def _log_lines(self) -> list[str]:
        return [
            line
            for path in sorted(self.folder.glob("checkout-*.log"))
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        ]

    def answers(self) -> pd.DataFrame:
        """What the customers got, one row a request: due, till, route, status, seconds."""
        files = sorted(self.folder.glob("load-*.csv"), key=lambda path: path.stat().st_mtime)
        # A line that is being written has no last field yet.
        tables = [table for table in (pd.read_csv(file).dropna() for file in files) if len(table)]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
