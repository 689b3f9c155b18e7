"""Roll-ups follow their facts: whatever a load changes, they hold what adding up the facts anew would give."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.metrics.rollups import Merging, Rollup, State
from tiffin.kernel.errors import Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse import refreshing, rollups
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.refreshing import keep_up, quarantine, refresh
from tiffin.runtime.warehouse.rollups import Shelf
from tiffin.runtime.warehouse.staging import scan
from tiffin.runtime.warehouse.summing import added_up
from tiffin.runtime.warehouse.views import select_of
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
FIRST = date(2026, 1, 26)


def order(index: int, city: str = "riyadh", day: int = 0, **changes: Any) -> dict[str, Any]:
    placed = datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), UTC) + timedelta(minutes=index % 1400)
    return {
        "city_id": city,
        "order_id": f"o{index}",
        "country": "SA",
        "currency": "SAR",
        "zone_id": "ns"[index % 2],
        "status": "delivered" if index % 5 else "cancelled",
        "placed_at": placed,
        "delivered_at": placed + timedelta(seconds=600 + index * 7.3) if index % 5 else None,
        "promised_at": placed + timedelta(minutes=30),
        "item_count": index % 4 or None,
        "basket_minor": 1000 + index,
        "riders_on_shift": index / 7,
        "business_date": placed.date(),
        "source": "test",
    } | changes


class Beside:
    """Roll-ups beside the orders of a workspace."""

    def __init__(self, workspace: Workspace, write: Callable[..., None]) -> None:
        self.workspace = workspace
        self._write = write
        self.store = open_store(workspace)
        self.shelf = Shelf(self.store)
        self.merging = Merging(library_of(workspace).model)

    def load(self, *rows: dict[str, Any]) -> None:
        self._write(self.workspace, orders=list(rows))

    def rollup(self, *more: str) -> Rollup:
        found = self.merging.rollup("orders", more)
        assert found is not None
        return found

    def build_countries(self) -> Rollup:
        rollup = self.merging.rollup_of_countries("orders")
        assert rollup is not None
        assert rollup.columns == ("business_date", "country", "currency")
        refresh(self.shelf, (rollup,), now=NOW)
        return rollup

    def build(self, *more: str) -> Rollup:
        rollup = self.rollup(*more)
        refresh(self.shelf, (rollup,), now=NOW)
        return rollup

    def check(self, rollup: Rollup) -> None:
        kept, snapshot = self.shelf.newest(rollup.name), self.shelf.store.snapshot(rollup.name)
        assert kept is not None
        assert snapshot is not None
        assert kept.stands_for == self.store.version("orders")
        facts = self.store.snapshot("orders")
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            fresh = connection.execute(added_up(rollup, select_of(facts, TABLES["orders"]))).fetchall()
            names = [column[0] for column in connection.description or ()]
            columns = ", ".join(f'"{name}"' for name in names)
            stored = connection.execute(f"SELECT {columns} FROM {scan(snapshot.paths)}").fetchall()  # noqa: S608 - own
        assert kept.rows == len(stored) == len(fresh)
        for one, other in zip(sorted(stored, key=repr), sorted(fresh, key=repr), strict=True):
            for left, right in zip(one, other, strict=True):
                assert left == (pytest.approx(right, rel=1e-12) if isinstance(right, float) else right)


@pytest.fixture
def beside(tmp_path: Path, new_workspace: Callable[[Path], Workspace], writing: Callable[..., None]) -> Beside:
    found = Beside(new_workspace(tmp_path / "workspace"), writing)
    found.load(*(order(index, ["riyadh", "jeddah"][index % 2], index % 3) for index in range(60)))
    return found


def test_a_built_rollup_holds_the_facts_added_up(beside: Beside) -> None:
    beside.check(beside.build())
    beside.check(beside.build("zone_id"))


def test_rollups_of_one_source_are_added_up_in_one_reading(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[int] = []
    real = refreshing.add_up

    def counted(bench: Any, rollups: Any, *more: Any) -> None:
        readings.append(len(rollups))
        real(bench, rollups, *more)

    monkeypatch.setattr(refreshing, "add_up", counted)
    rollups = [beside.rollup(), beside.rollup("zone_id"), beside.rollup("category", "vehicle")]
    shares: list[float] = []
    refresh(beside.shelf, rollups, now=NOW, told=shares.append)
    beside.load(order(1, "jeddah", 1, zone_id=None, item_count=9), order(100))
    keep_up(beside.store)
    assert readings == [3, 3]
    assert sum(shares) == pytest.approx(1)
    for rollup in rollups:
        beside.check(rollup)


def test_an_interrupt_ends_the_adding_up_and_leaves_no_rollup(beside: Beside) -> None:
    def interrupted(_share: float) -> None:
        raise KeyboardInterrupt

    rollup = beside.rollup("zone_id")
    with pytest.raises(KeyboardInterrupt):
        refresh(beside.shelf, (rollup,), now=NOW, told=interrupted)
    assert beside.shelf.newest(rollup.name) is None
    assert not list((beside.shelf.store.root / ".staging").iterdir())


def test_rollups_that_find_no_room_together_are_added_up_one_by_one(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = refreshing.add_up

    def cramped(bench: Any, rollups: Any, *more: Any) -> None:
        if len(rollups) > 1:
            raise Unavailable("no room")
        real(bench, rollups, *more)

    monkeypatch.setattr(refreshing, "add_up", cramped)
    rollups = (beside.rollup(), beside.rollup("zone_id"))
    refresh(beside.shelf, rollups, now=NOW)
    for rollup in rollups:
        beside.check(rollup)


def test_a_rollup_whose_states_were_written_with_filters_is_kept_up(beside: Beside) -> None:
    timely = "COUNT(base.item_count) FILTER (WHERE base.status = 'delivered' AND base.delivered_at <= base.promised_at)"
    rollup = replace(beside.rollup(), name="rollup_orders_old", states=(State("orders_timely", timely),))
    refresh(beside.shelf, (rollup,), now=NOW)
    beside.load(order(1, "jeddah", 1, status="cancelled"), order(100))
    keep_up(beside.store)
    beside.check(rollup)
    snapshot = beside.shelf.store.snapshot(rollup.name)
    assert snapshot is not None
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT sum(orders_timely) FROM {scan(snapshot.paths)}").fetchone() > (0,)  # noqa: S608


def test_a_rollup_follows_new_orders_new_days_and_a_new_city(beside: Beside) -> None:
    rollups = [beside.build(), beside.build("zone_id"), beside.build_countries()]
    for rows in (
        [order(100), order(101, "jeddah", 1)],
        [order(200, day=40)],
        [order(300, "mecca", 2, country=None), order(301, "mecca", 3)],
        [order(400, business_date=None)],
    ):
        beside.load(*rows)
        keep_up(beside.store)
        for rollup in rollups:
            beside.check(rollup)


def test_a_rollup_tells_of_every_country_that_it_holds(beside: Beside) -> None:
    beside.load(order(1), order(2, city="doha", country="QA"))
    rollup = beside.build_countries()
    beside.load(order(3, city="muscat", country="OM"), order(4, city="nowhere", country=None))
    keep_up(beside.store)
    kept = beside.shelf.newest(rollup.name)
    assert kept is not None
    assert kept.countries == {"OM", "QA", "SA"}
    assert kept.stands_for == beside.store.version("orders")


def test_of_a_rollup_that_tells_of_no_countries_nothing_is_supposed(beside: Beside) -> None:
    beside.load(order(1))
    rollup = beside.build_countries()
    kept = beside.shelf.newest(rollup.name)
    assert kept is not None
    known = (str(beside.shelf.store.location(rollup.name)), kept.version)
    rollups._KEPT[known] = replace(kept, countries=None)
    beside.load(order(3, city="muscat", country="OM"))
    keep_up(beside.store)
    after = beside.shelf.newest(rollup.name)
    assert after is not None
    assert (after.countries, after.stands_for) == (None, beside.store.version("orders"))


def test_a_rollup_follows_restated_orders_and_days_that_lose_all_of_theirs(beside: Beside) -> None:
    rollup, whole = beside.build(), beside.build_countries()
    beside.load(order(1, "jeddah", 1, status="cancelled", basket_minor=5))
    keep_up(beside.store)
    beside.check(rollup)
    beside.check(whole)
    emptied = [order(index, ["riyadh", "jeddah"][index % 2], 9) for index in range(60) if index % 3 == 2]
    beside.load(*emptied)
    keep_up(beside.store)
    beside.check(rollup)
    beside.check(whole)


def test_only_the_changed_cells_are_added_up_anew(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    rollup = beside.build()
    found: list[int] = []
    real = refreshing.find_changed

    def counted(*arguments: Any, **named: Any) -> int:
        found.append(real(*arguments, **named))
        return found[-1]

    monkeypatch.setattr(refreshing, "find_changed", counted)
    beside.load(order(1, "jeddah", 1, status="cancelled"), order(500, "riyadh", 2))
    keep_up(beside.store)
    assert found == [2]
    beside.check(rollup)


def test_a_rollup_of_many_months_rewrites_the_files_of_the_changed_one(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "FEW_ROWS", 2)
    beside.load(*(order(1000 + index, day=30 * index) for index in range(6)))
    rollup = beside.build()
    before = beside.shelf.store.snapshot(rollup.name)
    assert before is not None
    assert len(before.files) == 6
    beside.load(order(1003, day=90, status="returned"), order(1100, day=300), order(1101, business_date=None))
    keep_up(beside.store)
    beside.check(rollup)
    after = beside.shelf.store.snapshot(rollup.name)
    assert after is not None
    assert len(set(before.files) & set(after.files)) == 5
    assert len(after.files) == 8


def test_a_load_that_changes_nothing_that_counts_moves_only_what_the_rollup_stands_for(beside: Beside) -> None:
    rollup = beside.build()
    before = beside.shelf.store.snapshot(rollup.name)
    beside.load(order(1, "jeddah", 1, tip_minor=None, dropoff_zone_id="elsewhere"))
    keep_up(beside.store)
    beside.check(rollup)
    after = beside.shelf.store.snapshot(rollup.name)
    assert before is not None
    assert after is not None
    assert before.files == after.files
    assert after.version == before.version + 1


def test_a_rollup_that_was_overtaken_by_a_load_does_not_stand(beside: Beside) -> None:
    rollup = beside.build()
    versions = {"orders": beside.store.version("orders") or 0}
    assert [found.rollup for found in beside.shelf.standing(versions)] == [rollup]
    beside.load(order(100))
    later = {"orders": versions["orders"] + 1}
    assert not beside.shelf.standing(later)
    assert beside.shelf.standing(versions)
    keep_up(beside.store)
    (standing,) = beside.shelf.standing(later)
    assert standing.version == 1
    (earlier,) = beside.shelf.standing(versions)
    assert earlier.version == 0
    assert not beside.shelf.standing({})


def test_a_quarantined_rollup_stands_for_nothing_until_it_is_built_anew(beside: Beside) -> None:
    rollup = beside.build()
    versions = {"orders": beside.store.version("orders") or 0}
    quarantine(beside.shelf, rollup.name, reason="differs", details={"rows": 1}, now=NOW)
    quarantine(beside.shelf, rollup.name, reason="differs again", details={}, now=NOW)
    kept = beside.shelf.newest(rollup.name)
    assert kept is not None
    assert kept.quarantined == "differs"
    assert not beside.shelf.standing(versions)
    beside.load(order(100))
    keep_up(beside.store)
    assert not beside.shelf.standing({"orders": versions["orders"] + 1})
    refresh(beside.shelf, (rollup,), now=NOW, anew=True)
    beside.check(rollup)
    assert beside.shelf.standing({"orders": versions["orders"] + 1})
    assert not beside.shelf.standing(versions)


def test_upkeep_that_fails_fails_no_load(
    beside: Beside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beside.build()
    beside.load(order(100))

    def broken(*_: Any, **__: Any) -> None:
        raise duckdb.Error("no room")

    monkeypatch.setattr(refreshing, "refresh", broken)
    with caplog.at_level("WARNING"):
        keep_up(beside.store)
    assert "stays behind its facts: no room" in caplog.text
    assert not beside.shelf.standing({"orders": beside.store.version("orders") or 0})


DYING = """
    import os, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from tiffin.runtime.warehouse import log, refreshing, staging
    from tiffin.runtime.warehouse.opening import open_store
    from tiffin.runtime.workspace import open_workspace

    def dies(*_, **__):
        os._exit(9)

    owner, name = {"find": (refreshing, "find_changed"), "write": (staging.Bench, "write"),
                   "publish": (log, "extend"), "settle": (log, "_settle")}[sys.argv[2]]
    setattr(owner, name, dies)
    refreshing.keep_up(open_store(open_workspace(Path(sys.argv[1]))))
