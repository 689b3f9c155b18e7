"""What the tests of proofs share: tables written as texts, the benchmarks' tables, and the interpreter as judge."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.policy import Domain, PolicyTable

Table = Callable[..., PolicyTable]
Answer = Callable[[PolicyTable, Sequence[Value]], Value]


def read_names(*known: str) -> Names:
    return Names().with_variables(known)


@pytest.fixture
def table() -> Table:
    """Write a table: inputs as ``name kind [!]`` with their values, then rows ``cell | cell -> result | result``."""

    def written(
        inputs: dict[str, str], *rows: str, outputs: Sequence[str] = ("amount",), hit: str = "UNIQUE", **more: Any
    ) -> PolicyTable:
        parameters = more.pop("parameters", {})
        names = read_names(*parameters, *(one.split()[0] for one in inputs))
        columns, domains = [], []
        for said, allowed in inputs.items():
            name, kind, *marks = said.split()
            columns.append(InputColumn(Name(name), parse_tests(allowed, names) if allowed else None, name))
            domains.append(Domain(name, Kind(kind), whole="whole" in marks, required="!" in marks))
        made = []
        for number, row in enumerate(rows):
            cells, results = (part.split("|") for part in row.split("->"))
            tests = tuple(parse_tests(one.strip(), names) for one in cells)
            given = tuple(parse_expression(one.strip(), names) for one in results)
            made.append(Row(tests, given, (f"r{number}",)))
        given = tuple(more.pop("columns", ())) or tuple(OutputColumn(one) for one in outputs)
        tree = TableOf(tuple(columns), given, tuple(made), HitPolicy(hit), **more)
        return PolicyTable("t", tree, tuple(domains), parameters)

    return written


@pytest.fixture
def answer() -> Answer:
    """Decide a case by the interpreter."""

    def decided(policy: PolicyTable, case: Sequence[Value]) -> Value:
        names = [domain.name for domain in policy.domains]
        known = dict(policy.parameters) | dict(zip(names, case, strict=True))
        return evaluate_in(Run(), policy.table, Scope(known))

    return decided


@pytest.fixture(scope="session")
def drawing(project_root: Path) -> Iterator[Any]:
    """The benchmarks' tables at random, the liability table by countries, and large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import tables_to_prove  # noqa: PLC0415 - from the folder of benchmarks

        yield tables_to_prove


@pytest.fixture(scope="session")
def solver(project_root: Path) -> Iterator[Any]:
    """The benchmarks' solver, which is asked the same as the proof."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import solver_answers  # noqa: PLC0415 - from the folder of benchmarks

        yield solver_answers
