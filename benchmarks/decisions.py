"""Measure single decisions on a liability table of 30 rows and 11 inputs, beside the same table by hand.

``nice .venv/bin/python benchmarks/decisions.py [CASES]``. Every case is decided three ways, which have to
agree: by the compiled table, by `plain_liability.by_hand`, and, for a sample, by the interpreter. Times are processor
seconds of one core.
"""

import random
import sys
import time
from collections.abc import Callable
from xml.sax.saxutils import escape

from plain_liability import INPUTS, ROWS, by_hand

from tiffin.engines.decisions.dmn.compiling import CompiledTable
from tiffin.engines.decisions.dmn.graph import Decided, compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.engines.decisions.dmn.tables import TableOf

SEED = 20260301
CASES = 200_000
SAMPLED = 2_000
PROBLEMS = ("late", "late", "missing", "damaged", "wrong", "undelivered", "cold", "other", "none", "unheard of")
Case = tuple[object, ...]


def main() -> None:
    """Print decisions a processor second, and their ratio to the same by hand."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    model = read_model(document().encode())
    graph = compile_model(model)
    tree = next(one.tree for one in graph.elements.values() if isinstance(one, Decided))
    if graph.faults or not isinstance(tree, TableOf):
        raise SystemExit("\n".join(graph.faults))
    table = CompiledTable(tree, {})
    cases = list(drawn(count))
    evidence = tuple(f"evidence/{name}/1" for name, _ in INPUTS)
    hand, hand_s = timed(lambda: [by_hand(one) for one in cases])
    ruled, ruled_s = timed(lambda: [table.decide(one, evidence) for one in cases])
    traced, traced_s = timed(lambda: [table.trace(one, evidence) for one in cases])
    wrong = sum(ruling.rows != ((row + 1,) if row >= 0 else ()) for ruling, row in zip(ruled, hand, strict=True))
    wrong += sum(one.ruling != ruling for one, ruling in zip(traced, ruled, strict=True))
    names = [name for name, _ in INPUTS]
    for case, ruling in zip(cases[:SAMPLED], ruled, strict=False):
        facts = dict(zip(names, case, strict=True))
        wrong += decide(graph, "liability", facts).value != ruling.value
    print(f"{count} cases, {wrong} differences; {sum(not one.rows for one in ruled)} in gaps")
    print(f"by hand: {count / hand_s:,.0f} a processor second (the number of the row alone)")
    for name, seconds in (("with row, evidence and reason", ruled_s), ("with the full trace", traced_s)):
        print(f"{name}: {count / seconds:,.0f} a processor second, {hand_s / seconds:.2f} of by hand")


def timed(work: Callable[[], list[object]]) -> tuple[list[object], float]:
    """Give what work made, and the processor seconds that it took at best of three."""
    best, made = float("inf"), []
    for _ in range(3):
        started = time.process_time()
        made = work()
        best = min(best, time.process_time() - started)
    return made, best


def drawn(count: int) -> list[Case]:
    """Draw cases: values on both sides of every boundary, and nothing at all one time in forty."""
    chance = random.Random(SEED)  # noqa: S311 - cases, not secrets

    def value(name: str, kind: str) -> object:
        if chance.random() < 1 / 40:
            return None
        if kind == "boolean":
            return chance.random() < 0.5  # noqa: PLR2004 - evenly
        if kind == "number":
            return chance.choice((2990, 3000, 4999, 5000, 9000)) if name == "basket_minor" else chance.randrange(25)
        return chance.choice(PROBLEMS if name == "problem" else ("clear", "rain", "storm"))

    return [tuple(value(name, kind) for name, kind in INPUTS) for _ in range(count)]


def document() -> str:
    """Write the table as a model of DMN."""
    inputs = "".join(
        f'<inputData id="i{n}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for n, (name, kind) in enumerate(INPUTS)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{n}"/></informationRequirement>' for n in range(len(INPUTS))
    )
    columns = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name, _ in INPUTS)
    rules = "".join(rule(row) for row in ROWS)
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="liability" namespace="urn:l">{inputs}'
        f'<decision id="d" name="liability">{needs}<decisionTable hitPolicy="UNIQUE">{columns}'
        f'<output name="party"/><output name="share"/>{rules}</decisionTable></decision></definitions>'
    )


def rule(row: tuple[object, ...]) -> str:
    """Write a row."""
    cells = "".join(f"<inputEntry><text>{escape(str(one))}</text></inputEntry>" for one in row[: len(INPUTS)])
    party, share, reason = row[len(INPUTS) :]
    results = f'<outputEntry><text>"{party}"</text></outputEntry><outputEntry><text>{share}</text></outputEntry>'
    return f"<rule>{cells}{results}<annotationEntry><text>{reason}</text></annotationEntry></rule>"


if __name__ == "__main__":
    main()
