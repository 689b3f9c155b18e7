"""Measure what a change of a liability table does to many past cases, beside the same question in hand-written SQL.

``nice .venv/bin/python benchmarks/policy_replay.py [CASES]``. The table has 30 rows and 11 inputs
(`plain_liability.py`); the draft moves a threshold between two rows and a share in a third one. Cases lie in typed
Parquet with markets, an amount and riders, merchants and customers; both ways give the matrix of rows, money by market
and party, and the ten most affected of each kind and currency, and have to agree to the last unit. Times are processor
seconds.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from plain_liability import INPUTS, ROWS
from plain_replay import by_hand
from sqlglot import exp

from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_tests
from tiffin.engines.decisions.feel.tree import Constant, Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.replaying.comparing import compare
from tiffin.engines.decisions.replaying.comparison import Comparison
from tiffin.engines.decisions.replaying.stakes import Stakes
from tiffin.engines.decisions.replaying.statements import CaseColumns

CASES = 10_000_000
FILE_CASES = 5_000_000
PARTIES = ("merchant", "rider", "platform", "customer")
PEOPLE = {"rider": "rider_id", "merchant": "merchant_id", "customer": "customer_id"}
EDITS = {0: {1: "> 15"}, 1: {1: "(10..15]"}}
"""In the draft the kitchen answers alone for orders that are more than 15 minutes late there, not 20."""
SHARES = {14: 40}
"""And a rider for 40 percent of what he damaged, not 60."""


PART = exp.column("bucket") < 10  # noqa: PLR2004 - a hundredth of the cases, as they lie in the product's own tables


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        generate(Path(folder), count)
        print(f"{count:,} cases in {sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20:,.0f} MiB")
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit = '1500MB'; SET temp_directory = '{folder}/spilled'")
            connection.execute(f"CREATE VIEW cases AS FROM '{folder}/*.parquet'")
            show(connection, count)


def show(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Ask both ways and print what each took."""
    rounds = 3 if count <= CASES else 1
    stakes = Stakes(amount="refund_minor", shares={who: f"{who}_share" for who in PARTIES}, points="points")
    columns = CaseColumns("cases", currency="currency", amount="refund_minor", people=PEOPLE, part=PART)

    def ask(statement: exp.Query) -> Mapping[str, Any]:
        return connection.sql(statement.sql(dialect="duckdb")).to_arrow_table().to_pydict()

    found, ours_s, wall_s = timed(lambda: compare(policy({}, {}), policy(EDITS, SHARES), columns, stakes, ask), rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    hand, hand_s, _ = timed(lambda: by_hand(connection, tables()), rounds)
    print(f"{found.changed:,} of {found.cases:,} cases change; {sum(one.people for one in found.people):,} people")
    print(f"replay: {ours_s:.2f} processor seconds ({wall_s:.2f} s), at most {peak:.2f} GiB in memory")
    print(
        f"by hand: {hand_s:.2f} processor seconds; ratio {ours_s / hand_s:.2f}; {differences(found, hand)} differences"
    )


def differences(found: Comparison, hand: Mapping[str, Any]) -> int:
    """Count the numbers in which the two ways disagree."""
    cells: dict[tuple[str, str], int] = {}
    for one in found.transitions:
        cells[",".join(one.base.rows), ",".join(one.draft.rows)] = one.cases
    money = {(one.market, one.party): (one.base_minor, one.draft_minor) for one in found.stakes if one.party}
    most = {kind.kind: [(one.person, one.currency, one.money_minor) for one in kind.most] for kind in found.people}
    counted = {kind.kind: kind.people for kind in found.people}
    ours = {"cells": cells, "money": money, "counted": counted}
    wrong = sum(len(set(ours[name].items()) ^ set(hand[name].items())) for name in ours)
    return wrong + sum(len(set(most[kind]) ^ set(hand["most"][kind])) for kind in most)


def timed(work: Callable[[], Any], rounds: int) -> tuple[Any, float, float]:
    """Give what work made, and the processor and wall seconds that it took at best."""
    best, wall, made = float("inf"), float("inf"), None
    for _ in range(rounds):
        started, begun = time.process_time(), time.perf_counter()
        made = work()
        best, wall = min(best, time.process_time() - started), min(wall, time.perf_counter() - begun)
    return made, best, wall


def tables() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Give the rows of the base and of the draft, as `plain_replay` reads them."""
    return [tuple(row) for row in ROWS], [tuple(edited(number, EDITS, SHARES)) for number in range(len(ROWS))]


def edited(number: int, cells: Mapping[int, Mapping[int, str]], shares: Mapping[int, int]) -> list[Any]:
    """Give a row with its edits."""
    row = list(ROWS[number])
    for column, text in cells.get(number, {}).items():
        row[column] = text
    row[len(INPUTS) + 1] = shares.get(number, row[len(INPUTS) + 1])
    return row


def policy(cells: Mapping[int, Mapping[int, str]], shares: Mapping[int, int]) -> PolicyTable:
    """Make a version of the table: who bears which share, and who gets points."""
    names = Names().with_variables((*BUILT_INS, *(name for name, _ in INPUTS))).with_members(MEMBERS)
    rows = []
    for number in range(len(ROWS)):
        row = edited(number, cells, shares)
        tests = tuple(parse_tests(text, names) for text in row[: len(INPUTS)])
        borne = split(row[len(INPUTS)], row[len(INPUTS) + 1])
        results = [Constant(Decimal(borne.get(who, 0))) for who in PARTIES]
        rows.append(Row(tests, (*results, Constant(Decimal(1 if borne.get("rider", 0) > 0 else 0))), (row[-1],)))
    # A table with the same reason twice still has rows of their own.
    rows = [replace(row, annotations=(f"{row.annotations[0]}#{number}",)) for number, row in enumerate(rows)]
    outputs = (*(OutputColumn(f"{who}_share") for who in PARTIES), OutputColumn("points"))
    inputs = tuple(InputColumn(Name(name)) for name, _ in INPUTS)
    domains = tuple(Domain(name, Kind(kind), whole=kind == "number") for name, kind in INPUTS)
    return PolicyTable("liability", TableOf(inputs, outputs, tuple(rows), HitPolicy.UNIQUE), domains, {})


def split(party: str, share: int) -> dict[str, int]:
    """Tell who bears how much of a case: the platform what nobody else does."""
    if party == "shared":
        return {"merchant": share, "rider": 100 - share}
    found = {party: share}
    found["platform"] = found.get("platform", 0) + 100 - share
    return found


def generate(folder: Path, count: int) -> None:
    """Write cases as typed Parquet: one in forty people carries a tenth of the cases, as in real marketplaces."""
    with duckdb.connect() as connection:
        for first in range(0, count, FILE_CASES):
            rows = min(FILE_CASES, count - first)
            connection.execute(f"SELECT setseed({(first // FILE_CASES % 1000) / 1000})")
            connection.execute(f"COPY ({GENERATED}) TO '{folder}/{first:010d}.parquet'", [first, first + rows])


GENERATED = """
SELECT
    'c' || lpad(i::VARCHAR, 10, '0') AS case_id,
    CAST((i % 5000000) // 5000 AS SMALLINT) AS bucket,
    TIMESTAMP '2026-01-01' + to_seconds(i % 7776000) AS at,
    m.market, m.currency,
    CAST(random() * random() * 9000 + 500 AS BIGINT) AS refund_minor,
    ['late', 'late', 'missing', 'damaged', 'wrong', 'undelivered', 'cold', 'other', 'none']
        [1 + floor(random() * 9)::INT] AS problem,
    CASE WHEN random() < 0.98 THEN CAST(random() * random() * 60 AS BIGINT) END AS kitchen_late_min,
    CASE WHEN random() < 0.98 THEN CAST(random() * random() * 50 AS BIGINT) END AS rider_late_min,
    random() < 0.7 AS handover_photo,
    random() < 0.9 AS geofence_met,
    random() < 0.8 AS customer_reached,
    random() < 0.05 AS address_changed,
    ['clear', 'clear', 'rain', 'storm'][1 + floor(random() * 4)::INT] AS weather,
    CAST(random() * random() * 4 AS BIGINT) AS stacked_orders,
    CAST(random() * random() * 20000 + 500 AS BIGINT) AS basket_minor,
    CAST(random() * random() * random() * 12 AS BIGINT) AS earlier_claims,
    'r' || m.number || CAST(random() * 3000 AS BIGINT) AS rider_id,
    'm' || m.number || CAST(random() * random() * 5000 AS BIGINT) AS merchant_id,
    'u' || m.number || CAST(random() * random() * 26000 AS BIGINT) AS customer_id
FROM (SELECT range AS i FROM range(?, ?)) JOIN (VALUES
    (0, 'SA', 'SAR'), (1, 'AE', 'AED'), (2, 'KW', 'KWD'), (3, 'BR', 'BRL'), (4, 'HK', 'HKD'), (5, 'QA', 'QAR')
) m(number, market, currency) ON m.number = i % 6
"""


if __name__ == "__main__":
    main()
