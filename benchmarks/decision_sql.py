"""Measure many decisions at once: a liability table as SQL beside the CASE that somebody would write by hand.

``nice .venv/bin/python benchmarks/decision_sql.py [CASES]``. DuckDB decides all cases on one thread, by both, and both
have to say the same of each. Times are processor seconds, the best of five, the two taken by turns.
"""

import sys
import time
from collections.abc import Callable

import duckdb
from decisions import document
from plain_liability import INPUTS, ROWS
from sqlglot import exp

from tiffin.engines.decisions.dmn.graph import Decided, compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.tables import TableOf
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.sql.columns import BOOLEAN, TEXT, WHOLE, ColumnType
from tiffin.engines.decisions.sql.deciding import push
from tiffin.engines.decisions.sql.number_styles import style_of
from tiffin.engines.decisions.sql.reasons import Wording, select_reasons
from tiffin.runtime.i18n import NOTHING, format_number

CASES = 10_000_000
ROUNDS = 5
TYPES: dict[str, ColumnType] = {"string": TEXT, "number": WHOLE, "boolean": BOOLEAN}
FACTS = {name: TYPES[kind] for name, kind in INPUTS}
BY_HAND = """
CASE problem
  WHEN 'late' THEN CASE
    WHEN address_changed THEN 9
    WHEN NOT address_changed THEN CASE
      WHEN kitchen_late_min > 10 THEN CASE
        WHEN rider_late_min <= 5 THEN CASE WHEN kitchen_late_min > 20 THEN 1 ELSE 2 END
        WHEN rider_late_min > 5 THEN 3 END
      WHEN kitchen_late_min <= 10 THEN CASE
        WHEN rider_late_min > 15 THEN CASE
          WHEN weather = 'storm' THEN 6 WHEN stacked_orders < 2 THEN 4 WHEN stacked_orders >= 2 THEN 5 END
        WHEN rider_late_min > 5 THEN 7
        WHEN rider_late_min <= 5 THEN 8 END END END
  WHEN 'missing' THEN CASE
    WHEN earlier_claims >= 6 THEN 14
    WHEN earlier_claims >= 3 THEN 13
    WHEN earlier_claims < 3 THEN CASE
      WHEN NOT handover_photo THEN 12
      WHEN handover_photo THEN CASE WHEN basket_minor < 5000 THEN 10 WHEN basket_minor >= 5000 THEN 11 END END END
  WHEN 'damaged' THEN CASE
    WHEN NOT handover_photo THEN 17
    WHEN handover_photo THEN CASE WHEN stacked_orders < 3 THEN 15 WHEN stacked_orders >= 3 THEN 16 END END
  WHEN 'wrong' THEN CASE
    WHEN handover_photo THEN CASE WHEN stacked_orders < 2 THEN 18 WHEN stacked_orders >= 2 THEN 19 END
    WHEN NOT handover_photo THEN CASE WHEN stacked_orders < 2 THEN 20 WHEN stacked_orders >= 2 THEN 21 END END
  WHEN 'undelivered' THEN CASE
    WHEN address_changed THEN 26
    WHEN NOT address_changed THEN CASE
      WHEN geofence_met THEN CASE WHEN customer_reached THEN 23 WHEN NOT customer_reached THEN 22 END
      WHEN NOT geofence_met THEN CASE WHEN basket_minor < 3000 THEN 24 WHEN basket_minor >= 3000 THEN 25 END END END
  WHEN 'cold' THEN CASE
    WHEN kitchen_late_min > 15 THEN 27
    WHEN kitchen_late_min <= 15 THEN CASE WHEN rider_late_min > 15 THEN 28 WHEN rider_late_min <= 15 THEN 29 END END
  WHEN 'other' THEN 30
  WHEN 'none' THEN 30
END"""
"""The table as a good engineer would write it: the problem first, and in each the column that tells most."""

Ask = Callable[[str], tuple[object, ...]]


