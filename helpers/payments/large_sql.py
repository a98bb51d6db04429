"""The features of payments in SQL, for DuckDB: it spills to disk what its memory does not hold."""

from pathlib import Path

from .features import DELAY, PER_UNIT, WINDOWS


def feature_sql(source: str | Path) -> str:
    """A query for transaction_id and the 15 features of `features`, the same to the last bit.

    source: a Parquet file of payments, or a pattern of files such as folder/*.parquet. Each label
    is known 7 days after its payment.

    Every count is the difference of two running counts, as in `features`: of all rows so far, and
    of all rows up to the window's beginning. So payments in the same instant count in the order of
    transaction_id, and sums of money are whole numbers, which no order of adding can change.
    """
    edges = [("customer", days) for days in WINDOWS]
    edges += [("terminal", days) for days in (DELAY, *(DELAY + days for days in WINDOWS))]
    windows = [_until(who, days) for who, days in edges]
    columns = [*_calendar(), *_customer(), *_terminal()]
    return f"""
        SELECT transaction_id, {", ".join(columns)}
        FROM (SELECT *, CAST(round(amount * {PER_UNIT}) AS BIGINT) AS money,
                     CAST(is_fraud AS BIGINT) AS fraud FROM '{source}')
        WINDOW now AS (PARTITION BY customer_id ORDER BY time, transaction_id
                       ROWS UNBOUNDED PRECEDING),
               {", ".join(windows)}
    """


def _until(who: str, days: int) -> str:
    return (
        f"{who}_{days} AS (PARTITION BY {who}_id ORDER BY time RANGE BETWEEN "
        f"UNBOUNDED PRECEDING AND INTERVAL {days} DAYS PRECEDING)"
    )


def _calendar() -> list[str]:
    return [
        "amount",
        "CAST(isodow(time) >= 6 AS TINYINT) AS is_weekend",
        "CAST(hour(time) < 7 AS TINYINT) AS is_night",
    ]


def _customer() -> list[str]:
    columns = []
    for days in WINDOWS:
        count = f"(row_number() OVER now - count(*) OVER customer_{days})"
        money = f"(sum(money) OVER now - coalesce(sum(money) OVER customer_{days}, 0))"
        columns.append(f"{count} AS customer_count_{days}d")
        columns.append(f"{money} / ({count} * {PER_UNIT}) AS customer_mean_{days}d")
    return columns


def _terminal() -> list[str]:
    columns, known = [], f"terminal_{DELAY}"
    for days in WINDOWS:
        before = f"terminal_{DELAY + days}"
        count = f"(count(*) OVER {known} - count(*) OVER {before})"
        fraud = " - ".join(f"coalesce(sum(fraud) OVER {w}, 0)" for w in (known, before))
        columns.append(f"{count} AS terminal_count_{days}d")
        columns.append(f"({fraud}) / greatest({count}, 1) AS terminal_risk_{days}d")
    return columns
