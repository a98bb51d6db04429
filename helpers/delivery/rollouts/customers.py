"""Customers who ask for a price while a release goes out, and what each of them got.

Each request is a connection of its own, as of another till, and none waits for another's answer.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import pandas as pd

BASKET = json.dumps({"items": [{"sku": "tea", "unit_price_cents": 450, "quantity": 2}]})
PATIENCE = 5.0  # seconds


class Customers:
    """Requests at a steady rate from entering the `with` block to leaving it.

    url: the service's. rate: requests a second. Afterwards `answers` is a frame with a row for
    each: at (seconds since the first), status (0 where no answer came), version (as the service
    named it, "" without an answer), seconds.
    """

    def __init__(self, url: str, rate: float = 30.0) -> None:
        self._host, self._rate = urlsplit(url).netloc, rate
        self._rows: list[dict[str, object]] = []
        self._stop = threading.Event()

    def __enter__(self) -> Customers:
        self._begun = time.monotonic()
        self._thread = threading.Thread(target=self._come, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def answers(self) -> pd.DataFrame:
        """What came back, in the order of asking."""
        import pandas as pd

        columns = ["at", "status", "version", "seconds"]
        return pd.DataFrame(self._rows, columns=columns).sort_values("at", ignore_index=True)

    def counted(self) -> dict[str, int]:
        """How many asked, and how many of them got no price."""
        failed = sum(row["status"] != 200 for row in self._rows)
        return {"asked": len(self._rows), "failed": failed}

    def _come(self) -> None:
        with ThreadPoolExecutor(24) as pool:
            number = 0
            while not self._stop.wait(max(0.0, self._due(number) - time.monotonic())):
                pool.submit(self._ask, self._due(number))
                number += 1

    def _due(self, number: int) -> float:
        return self._begun + number / self._rate

    def _ask(self, due: float) -> None:
        status, version = 0, ""
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/json", "Connection": "close"}
            connection.request("POST", "/basket/price", BASKET, headers)
            answer = connection.getresponse()
            status, version = answer.status, answer.headers.get("X-Checkout-Version", "")
            answer.read()
        except (OSError, http.client.HTTPException):
            status = 0  # counted: no answer
        finally:
            connection.close()
        row = {"at": due - self._begun, "status": status, "version": version}
        self._rows.append({**row, "seconds": time.monotonic() - due})
