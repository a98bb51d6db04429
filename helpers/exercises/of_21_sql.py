"""Exercise 21.3: a question about two tables, asked in SQL."""

import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.compare import difference
from helpers.exercises.trials import Calls, Case

KINDS = ("kiosk", "market", "station")
ORDER = ["day", "kind"]
FORM = """
def daily(payments, terminals):
    sql = '''
        {}
    '''
    return duckdb.sql(sql).df()
"""


def _function(select: str) -> str:
    return FORM.format(select)


def _tables(rng):
    """Payments of some days at terminals, the last of which the table does not know."""
    for rows, count in ((40, 6), (300, 9)):
        terminals = pd.DataFrame(
            {"terminal_id": range(count), "kind": [KINDS[n % 3] for n in range(count)]}
        )
        seconds = rng.integers(0, 4 * 86_400, rows)
        payments = pd.DataFrame(
            {
                "transaction_id": range(rows),
                "time": pd.Timestamp("2018-06-04") + pd.to_timedelta(seconds, unit="s"),
                "customer_id": rng.integers(0, 7, rows),
                "terminal_id": rng.integers(0, count + 2, rows),
                "amount": rng.uniform(1, 200, rows).round(2),
                "is_fraud": rng.random(rows) < 0.3,
            }
        )
        yield Case((payments, terminals), "payments at tills that the table does not know")


def _in_any_order(expected, came):
    if isinstance(came, pd.DataFrame) and set(ORDER) <= set(came.columns):
        expected, came = expected.sort_values(ORDER), came.sort_values(ORDER)
    return difference(expected, came)


DAILY = Exercise(
    id="21.3",
    title="Fraud a day and kind of till, in SQL",
    task="Write the SQL of `daily`: payments and fraud share for each day and kind of till.",
    answer="daily",
    given="import duckdb\nimport pandas as pd",
    trial=Calls(
        fresh=_tables,
        show="pd.DataFrame({'transaction_id': [1, 2, 3], 'customer_id': [5, 5, 6], "
        "'terminal_id': [0, 0, 9], 'amount': [9.5, 20.0, 3.0], "
        "'time': pd.to_datetime(['2018-06-04 09:00', '2018-06-04 18:30', '2018-06-05 11:00']), "
        "'is_fraud': [False, True, False]}), "
        "pd.DataFrame({'terminal_id': [0, 1], 'kind': ['kiosk', 'market']})",
        same=_in_any_order,
    ),
    solution=_function(
        """SELECT CAST(time AS DATE) AS day,
               coalesce(kind, 'unknown') AS kind,
               count(*) AS payments,
               avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id)
        GROUP BY ALL
        ORDER BY day, kind"""
    ),
    why="The left join keeps a payment whose till the table does not know, and `coalesce` gives "
    "its missing kind a name. The mean of zeros and ones is a share.",
    hints=(
        "Start from the query of the last section and add the second table. What should happen to "
        "a payment whose terminal is not in it?",
        "`FROM payments LEFT JOIN terminals USING (terminal_id)`, and "
        "`coalesce(kind, 'unknown') AS kind` for what it did not find.",
        "The day is `CAST(time AS DATE) AS day`; the share is `avg(CAST(is_fraud AS INT))`; then "
        "`GROUP BY ALL`, which groups by every column that is not a sum, mean or count.",
    ),
    also=(
        _function(
            """SELECT date_trunc('day', time) AS day, ifnull(kind, 'unknown') AS kind,
               count(transaction_id) AS payments, sum(is_fraud::INT) / count(*) AS fraud_share
        FROM payments p LEFT JOIN terminals t ON p.terminal_id = t.terminal_id
        GROUP BY 1, 2"""
        ),
    ),
    mistakes=(
        Mistake(
            "inner join",
            _function(
                """SELECT CAST(time AS DATE) AS day, kind, count(*) AS payments,
               avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "Payments at tills that `terminals` does not know are gone: a plain `JOIN` keeps only "
            "what both tables have. Use `LEFT JOIN`, and name the missing kind 'unknown'.",
        ),
        Mistake(
            "the missing kind has no name",
            _function(
                """SELECT CAST(time AS DATE) AS day, kind, count(*) AS payments,
               avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "No payment is lost, well done, but those at unknown tills have an empty kind. Give it "
            "a name: `coalesce(kind, 'unknown') AS kind`.",
        ),
        Mistake(
            "frauds, not their share",
            _function(
                """SELECT CAST(time AS DATE) AS day, coalesce(kind, 'unknown') AS kind,
               count(*) AS payments, sum(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "This is the number of frauds. A share lets kinds of different size be compared: take "
            "the mean of the zeros and ones, `avg`, where you have `sum`.",
        ),
        Mistake(
            "per cent",
            _function(
                """SELECT CAST(time AS DATE) AS day, coalesce(kind, 'unknown') AS kind,
               count(*) AS payments, 100 * avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "The figures are a hundred times too large: these are per cent, and a share runs from "
            "0 to 1. Leave the 100 out.",
        ),
        Mistake(
            "by the second",
            _function(
                """SELECT time AS day, coalesce(kind, 'unknown') AS kind,
               count(*) AS payments, avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "Grouped by `time` itself each second is a group of its own, so the grain is almost a "
            "payment. Cut the time to its day first: `CAST(time AS DATE) AS day`.",
        ),
        Mistake(
            "customers counted",
            _function(
                """SELECT CAST(time AS DATE) AS day, coalesce(kind, 'unknown') AS kind,
               count(DISTINCT customer_id) AS payments, avg(CAST(is_fraud AS INT)) AS fraud_share
        FROM payments LEFT JOIN terminals USING (terminal_id) GROUP BY ALL"""
            ),
            "This counts customers, each once however often they paid. One row is one payment, so "
            "`count(*)` counts payments.",
        ),
    ),
)
