"""Answers of Prometheus and lines of a log, as tables."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pandas as pd

HIDDEN = {"time", "value", "name", "job", "instance", "pod"}  # of whom, and not of what


def tidied(found: pd.DataFrame, name: str, now: float) -> pd.DataFrame:
    """An answer of Prometheus as rows of `signals`: signal, label, ago, value."""
    if found.empty:
        return pd.DataFrame(columns=["signal", "label", "ago", "value"])
    names = [c for c in found if c not in HIDDEN]
    label = found[names].fillna("").agg(" ".join, axis=1) if names else ""
    ago = (found["time"] - now).round(2)
    return pd.DataFrame({"signal": name, "label": label, "ago": ago, "value": found["value"]})


def parsed(lines: list[str]) -> pd.DataFrame:
    """Lines of the checkout's log as a table, `time` as a timestamp; missing fields are empty."""
    rows = []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:  # a line that is being written, or a crash's last words
            rows.append({"message": line, "level": "unread"})
    columns = ["time", "level", "message", "route", "status", "ms", "request_id", "exception"]
    table = pd.DataFrame(rows).reindex(columns=columns)
    return table.assign(time=pd.to_datetime(table["time"], utc=True, format="ISO8601"))


def until_paged(signals: Callable[[float], pd.DataFrame], limit: float) -> str:
    """Look at the signals again and again until an alert of severity "page" fires: its name."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        seen = signals(2.0)
        alerts = seen.loc[seen["signal"] == "alerts", "label"]
        paging = alerts[alerts.str.contains("firing page")]
        if len(paging):
            return paging.iloc[-1].split()[0]
        time.sleep(0.3)
    return ""
