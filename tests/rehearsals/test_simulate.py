"""The commands: a simulated day, a public instance, the demo."""

import csv
import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.rehearsals.cli import register
from tiffin.capabilities.rehearsals.domain.instance_files import read_instance
from tiffin.capabilities.rehearsals.domain.solution_files import SOLUTION_FILES, read_solution, solution_files
from tiffin.capabilities.rehearsals.service.instances import solve_instance
from tiffin.engines.simulation.instances.checking import violations
from tiffin.engines.simulation.instances.dispatchers import DISPATCHERS
from tiffin.engines.simulation.instances.solution import solution_of
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.runtime.workspace import create_workspace

PARAMETERS = (
    "meters_per_minute",
    "pickup service minutes",
    "dropoff service minutes",
    "target click-to-door",
    "maximum click-to-door",
    "pay per order",
    "guaranteed pay per hour",
)
ORDERS = "order\tx\ty\tplacement_time\trestaurant\tready_time\n"
FILES = {
    "orders.txt": f"{ORDERS}o1\t1000\t0\t10\tr1\t25\no2\t0\t640\t12\tr1\t30\n",
    "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t0\t320\t0\t40\n",
    "restaurants.txt": "restaurant\tx\ty\nr1\t0\t0\n",
    "instance_parameters.txt": "\t".join(PARAMETERS) + "\n320\t4\t4\t40\t90\t10\t15\n",
}


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def run(*arguments: str) -> Any:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_solution_is_written_as_the_evaluator_reads_it(instance: Path, tmp_path: Path) -> None:
    result = run("simulate", "--instance", str(instance), "--out", str(tmp_path / "out"), "--json")
    found = {path.name: path.read_text().splitlines() for path in (tmp_path / "out").iterdir()}

    assert json.loads(result.stdout)["delivered"] == 1
    assert found["solution_info_assignments.txt"][1:] == ["13 25 c1 o1"]
    assert found["solution_info_couriers.txt"][1:] == ["c1 13 0 r1", "c1 27 r1 o1"]
    assert found["solution_info_orders.txt"][1:] == ["o1 10 r1 25 25 33 c1", "o2 12 r1 30   "]


def test_an_instance_is_measured(instance: Path) -> None:
    payload = json.loads(run("simulate", "--instance", str(instance), "--json").stdout)

    assert payload["instance"] == "tiny"
    assert payload["click_to_door_min"] == 23.0
    assert payload["undelivered_share"] == 0.5
    assert set(payload) >= {"delivered", "ready_to_pickup_min", "cost_per_order", "events", "cpu_s"}


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("orders.txt", "o2\t0", "o2\tzero", r"orders.txt, line 3: a number"),
        ("orders.txt", "r1\t30", "r9\t30", r"orders.txt, line 3: a restaurant"),
        ("couriers.txt", "\t0\t40", "\t40", r"couriers.txt, line 2: 5 tab-separated"),
        ("instance_parameters.txt", "320\t4\t4\t40\t90\t10\t15\n", "", "a line of values"),
    ],
)
def test_a_broken_instance_is_refused_with_file_and_line(name: str, old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidData, match=complaint):
        read_instance({**FILES, name: FILES[name].replace(old, new)})


def test_a_folder_without_an_instance_and_an_unknown_policy_are_not_found(instance: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"lacks orders\.txt"):
        solve_instance(tmp_path)
    with pytest.raises(NotFound, match="There are: nearest"):
        solve_instance(instance, policy="farthest")


