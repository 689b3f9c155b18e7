"""Columns of an answer hold what the same query gives as a table, however they are taken from the engine."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.opening import open_warehouse
from tiffin.runtime.warehouse.shapes import MOST_DAYS, shaped
from tiffin.runtime.workspace import Workspace

Build = Callable[..., Any]

PLAIN = "SELECT order_id, basket_minor, business_date, is_asap, pickup_latitude FROM orders ORDER BY order_id"
WIDE = (
    "SELECT CAST(9007199254740993 AS HUGEINT) AS many, CAST(1.25 AS DECIMAL(10, 2)) AS some, placed_at, "
    "CAST(NULL AS BIGINT) AS none, order_id FROM orders ORDER BY order_id"
)


@pytest.fixture
def warehouse(tmp_path: Path, load: Build, an_order: Build) -> Warehouse:
    load(
        an_order(1, pickup_latitude=24.7),
        an_order(2, city_id="it's", is_asap=None, basket_minor=None, business_date=date(2026, 3, 2)),
        an_order(3, business_date=None),
    )
    workspace = Workspace(tmp_path, {})
    (tmp_path / ".tiffin").mkdir()
    workspace.tables.symlink_to(tmp_path / "tables")
    return open_warehouse(workspace)


@pytest.mark.parametrize("sql", [PLAIN, WIDE, "SELECT city_id, is_asap FROM orders WHERE false"])
def test_columns_hold_the_values_of_the_table(warehouse: Warehouse, sql: str) -> None:
    expected = [column.to_pylist() for column in warehouse.query_text(sql).columns]

    for _ in range(2):  # the second time with the statement of the first
        found = [column.values() for column in warehouse.answer_text(sql)]
        assert found == expected
        assert [[type(value) for value in column] for column in found] == [
            [type(value) for value in column] for column in expected
        ]


def test_instants_and_great_numbers_lose_nothing(warehouse: Warehouse) -> None:
    many, some, placed, none, _ = (column.values()[0] for column in warehouse.answer_text(WIDE))

    assert (many, some, none) == (9007199254740993, 1.25, None)
    assert placed == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


def test_unknown_counts_are_nought(warehouse: Warehouse) -> None:
    for sql in (PLAIN, WIDE.replace("placed_at", "basket_minor")):
        counts = [column.counts().tolist() for column in warehouse.answer_text(sql) if 1001 in column.values()]
        assert counts == [[1001, 0, 1003]]


def test_a_question_about_other_days_is_answered_for_them(warehouse: Warehouse) -> None:
    sql = "SELECT count(*) FROM orders WHERE business_date BETWEEN CAST('{}' AS DATE) AND CAST('{}' AS DATE)"

    def told(first: str, last: str) -> Any:
        return warehouse.answer_text(sql.format(first, last))[0].values()[0]

    assert told("2026-03-01", "2026-03-02") == 2
    assert told("2026-03-02", "2026-03-03") == 1
    assert told("2026-03-03", "2026-03-03") == 0
    assert told("2026-03-01", "2026-03-02") == 2


def test_only_days_as_compilers_write_them_become_parameters() -> None:
    typed = "SELECT 'CAST(''2026-03-01'' AS DATE) $1 ?' WHERE d = CAST('2026-03-02' AS DATE)"
    many = ", ".join(f"CAST('2026-{1 + day // 28:02d}-{1 + day % 28:02d}' AS DATE)" for day in range(MOST_DAYS + 1))

    assert shaped(typed) == (typed.replace("CAST('2026-03-02' AS DATE)", "CAST($1 AS DATE)"), ["2026-03-02"])
    assert shaped(f"SELECT {many}") == (f"SELECT {many}", [])
    assert shaped("SELECT CAST('2026-03-02' AS DATE), CAST('2026-03-02' AS DATE)")[0].count("$1") == 2


def test_a_text_with_a_day_in_it_stays_a_text(warehouse: Warehouse) -> None:
    text = "CAST('2026-03-01' AS DATE)"
    quoted = text.replace("'", "''")

    assert warehouse.answer_text(f"SELECT '{quoted}', CAST('2026-03-02' AS DATE)")[0].values() == [text]


def test_threads_that_ask_one_question_over_other_days_get_their_own_answers(warehouse: Warehouse) -> None:
    wrong: list[object] = []
    sql = "SELECT CAST('2026-03-{:02d}' AS DATE), count(*) FROM orders"

    def ask(day: int) -> None:
        for _ in range(40):
            found = warehouse.answer_text(sql.format(day))
            if [column.values() for column in found] != [[date(2026, 3, day)], [3]]:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(day,)) for day in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
