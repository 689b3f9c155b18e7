"""Larger demo marketplaces: more cities, more weeks, several processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import parse_one

from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES, DEMO_DAYS, MORE_CITIES, Marketplace
from tiffin.capabilities.rehearsals.domain.drawn import drawn_disruptions
from tiffin.capabilities.rehearsals.service import UNFINISHED_FILE, load_demo, load_marketplace
from tiffin.capabilities.rehearsals.service.city_days import CityDay, lay_down, setting_of
from tiffin.capabilities.rehearsals.service.definitions import read_habits
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.cli import main
from tiffin.kernel.errors import Conflict, Unavailable
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.kernel.time import Days
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import create_workspace

DAY = date(2026, 3, 20)
SMALL = Marketplace(cities=("kuwait-city", "manama"), days=Days(DAY, DAY), seed=7, scale=0.1)
LARGE_TABLES = ("orders", "order_stages", "customer_sessions", "dispatch_offers", "marketplace_slots", "disruptions")


def filled(root: Path, wanted: Marketplace, *, processes: int) -> Path:
    create_workspace(root)
    with open_context(root) as context:
        load_marketplace(context, wanted, processes=processes)
    return root


def tables_of(root: Path) -> Mapping[str, pa.Table]:
    with open_context(root) as context:
        found = {
            name: context.warehouse.query(parse_one(f"SELECT * FROM {name}", dialect="duckdb"))  # noqa: S608 - our own
            for name in LARGE_TABLES
        }
        return {
            name: rows.sort_by([(column, "ascending") for column in rows.column_names]) for name, rows in found.items()
        }


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, pa.Table]:
    """The small marketplace, made by one process."""
    return tables_of(filled(tmp_path_factory.mktemp("alone") / "workspace", SMALL, processes=1))


def fall_at_the_second(folder: Path, task: CityDay) -> None:
    if task.city_id == SMALL.cities[1]:
        os.kill(os.getpid(), signal.SIGKILL)
    lay_down(folder, task)


def falling(tasks: Iterable[CityDay], folder: Path) -> Generator[None]:
    return simulate_many(partial(fall_at_the_second, folder), tasks, processes=2)


def test_twelve_cities_keep_every_contract(tmp_path: Path) -> None:
    root = filled(tmp_path / "workspace", replace(SMALL, cities=ALL_CITIES, scale=0.04), processes=1)
    with open_context(root) as context:
        asked = "SELECT city_id, currency, COUNT(*) AS orders FROM orders GROUP BY 1, 2"
        orders = context.warehouse.query(parse_one(asked, dialect="duckdb")).to_pylist()
        written = open_store(context.workspace).tables()

    assert {row["city_id"] for row in orders} == set(ALL_CITIES)
    assert min(row["orders"] for row in orders) > 20
    assert {MINOR_DIGITS[row["currency"]] for row in orders if row["city_id"] in ("kuwait-city", "manama")} == {3}
    assert not [name for name in written if name.startswith("quarantine_")]


def test_several_processes_bring_in_the_same_rows(alone: Mapping[str, pa.Table], tmp_path: Path) -> None:
    assert tables_of(filled(tmp_path / "workspace", SMALL, processes=2)) == alone


def test_a_killed_process_leaves_the_tables_alone_and_the_next_load_begins_again(
    alone: Mapping[str, pa.Table], tmp_path: Path
) -> None:
    root = tmp_path / "workspace"
    create_workspace(root)
    with open_context(root) as context, pytest.raises(Unavailable, match="has died"):
        load_marketplace(context, SMALL, processes=1, simulator=falling)
    with open_context(root) as context:
        assert not open_store(context.workspace).has("orders")
        assert (context.workspace.state / UNFINISHED_FILE).exists()
        load_marketplace(context, SMALL, processes=1)
        assert not (context.workspace.state / UNFINISHED_FILE).exists()

    assert tables_of(root) == alone


def test_two_demos_are_not_mixed(tmp_path: Path) -> None:
    root = filled(tmp_path / "workspace", replace(SMALL, cities=("manama",)), processes=1)
    with open_context(root) as context:
        with pytest.raises(Conflict, match=r"seed 7, scale 0\.2"):
            load_marketplace(context, replace(SMALL, scale=0.2))
        with pytest.raises(Conflict, match="tiffin init"):
            load_demo(context)


def test_drawn_disruptions_are_as_frequent_as_stated_and_leave_the_written_weeks_alone() -> None:
    weeks = Days(DEMO_DAYS.first, DEMO_DAYS.first + timedelta(days=55))
    settings = [setting_of(Marketplace(cities=(c,), days=weeks, scale=0.1), c, "/nowhere") for c in ALL_CITIES]
    drawn = [one for setting in settings for one in setting.scenario.planted if one.day not in DEMO_DAYS]
    written = [one for setting in settings for one in setting.scenario.planted if one.day in DEMO_DAYS]
    habits, kinds = read_habits(), Counter(one.kind for one in drawn)

    assert len(written) == 3 * len(ALL_CITIES)
    assert len(drawn) / (len(ALL_CITIES) * 42) == pytest.approx(habits.share, abs=0.06)
    assert set(kinds) == set(habits.kinds)
    for one in drawn:
        habit = habits.kinds[one.kind]
        assert habit.strength[0] <= one.strength <= habit.strength[1]
        assert len(one.zone_ids) == (habit.zones or 0)
        assert habits.half_hours[0] * 30 <= one.ends_min - one.starts_min <= habits.half_hours[1] * 30


def test_a_day_has_the_same_disruption_alone_or_among_others() -> None:
    setting = setting_of(
        Marketplace(cities=("jeddah",), days=Days(DAY, DAY + timedelta(days=20)), scale=0.1), "jeddah", "/nowhere"
    )

    def drawn(days: Any) -> list[Any]:
        habits, profiles, stream = read_habits(), setting.profiles, setting.stream
        return list(drawn_disruptions(setting.scenario, days, habits=habits, profiles=profiles, stream=stream))

    assert [one for day in setting.calendar for one in drawn([day])] == drawn(setting.calendar)


def test_the_command_takes_cities_days_and_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_workspace(tmp_path / "w")
    options = ["--city", MORE_CITIES[0], "--days", "2026-03-20:2026-03-21", "--scale", "0.05"]
    code = main(["demo", "--workspace", str(tmp_path / "w"), "--json", *options])
    report = json.loads(capsys.readouterr().out)

    assert code == 0
    assert (report["cities"], report["first_day"], report["last_day"]) == ([MORE_CITIES[0]], "2026-03-20", "2026-03-21")
    assert report["scale"] == 0.05
    assert report["is_simulated"] is True
    assert 100 < report["orders"] < 600


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--cities", "13"], "Between 1 and 12"),
        (["--cities", "2", "--city", "doha"], "--city, by name"),
        (["--weeks", "0"], "At least one week"),
        (["--weeks", "1", "--days", "2026-03-20:2026-03-21"], "--weeks or --days"),
        (["--days", "2026-03-20"], "Two days"),
        (["--scale", "0"], "A scale above 0"),
        (["--engine", "oxen"], "--engine"),
    ],
)
def test_what_makes_no_sense_is_refused(
    options: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--workspace", str(tmp_path), *options]) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_an_interrupt_is_told_and_leaves_no_process_behind(tmp_path: Path) -> None:
    """The whole group is interrupted, as by Ctrl-C, once the first days are laid down."""
    create_workspace(tmp_path / "w")
    command = [sys.executable, "-m", "tiffin.cli", "demo", "--workspace", str(tmp_path / "w"), "--processes", "2"]
    running = subprocess.Popen([*command, "--scale", "0.3"], stderr=subprocess.PIPE, start_new_session=True, text=True)
    staging = tmp_path / "w" / ".tiffin" / "tables" / ".staging"
    while running.poll() is None and not list(staging.rglob("*.day")):
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    told = running.communicate(timeout=60)[1]

    assert running.returncode == 130
    assert "Run the same command again" in told
    assert not list(staging.rglob("*.day"))
    assert _ends(running.pid)


def _ends(group: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


MEASURED = """
import resource, sys
from datetime import date
from pathlib import Path
from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.service import load_marketplace
from tiffin.kernel.time import Days
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace
if __name__ == "__main__":
    root, last = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    create_workspace(root)
    wanted = Marketplace(cities=("doha", "manama"), days=Days(date(2026, 3, 1), last), scale=0.5)
    with open_context(root) as context:
        load_marketplace(context, wanted, processes=2)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.full
def test_the_leading_process_stays_small_however_many_days_there_are(tmp_path: Path) -> None:
    script = tmp_path / "measured.py"
    script.write_text(MEASURED)
    peaks = [
        int(subprocess.check_output([sys.executable, str(script), str(tmp_path / last), last]))
        for last in ("2026-03-02", "2026-03-28")
    ]

    assert peaks[1] - peaks[0] < 100
