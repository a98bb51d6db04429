"""A till that sends a world's payments to the running service, and the bank that sends labels."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

TRIES = 20


class Till:
    """One kept connection to the service at `url`, or (kept=False) a new one for each request.

    Where the connection breaks, the request is sent again with its idempotency key, as a till
    does: the service takes it once. repeats counts how often that was needed.
    """

    def __init__(self, url: str, kept: bool = True) -> None:
        self._host, self._kept, self.repeats = urlsplit(url).netloc, kept, 0
        self._connection = http.client.HTTPConnection(self._host, timeout=30)

    def pay(self, payments: pd.DataFrame) -> pd.DataFrame:
        """Send payments one after the other, and give their receipts by transaction_id.

        Needs transaction_id, time, customer_id, terminal_id and amount. Raises RuntimeError with
        the service's words where one is refused.
        """
        receipts = [self._pay(payment) for payment in _sent(payments)]
        return pd.DataFrame(receipts, index=payments["transaction_id"].to_numpy())

    def tell(self, labels: pd.DataFrame, receipts: pd.DataFrame) -> dict[str, int]:
        """Send labels (transaction_id, known_at, is_fraud) of payments with these receipts.

        The answer counts how many were taken, repeated, late, or of no payment.
        """
        ids = receipts["payment_id"]
        known = labels[labels["transaction_id"].isin(receipts.index)]
        sent = [
            {"payment_id": ids[id], "is_fraud": bool(fraud), "known_at": int(at)}
            for id, fraud, at in zip(
                known["transaction_id"], known["is_fraud"], seconds(known["known_at"]), strict=True
            )
        ]
        return self.ask("POST", "/fraud/labels", sent)

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Send one request and give its answer's JSON. Raises RuntimeError for a refusal."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        content = None if body is None else json.dumps(body)
        for left in reversed(range(TRIES)):
            try:
                self._connection.request(method, path, content, headers)
                answer = self._connection.getresponse()
                text = answer.read()
                if not self._kept:
                    self._connection.close()
                break
            except (OSError, http.client.HTTPException):
                self._connection.close()
                self.repeats += 1
                if not left:
                    raise
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was refused with {answer.status}: {text.decode()}")
        return json.loads(text) if text else None

    def _pay(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self.ask("POST", "/payments", payment["body"], payment["key"])


def seconds(moments: pd.Series) -> pd.Series:
    """Moments as Unix seconds, UTC."""
    return moments.astype("datetime64[us]").astype("int64") // 1_000_000


def _sent(payments: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = zip(
        payments["transaction_id"],
        payments["customer_id"],
        payments["terminal_id"],
        (payments["amount"] * 100).round().astype(int),
        seconds(payments["time"]),
        strict=True,
    )
    for id, customer, terminal, cents, at in rows:
        body = {
            "items": _basket(int(cents)),
            "customer_id": int(customer),
            "terminal_id": int(terminal),
            "card_token": f"tok_{customer:08}",
            "taken_at": int(at),
        }
        yield {"body": body, "key": f"payment-{id:010}"}


def _basket(cents: int) -> list[dict[str, Any]]:
    """A basket of that many cents; one piece costs 10,000.00 at most."""
    whole, rest = divmod(cents, 10_000_00)
    items = [{"sku": "goods", "unit_price_cents": rest}]
    return items + [{"sku": "goods", "unit_price_cents": 10_000_00, "quantity": whole}] * (
        whole > 0
    )
