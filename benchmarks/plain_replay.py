"""What an analyst would write to compare two liability tables over past cases: two `CASE`s, then sums by hand."""

# ruff: noqa: S608 - the texts are this benchmark's own

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
from plain_liability import INPUTS

PEOPLE = {"rider": "rider_id", "merchant": "merchant_id", "customer": "customer_id"}
PARTIES = ("merchant", "rider", "platform", "customer")
Rows = Sequence[tuple[Any, ...]]


def by_hand(connection: duckdb.DuckDBPyConnection, tables: tuple[Rows, Rows]) -> Mapping[str, Any]:
    """Decide both ways in one scan, keep what either says, and add up."""
    people = ", ".join(PEOPLE.values())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE decided AS SELECT {row_number(tables[0])} AS b, {row_number(tables[1])} AS d, "
        f"market, currency, refund_minor, {people} FROM cases"
    )
    shares = [
        f"CASE {side} {_whens(rows, who)} ELSE 0 END"
        for side, rows in zip("bd", tables, strict=True)
        for who in PARTIES
    ]
    sums = ", ".join(f"SUM({one} * refund_minor)::BIGINT" for one in shares)
    cells = {
        (_name(tables[0], b), _name(tables[1], d)): cases
        for b, d, cases in connection.execute("SELECT b, d, count(*) FROM decided GROUP BY 1, 2").fetchall()
    }
    money: dict[tuple[str, str], tuple[int, int]] = {}
    for market, *totals in connection.execute(f"SELECT market, {sums} FROM decided GROUP BY 1").fetchall():
        for number, who in enumerate(PARTIES):
            base, draft = (round(total / 100) for total in (totals[number], totals[number + len(PARTIES)]))
            if base or draft:
                money[market, who] = base, draft
    most, counted = {}, {}
    for kind, column in PEOPLE.items():
        base, draft = (shares[PARTIES.index(kind) + offset] for offset in (0, len(PARTIES)))
        changed = " OR ".join(f"{shares[n]} <> {shares[n + len(PARTIES)]}" for n in range(len(PARTIES)))
        found = connection.execute(
            f"WITH p AS (SELECT {column} AS person, currency, SUM(({draft} - {base}) * refund_minor)::BIGINT AS more, "
            f"count(*) AS n FROM decided WHERE {changed} GROUP BY 1, 2), c AS (SELECT count(*) AS people FROM p) "
            "SELECT person, currency, more, people FROM p, c QUALIFY row_number() OVER (PARTITION BY currency ORDER BY "
            "abs(more) DESC, n DESC, person) <= 10"
        ).fetchall()
        most[kind] = [(person, currency, round(more / 100)) for person, currency, more, _ in found]
        counted[kind] = found[0][3]
    return {"cells": cells, "money": money, "most": most, "counted": counted}


def row_number(rows: Rows) -> str:
    """Write which row holds, from 0; -1 in a gap."""
    whens = " ".join(f"WHEN {_condition(row)} THEN {number}" for number, row in enumerate(rows))
    return f"(CASE {whens} ELSE -1 END)"


def _condition(row: tuple[Any, ...]) -> str:
    tests = [_test(name, text) for (name, _), text in zip(INPUTS, row, strict=False) if text != "-"]
    return " AND ".join(tests)


def _test(name: str, text: str) -> str:
    if text.startswith("not("):
        return f"{name} IS DISTINCT FROM {_value(text[4:-1])}"
    if text[0] in "([":
        low, high = text[1:-1].split("..")
        return f"({name} {'>' if text[0] == '(' else '>='} {low} AND {name} {'<' if text[-1] == ')' else '<='} {high})"
    if text[0] in "<>":
        return f"{name} {text}"
    values = [_value(one.strip()) for one in text.split(",")]
    return f"{name} IN ({', '.join(values)})" if len(values) > 1 else f"{name} = {values[0]}"


def _value(text: str) -> str:
    return text.replace('"', "'")


def _whens(rows: Rows, who: str) -> str:
    return (
        " ".join(
            f"WHEN {number} THEN {share}"
            for number, row in enumerate(rows)
            if (share := _share(row[len(INPUTS)], row[len(INPUTS) + 1], who))
        )
        or "WHEN -2 THEN 0"
    )


def _share(party: str, share: int, who: str) -> int:
    if party == "shared":
        return share if who == "merchant" else 100 - share if who == "rider" else 0
    return (share if who == party else 0) + (100 - share if who == "platform" else 0)


def _name(rows: Rows, number: int) -> str:
    return f"{rows[number][-1]}#{number}" if number >= 0 else ""
