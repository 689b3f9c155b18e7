"""Ask whether a case has one answer: singly, compiled, and by SQL on every engine.

``nice .venv/bin/python benchmarks/one_answer.py [CASES] [--spark]``. Half of the cases go to tables at random over all
types of columns, hit policies, tiers, defaults and computed inputs and outputs (`typed_tables.py`); the others to the
liability table of `plain_liability.py`, at and beside the boundaries of its cells, with nothing and with what no cell
names. Each is decided by DuckDB; with ``--spark`` also by Sail, and by Apache Spark where TIFFIN_SPARK_PYTHON names a
Python that has it. The interpreter judges every case of the random tables and one in fifty of the liability table, the
compiled function every case of tables that are plain.
"""

import argparse
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answer_engines import Case, Duckdb, Engine, Spark, arrow_cases, decided_by
from decision_sql import FACTS as LIABILITY_FACTS
from decision_sql import liability
from single_answers import Answer, single_answer
from typed_tables import World, drawn_world

from tiffin.engines.decisions.dmn.compiling import CompiledTable
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.tree import Name
from tiffin.engines.decisions.grids.axes import Axis
from tiffin.engines.decisions.grids.grid import grid_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.sql.columns import NotPushed
from tiffin.engines.decisions.sql.deciding import push
from tiffin.engines.decisions.sql.precedence import CONTRADICTION, GAP, OUTSIDE

CASES = 1_000_000
PER_TABLE = 500
BATCH = 100_000
INTERPRETED = 50
"""Of the liability table one case in so many is decided by the interpreter too."""
SHOWN = 5


@dataclass
class Tally:
    """What was compared, and what differed."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def compare(self, who: str, case: Case, expected: tuple[set[int], Answer], found: Answer) -> None:
        """Compare a row and outputs with what is expected."""
        self.counts[who] += 1
        rows, outputs = expected
        if found[0] not in rows or found[1:] != outputs:
            self.differences.append(f"{who}: {dict(case)} is {found}, and {sorted(rows)} {outputs} was expected")


def main() -> None:
    """Print how many answers were compared, and each that differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="?", type=int, default=CASES)
    parser.add_argument("--spark", action="store_true")
    asked = parser.parse_args()
    tally = Tally()
    with ExitStack() as stack:
        engines: dict[str, Engine] = {"DuckDB": Duckdb()}
        if asked.spark:
            engines["Sail"] = stack.enter_context(sail())
            if "TIFFIN_SPARK_PYTHON" in os.environ:
                engines["Apache Spark"] = stack.enter_context(apache_spark())
        half = asked.cases // 2
        for seed in range(-(-half // PER_TABLE)):
            random_table(drawn_world(seed), min(PER_TABLE, half), engines, tally)
        for start in range(0, asked.cases - half, BATCH):
            liability_table(start, min(BATCH, asked.cases - half - start), engines, tally)
    for name, count in sorted(tally.counts.items()):
        print(f"{name}: {count:,}")
    print(f"{len(tally.differences)} differences")
    print("\n".join(tally.differences[:SHOWN]))


def random_table(world: World, count: int, engines: dict[str, Engine], tally: Tally) -> None:
    """Decide cases of one random table in every way."""
    cases = [world.draw() for _ in range(count)]
    expected = [single_answer(world.policy, one) for one in cases]
    for case, answer, found in zip(cases, expected, compiled(world.policy, cases), strict=False):
        # A compiled table tells a value that its input may not have as it tells a gap, and of several rows all.
        is_single = world.policy.table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST)
        rows = {GAP if row == OUTSIDE else row for row in answer[0]} if is_single else {found[0]}
        tally.compare("compiled, random tables", case, (rows, answer[1]), found)
    table = arrow_cases(cases, world.facts)
    for name, engine in engines.items():
        try:
            policy = push(world.policy, world.facts, engine.dialect)
        except NotPushed:
            tally.counts[f"refused by {engine.dialect}, random tables"] += count
            continue
        for case, answer, found in zip(cases, expected, decided_by(engine, policy, table), strict=True):
            tally.compare(f"{name}, random tables", case, answer, found)


def liability_table(seed: int, count: int, engines: dict[str, Engine], tally: Tally) -> None:
    """Decide cases of the liability table in every way; the compiled function tells what is right."""
    policy = liability()
    cases = list(boundary_cases(policy, seed, count))
    found = list(compiled(policy, cases))
    expected: list[tuple[set[int], Answer]] = [({one[0]}, one[1:]) for one in found]
    for case, answer in zip(cases[::INTERPRETED], found[::INTERPRETED], strict=True):
        tally.compare("interpreter, liability", case, single_answer(policy, case), answer)
    table = arrow_cases(cases, LIABILITY_FACTS)
    for name, engine in engines.items():
        answers = decided_by(engine, push(policy, LIABILITY_FACTS, engine.dialect), table)
        for case, right, answer in zip(cases, expected, answers, strict=True):
            tally.compare(f"{name}, liability", case, right, answer)


def compiled(policy: PolicyTable, cases: Sequence[Case]) -> Iterator[Answer]:
    """Decide cases by the compiled function, in the words of SQL; nothing where the table is not plain."""
    try:
        table = CompiledTable(policy.table, policy.parameters)
    except NotPlain:
        return
    names = [one.value.name for one in policy.table.inputs if isinstance(one.value, Name)]
    if len(names) < len(policy.table.inputs):
        return
    for case in cases:
        ruling = table.decide([feel_value(case[name]) for name in names], [None] * len(names))
        value = ruling.value
        width = 1 if policy.table.aggregation is Aggregation.COUNT else len(policy.table.outputs)
        outputs = tuple(value.values()) if isinstance(value, dict) else (value,) * width
        code = ruling.rows[0] if len(ruling.rows) == 1 else CONTRADICTION if ruling.rows else GAP
        yield (code, *outputs)


def boundary_cases(policy: PolicyTable, seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Draw cases from the parts that the cells cut each input into, and now and then from anywhere."""
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    axes = grid_of(policy).axes
    choices = {axis.domain.name: samples(axis) for axis in axes}
    for _ in range(count):
        case = {name: chance.choice(values) for name, values in choices.items()}
        yield {name: None if chance.random() < 1 / 40 else value for name, value in case.items()}


def samples(axis: Axis) -> list[Any]:
    """Give a value of each part; of numbers the whole ones about it too."""
    found: list[Any] = []
    for atom in axis.atoms[1:]:
        value = atom.sample()
        found += [value] if isinstance(value, str | bool) else [int(value) - 1, int(value), int(value) + 1]
    return found


@contextmanager
def sail() -> Iterator[Engine]:
    """Give Sail, started in this process."""
    from tiffin.runtime.warehouse.serving import local_url  # noqa: PLC0415 - an optional extra

    with connected(local_url()) as engine:
        yield engine


@contextmanager
def apache_spark() -> Iterator[Engine]:
    """Give a cluster of Apache Spark on this machine."""
    import sys  # noqa: PLC0415 - for the folder of tests alone

    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from spark_cluster import running_cluster, spark_python  # noqa: PLC0415 - needs Java

    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster(Path(folder), spark_python()) as cluster,
        connected(cluster.url) as engine,
    ):
        yield engine


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    """Open a session of Spark Connect."""
    from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - an optional extra

    session = SparkSession.builder.remote(url).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield Spark(session)
    session.stop()


if __name__ == "__main__":
    main()