"""


@pytest.mark.parametrize("moment", ["find", "write", "publish", "settle"])
def test_upkeep_that_is_killed_leaves_the_old_rollup_or_the_new_one(beside: Beside, moment: str) -> None:
    rollup = beside.build()
    beside.load(order(1, "jeddah", 1, basket_minor=77), order(100, day=5))
    command = [sys.executable, "-c", textwrap.dedent(DYING), str(beside.workspace.root), moment]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9
    kept = Shelf(beside.store).newest(rollup.name)
    assert kept is not None
    if moment == "settle":
        beside.check(rollup)
    else:
        assert kept.stands_for == (beside.store.version("orders") or 0) - 1
    keep_up(beside.store)
    beside.check(rollup)


def test_another_tools_commit_ends_what_a_rollup_stands_for(beside: Beside) -> None:
    rollup = beside.build()
    snapshot = beside.shelf.store.snapshot(rollup.name)
    assert snapshot is not None
    rows = pa.table({"city_id": ["x"]}, schema=pa.schema([("city_id", pa.string())]))
    beside.shelf.store.append(rollup.name, rows.to_reader(), now=NOW, source="elsewhere")
    assert not beside.shelf.standing({"orders": beside.store.version("orders") or 0})
    assert not list(beside.shelf.kept())
