"""City-days simulated in this process, in several, and as a Spark job: the same bytes everywhere."""

import os
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tiffin.capabilities.rehearsals.domain.day_file import day_bytes, day_of
from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.service.city_days import (
    CityDay,
    city_days,
    day_file,
    lay_down,
    simulate_city_day,
    simulate_numbered,
)
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.capabilities.rehearsals.service.on_spark import simulate_on_spark
from tiffin.kernel.errors import Conflict, Unavailable
from tiffin.kernel.time import Days
from tiffin.runtime.warehouse.spark_tasks import run_on_spark
from tiffin.runtime.workspace import create_workspace

FEW_DAYS = Marketplace(
    cities=("kuwait-city", "manama"), days=Days(date(2026, 2, 24), date(2026, 2, 25)), seed=7, scale=0.1
)


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[CityDay]:
    return list(city_days(FEW_DAYS, tmp_path_factory.mktemp("markets")))


@pytest.fixture(scope="module")
def here(tasks: list[CityDay]) -> list[bytes]:
    return [simulate_city_day(task) for task in tasks]


def laid_down(tasks: list[CityDay], folder: Path) -> list[bytes]:
    return [day_file(folder, task.city_id, task.day).read_bytes() for task in tasks]


def with_folders(folder: Path) -> Path:
    for city_id in FEW_DAYS.cities:
        (folder / "days" / city_id).mkdir(parents=True)
    return folder


def test_a_day_read_back_is_the_day_that_was_written(here: list[bytes]) -> None:
    for content in here:
        assert day_bytes(day_of(content)) == content


def test_several_processes_make_the_same_bytes(tasks: list[CityDay], here: list[bytes], tmp_path: Path) -> None:
    list(simulate_many(partial(lay_down, with_folders(tmp_path)), tasks, processes=2))

    assert laid_down(tasks, tmp_path) == here


def test_a_spark_job_makes_the_same_bytes(tasks: list[CityDay], here: list[bytes], tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "workspace")
    told = list(simulate_on_spark(workspace, tasks, with_folders(tmp_path)))

    assert len(told) == len(tasks)
    assert laid_down(tasks, tmp_path) == here


def test_a_worker_with_other_code_makes_nothing(tasks: list[CityDay]) -> None:
    with pytest.raises(Conflict, match="same version"):
        simulate_numbered(tuple(tasks), "of another version", 0)


def test_a_server_that_does_not_answer_is_told() -> None:
    with pytest.raises(Unavailable, match="nothing answers"):
        list(run_on_spark("sc://127.0.0.1:9", os.urandom, 1))