def main() -> None:
    """Print cases a processor second, and their ratio to the same by hand."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    fill(connection, count)
    policy = liability()
    checked, proven = push(policy, FACTS, "duckdb"), push(policy, FACTS, "duckdb", is_proven=True)
    row = {"checked": checked.row.sql("duckdb"), "proven": proven.row.sql("duckdb")}
    unlike = f"coalesce({BY_HAND}, 0) <> {row['checked']} OR {row['checked']} <> {row['proven']}"
    differences = connection.sql(f"SELECT count(*) FROM cases WHERE {unlike}").fetchall()[0][0]  # noqa: S608 - this script's own
    outputs = {one.name: one.of(exp.column("row")).sql("duckdb") for one in checked.outputs}
    statements = {
        "by hand, the row": f"SELECT sum({BY_HAND}) FROM cases",  # noqa: S608 - this script's own
        "the row": f"SELECT sum({row['checked']}) FROM cases",  # noqa: S608 - this script's own
        "the row, uniqueness proven": f"SELECT sum({row['proven']}) FROM cases",  # noqa: S608 - this script's own
        "by hand, row and outputs": (
            f"SELECT sum(row), count({chosen(11)}), sum({chosen(12)}) FROM (SELECT {BY_HAND} AS row FROM cases)"  # noqa: S608 - this script's own
        ),
        "row and outputs": (
            f"SELECT sum(row), count({outputs['party']}), sum({outputs['share']}) "  # noqa: S608 - this script's own
            f"FROM (SELECT {row['checked']} AS row FROM cases)"
        ),
        "row, outputs and reason": (
            'SELECT sum("row"), count(party), sum(share), sum(length(reason)) FROM '  # noqa: S608 - this script's own
            f"({select_reasons(checked, 'cases', templates(), wording()).sql('duckdb')})"
        ),
    }
    print(f"{count:,} cases, {differences} differences from the table by hand")
    told(statements, count, lambda sql: connection.sql(sql).fetchall()[0])


def told(statements: dict[str, str], count: int, ask: Ask) -> None:
    """Print what each statement took."""
    best = dict.fromkeys(statements, float("inf"))
    for _ in range(ROUNDS):
        for name, sql in statements.items():
            started = time.process_time()
            ask(sql)
            best[name] = min(best[name], time.process_time() - started)
    for name, seconds in best.items():
        hand = best["by hand, row and outputs" if "outputs" in name else "by hand, the row"]
        print(f"{name}: {count / seconds:,.0f} cases a processor second, {hand / seconds:.2f} of by hand")


def chosen(place: int) -> str:
    """Write by hand what each row gives."""
    return "CASE row " + " ".join(f"WHEN {number} THEN {row[place]!r}" for number, row in enumerate(ROWS, 1)) + " END"


def templates() -> dict[str, str]:
    """Give each row a text with three values of the case."""
    text = "the kitchen lost {kitchen_late_min} minutes and the rider {rider_late_min}; the basket was {basket_minor}"
    return {str(row[-1]): f"{row[0]}: {text}".replace('"', "") for row in ROWS}


def wording() -> Wording:
    """Write values as English does."""
    return Wording(
        style_of(lambda one: format_number(float(one), "en", decimals=int(one % 1 != 0))), {}, NOTHING, "", ""
    )


def liability() -> PolicyTable:
    """Read the liability table as a policy."""
    graph = compile_model(read_model(document().encode()))
    table = next(one.tree for one in graph.elements.values() if isinstance(one, Decided))
    if not isinstance(table, TableOf):
        raise SystemExit("The liability table was not read.")
    kinds = {"string": Kind.STRING, "number": Kind.NUMBER, "boolean": Kind.BOOLEAN}
    return PolicyTable("liability", table, tuple(Domain(name, kinds[kind]) for name, kind in INPUTS), {})


def fill(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Make the cases of `decisions.py`: both sides of every boundary, and nothing one time in forty."""
    problems = "late late missing damaged wrong undelivered cold other none".split()  # noqa: SIM905 - a line of words
    draws = {
        "problem": one_of([*problems, "unheard of"]),
        "weather": one_of(["clear", "rain", "storm"]),
        "basket_minor": one_of([2990, 3000, 4999, 5000, 9000]),
    }
    others = {"boolean": "random() < 0.5", "number": whole(25)}
    columns = [
        f"CASE WHEN random() >= 0.025 THEN {draws.get(name) or others[kind]} END AS {name}" for name, kind in INPUTS
    ]
    connection.execute("SELECT setseed(0.2026)")
    connection.execute(f"CREATE TABLE cases AS SELECT {', '.join(columns)} FROM range({count})")  # noqa: S608 - this script's own


def one_of(values: list[str] | list[int]) -> str:
    """Write one of some values at random."""
    kind = "::BIGINT" if isinstance(values[0], int) else ""
    return f"({values!r})[1 + {whole(len(values))}]{kind}"


def whole(beyond: int) -> str:
    """Write a whole number at random."""
    return f"CAST(floor(random() * {beyond}) AS BIGINT)"


if __name__ == "__main__":
    main()
