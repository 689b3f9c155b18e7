"""City-days simulated as a Spark job: one task a city-day, on the workspace's own engine."""

from collections.abc import Generator, Iterable
from functools import partial
from pathlib import Path

from tiffin.capabilities.rehearsals.service.city_days import CityDay, code_digest, day_file, simulate_numbered
from tiffin.runtime.warehouse.spark_engine import spark_url
from tiffin.runtime.warehouse.spark_tasks import run_on_spark
from tiffin.runtime.workspace import Workspace


def simulate_on_spark(workspace: Workspace, tasks: Iterable[CityDay], folder: Path) -> Generator[None]:
    """Simulate city-days on the Spark Connect server of a workspace, and lay each down here.

    The days are the same, byte by byte, as those that this machine makes. They travel back
    compressed, and are written down, checked and brought into the tables here, as every load is.

    Raises
    ------
    Unavailable
        No server answers, or its workers lack Tiffin.
    """
    wanted = tuple(tasks)
    work = partial(simulate_numbered, wanted, code_digest())
    for number, content in run_on_spark(spark_url(workspace), work, len(wanted)):
        day_file(folder, wanted[number].city_id, wanted[number].day).write_bytes(content)
        yield
