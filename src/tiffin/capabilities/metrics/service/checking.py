"""Whether every definition is sound and every worked example gives its value on every engine."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tiffin.capabilities.metrics.domain.examples import PlacedExample, example_rows, is_expected
from tiffin.capabilities.metrics.service.footprints import footprint_in
from tiffin.capabilities.metrics.service.forest import trees_in
from tiffin.capabilities.metrics.service.library import Library, known_tables, unchecked_library
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import InvalidDefinition, TiffinError
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.opening import open_store, open_warehouse
from tiffin.runtime.workspace import Workspace

ENGINES = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What one worked example gave on one engine; ``why`` is empty where it was as expected."""

    metric: str
    engine: str
    why: str

    @property
    def is_good(self) -> bool:
        """Tell whether the value was the expected one."""
        return not self.why


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Faults of definitions, and the outcome of every example on every engine."""

    metrics: int
    problems: tuple[str, ...]
    outcomes: tuple[ExampleOutcome, ...]

    @property
    def failures(self) -> tuple[ExampleOutcome, ...]:
        """Examples that gave something else."""
        return tuple(outcome for outcome in self.outcomes if not outcome.is_good)

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.problems and not self.failures


def check(context: Context, *, engines: Sequence[str] = ENGINES, only: Sequence[str] = ()) -> CheckReport:
    """Check all definitions of the workspace, and run the worked examples on each engine.

    Parameters
    ----------
    only : sequence of str
        Metrics whose examples are run; empty for all.

    Raises
    ------
    NotFound
        One of ``only`` is no metric.
    Unavailable
        An engine cannot be started.
    """
    library = unchecked_library(context.workspace)
    for name in only:
        if name not in library.model.metrics and not library.problems:
            raise no_metric(name, library.model.metrics)
    problems = [str(problem) for problem in library.problems or trees_in(context.workspace)[1]]
    outcomes: tuple[ExampleOutcome, ...] = ()
    try:
        outcomes = example_outcomes(context, library, only or tuple(library.model.metrics), engines=engines)
    except InvalidDefinition as error:
        problems.append(str(error))
    return CheckReport(len(library.model.metrics), tuple(problems), outcomes)


def example_outcomes(
    context: Context, library: Library, metrics: Sequence[str], *, engines: Sequence[str] = ENGINES
) -> tuple[ExampleOutcome, ...]:
    """Run the worked examples of some metrics, published or not, on each engine.

    Raises
    ------
    InvalidDefinition
        An example's rows do not fit their tables.
    """
    placed = [
        PlacedExample(name, example, f"{name}-{index}")
        for name, metric in library.model.metrics.items()
        for index, example in enumerate(metric.examples)
        if name in metrics
    ]
    with _example_workspace(placed, context) as workspace:
        return tuple(outcome for engine in engines for outcome in _run(workspace, engine, placed, library))


@contextmanager
def _example_workspace(placed: Sequence[PlacedExample], context: Context) -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory(prefix="tiffin-examples-") as folder:
        workspace = Workspace(Path(folder), context.workspace.config)
        store = open_store(workspace)
        for table, rows in example_rows(placed, known_tables()).items():
            contract = TABLES[table]
            store.upsert(contract, _reader(rows, arrow_schema(contract)), now=context.now, source="example")
        yield workspace


def _reader(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatchReader:
    try:
        return pa.Table.from_pylist(rows, schema=schema).to_reader()
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InvalidDefinition(f"An example's value does not fit its column: {error}") from error


def _run(workspace: Workspace, engine: str, placed: Sequence[PlacedExample], library: Library) -> list[ExampleOutcome]:
    warehouse = open_warehouse(workspace, engine=engine)
    try:
        return [ExampleOutcome(item.metric, engine, _why(item, warehouse, library, workspace)) for item in placed]
    finally:
        warehouse.close()


def _why(item: PlacedExample, warehouse: Warehouse, library: Library, workspace: Workspace) -> str:
    where = (Condition("city_id", Operator.EQ, (item.city_id,)),)
    request = MetricRequest((item.metric,), item.example.by, where, item.example.days)
    try:
        sources = library.model.resolved[item.metric].sources
        tables = {source: library.model.sources[source].source.table for source in sources}
        footprint = footprint_in(workspace, warehouse, warehouse.versions(), tables)
        compiled = compile_request(request, library.fragments[warehouse.dialect], footprint=footprint)
        answer = warehouse.query_text(compiled.sql)
    except TiffinError as error:
        return str(error)
    found = list(zip(*(column.to_pylist() for column in answer.columns), strict=True))
    if is_expected(item.example, found):
        return ""
    return f"its example gives {_shown(item.example.gives)}; found {_shown(found)}"


def _shown(rows: Sequence[Sequence[Any]]) -> str:
    return "; ".join(", ".join(str(value) for value in row) for row in rows) or "nothing"
