"""What the tests of decisions in SQL share: random tables with their cases, the engines, and what they say."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def benchmark_module(project_root: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module of the folder of benchmarks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        yield importlib.import_module


@pytest.fixture(scope="session")
def typed_tables(benchmark_module: Callable[[str], ModuleType]) -> Any:
    return benchmark_module("typed_tables")


@pytest.fixture(scope="session")
def single_answer(benchmark_module: Callable[[str], ModuleType]) -> Any:
    return benchmark_module("single_answers").single_answer


@pytest.fixture(scope="session")
def arrow_cases(benchmark_module: Callable[[str], ModuleType]) -> Any:
    return benchmark_module("answer_engines").arrow_cases


@pytest.fixture(scope="session", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest, benchmark_module: Callable[[str], ModuleType]) -> Iterator[tuple[str, Any]]:
    """Both engines by their dialects: DuckDB, and Sail as an engine of Spark Connect."""
    found = benchmark_module("answer_engines")
    if request.param == "duckdb":
        yield "duckdb", found.on_duckdb
        return
    pytest.importorskip("pysail", reason="needs the extra `spark`: pip install 'tiffin[spark]'")
    sql = pytest.importorskip("pyspark.sql.connect.session", reason="needs the extra `spark`")
    serving = importlib.import_module("tiffin.runtime.warehouse.serving")
    session = sql.SparkSession.builder.remote(serving.local_url()).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield "spark", found.on_spark(session)
    session.stop()
