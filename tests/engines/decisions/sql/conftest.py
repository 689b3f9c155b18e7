"""What the tests of decisions in SQL share: random tables with their cases, the engines, and what they say."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.policy import Domain, PolicyTable


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


@pytest.fixture(scope="session")
def decided_by(benchmark_module: Callable[[str], ModuleType]) -> Any:
    return benchmark_module("answer_engines").decided_by


@pytest.fixture(scope="session", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest, benchmark_module: Callable[[str], ModuleType]) -> Iterator[tuple[str, Any]]:
    """Both engines by their dialects: DuckDB, and Sail as an engine of Spark Connect."""
    found = benchmark_module("answer_engines")
    if request.param == "duckdb":
        yield "duckdb", found.Duckdb()
        return
    pytest.importorskip("pysail", reason="needs the extra `spark`: pip install 'tiffin[spark]'")
    sql = pytest.importorskip("pyspark.sql.connect.session", reason="needs the extra `spark`")
    serving = importlib.import_module("tiffin.runtime.warehouse.serving")
    session = sql.SparkSession.builder.remote(serving.local_url()).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield "spark", found.Spark(session)
    session.stop()


@pytest.fixture(scope="session")
def told(benchmark_module: Callable[[str], ModuleType], engine: tuple[str, Any]) -> Callable[..., list[Any]]:
    """Run a query over cases, in their order, and give its last column."""
    found = benchmark_module("answer_engines")

    def run(statement: Any, cases: Any, facts: Any) -> list[Any]:
        table = found.arrow_cases(cases, facts)
        answer: list[Any] = engine[1].ask(statement.order_by("1"), table).columns[-1].to_pylist()
        return answer

    return run


@pytest.fixture(scope="session")
def a_policy(typed_tables: Any) -> Callable[..., PolicyTable]:
    """Make a policy of cells over the facts of `typed_tables`; each row gives its number."""

    def build(
        rows: Sequence[Sequence[str]],
        *,
        inputs: Sequence[str],
        results: Sequence[str] = (),
        hit_policy: HitPolicy = HitPolicy.FIRST,
        **changes: Any,
    ) -> PolicyTable:
        given = results or [str(number) for number in range(1, len(rows) + 1)]
        made = tuple(
            Row(tuple(map(typed_tables.tests, cells)), (typed_tables.expression(result),), (f"row.{number}",))
            for number, (cells, result) in enumerate(zip(rows, given, strict=True))
        )
        columns = tuple(InputColumn(typed_tables.expression(one)) for one in inputs)
        outputs = changes.pop("outputs", (OutputColumn("o"),))
        table = TableOf(columns, outputs, made, hit_policy, **changes)
        return PolicyTable("policy", table, tuple(Domain(one) for one in inputs), dict(typed_tables.PARAMETERS))

    return build