def test_a_solution_is_read_as_it_was_written(instance: Path, tmp_path: Path) -> None:
    run("simulate", "--instance", str(instance), "--policy", "best", "--out", str(tmp_path / "out"), "--json")
    texts = {name: (tmp_path / "out" / name).read_text() for name in SOLUTION_FILES}
    solution = read_solution(texts)

    assert violations(read_instance(FILES), solution) == ()
    assert solution_files(solution) == texts


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("solution_info_assignments.txt", " c1 ", " ", r"assignments.txt, line 2: 4 space-separated"),
        ("solution_info_couriers.txt", "c1 ", "c1 x", r"couriers.txt, line 2: a whole minute"),
        ("solution_info_orders.txt", "o1 10", "o1 ten", r"orders.txt, line 2: a whole minute"),
    ],
)
def test_a_broken_solution_is_refused_with_file_and_line(
    instance: Path, tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    run("simulate", "--instance", str(instance), "--out", str(tmp_path))
    texts = {name: (tmp_path / name).read_text() for name in SOLUTION_FILES}

    with pytest.raises(InvalidData, match=complaint):
        read_solution({**texts, name: texts[name].replace(old, new)})


def test_two_policies_are_compared_on_the_same_days(instance: Path) -> None:
    arguments = ("simulate", "--instance", str(instance), "--compare", "nearest", "best", "--replications", "30")
    payload = json.loads(run(*arguments, "--json").stdout)

    assert (payload["policies"], payload["replications"], payload["is_simulated"]) == (["nearest", "best"], 30, True)
    for measure, difference in payload["differences"].items():
        found = payload["figures"][measure]
        assert difference["mean"] == pytest.approx(found["best"]["mean"] - found["nearest"]["mean"])
        assert difference["low"] <= difference["mean"] <= difference["high"]
    assert "difference" in run(*arguments).stdout


def test_a_policy_alone_is_told_with_its_uncertainty(instance: Path) -> None:
    payload = json.loads(run("simulate", "--instance", str(instance), "--replications", "5", "--json").stdout)

    assert (payload["policies"], payload["differences"]) == (["nearest"], {})
    assert set(payload["figures"]["cost_per_order"]["nearest"]) == {"mean", "low", "high"}


def test_one_replication_tells_nothing_of_chance(instance: Path) -> None:
    with pytest.raises(WrongUse, match="At least 2"):
        run("simulate", "--instance", str(instance), "--replications", "1")


@pytest.mark.parametrize("option", [("--riders", "+10%"), ("--undisturbed",)])
def test_what_belongs_to_cities_is_refused_of_an_instance(instance: Path, option: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse, match="are for days of cities"):
        run("simulate", "--instance", str(instance), *option)


def published(shared: Path) -> dict[str, dict[str, float]]:
    with (shared / "peers" / "mdrp" / "reyes2018_table4_vs_exact.csv").open() as file:
        return {row.pop("instance"): {k: float(v) for k, v in row.items()} for row in csv.DictReader(file)}


def test_the_best_policy_beats_the_published_rolling_horizon_on_every_small_instance(
    real_data: Path, shared: Path
) -> None:
    """Reyes et al. (2018), Table 4: click-to-door of their rolling horizon, and of an exact solution that knows all."""
    figures = {
        name: solve_instance(real_data / "grubhub_mdrp" / name, policy="best").figures for name in published(shared)
    }

    assert all(f.click_to_door_min < published(shared)[name]["reyes_rh_ctd"] for name, f in figures.items())
    assert fmean(f.click_to_door_min for f in figures.values()) <= 31.0
    assert fmean(f.ready_to_pickup_min for f in figures.values()) <= 1.2


@pytest.mark.parametrize("policy", DISPATCHERS)
def test_real_solutions_keep_every_rule(real_data: Path, policy: str) -> None:
    for name in ("1r50t75s2p125", "0o100t100s1p100"):
        folder = real_data / "grubhub_mdrp" / name
        instance = read_instance({name: (folder / name).read_text() for name in FILES})

        assert violations(instance, solution_of(instance, DISPATCHERS[policy](instance))) == ()


@pytest.mark.full
@pytest.mark.parametrize("policy", DISPATCHERS)
def test_every_real_solution_keeps_every_rule(real_data: Path, policy: str) -> None:
    for folder in sorted((real_data / "grubhub_mdrp").iterdir()):
        solve_instance(folder, policy=policy)  # which checks, and fails otherwise


def test_a_day_is_simulated_with_and_without_what_is_planted() -> None:
    with_it, without, again = (
        json.loads(run("simulate", "doha/2026-03-01", "--json", *extra).stdout)
        for extra in ((), ("--undisturbed",), ())
    )

    assert with_it["disruptions"][0]["kind"] == "rain"
    assert without["disruptions"] == []
    assert with_it["click_to_door_min"] > without["click_to_door_min"] + 1
    assert {**with_it, "cpu_s": 0} == {**again, "cpu_s": 0}
    assert with_it["is_simulated"] is True


def test_a_person_is_told_that_nothing_of_it_happened() -> None:
    told = run("simulate", "doha/2026-03-01").stdout

    assert "Simulated: nothing here really happened." in told
    assert "rain" in told


def test_the_command_loads_the_demo_into_a_workspace(tmp_path: Path) -> None:
    root = create_workspace(tmp_path / "workspace").root
    first, second = (
        json.loads(run("demo", "--workspace", str(root), "--city", "doha", "--json").stdout) for _ in range(2)
    )

    assert (first["cities"], first["disruptions"], first["is_simulated"]) == (["doha"], 3, True)
    assert (first["unchanged"], second["unchanged"]) == (False, True)


@pytest.mark.parametrize(
    "arguments", [(), ("riyadh",), ("riyadh/2026-02-31",), ("riyadh/2026-02-24", "--instance", "x")]
)
def test_a_scenario_that_says_nothing_is_wrong_use(arguments: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse):
        run("simulate", *arguments)
