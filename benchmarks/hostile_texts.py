"""What is done with a text that anybody may have sent, and what may come of it: a value, or a declared error.

``python benchmarks/hostile_texts.py KIND FILE`` judges one text in a process of its own, and says what is wrong.
"""

import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.facts import FactReader
from tiffin.capabilities.policies.domain.layering import effective
from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import PolicyVersion
from tiffin.capabilities.policies.domain.reading import Filed, read_policy
from tiffin.capabilities.policies.domain.working import wrong_cases
from tiffin.engines.decisions.covering.suite import suite_of
from tiffin.engines.decisions.dmn.graph import Decided, Served, compile_model
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.engines.decisions.dmn.writing import write_model
from tiffin.engines.decisions.explaining.changes import changes
from tiffin.engines.decisions.explaining.settling import ReadyPolicy
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.run import MAX_STEPS, Run
from tiffin.engines.decisions.feel.tree import Node
from tiffin.engines.decisions.feel.values import Scope
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.proving.proof import prove
from tiffin.kernel.errors import InvalidData, InvalidDefinition
from tiffin.runtime.definitions import parse_yaml

SOON_S = 2.0
"""Processor seconds that any text may take."""
MAX_MIB = 700
"""Memory that a process may have held by then."""
VARIABLES = {"x": Decimal(3), "y z": {"a": None, "b": [Decimal(1), "s"]}, "s": "text", "l": [Decimal(2), None]}
NAMES = Names().with_variables((*BUILT_INS, *VARIABLES)).with_members(MEMBERS)
DAY = date(2026, 3, 1)
TESTED = (Decimal(3), "text", None)


def expression(data: bytes, steps: int) -> None:
    """Read an expression, compute it and write its value."""
    _computed(parse_expression(_text(data), NAMES), Scope(VARIABLES), steps)


def cell(data: bytes, steps: int) -> None:
    """Read unary tests and put values to them."""
    tests = parse_tests(_text(data), NAMES)
    for value in TESTED:
        _computed(tests, Scope({"?": value}, Scope(VARIABLES)), steps)


def model(data: bytes, _steps: int) -> None:
    """Read a model, write it, read it again, and decide all that it decides."""
    found = read_model(data)
    written = write_model(found)
    if write_model(read_model(written)) != written:
        raise AssertionError("A model that is written and read again is another one.")
    graph = compile_model(found)
    for one in list(graph.elements.values())[:8]:
        if isinstance(one, Decided | Served):
            literal_of(decide(graph, one.name, {}).value)


def policy(data: bytes, _steps: int) -> None:
    """Read a base file, an overlay and parameters, as they stand between lines of three dashes; prove and decide."""
    base, *others = _text(data).split("\n---\n")[:3]
    version = _version(base, "")
    overlays = [_version(one, "KW") for one in others[:1]]
    parameters = read_parameters(parse_yaml(others[1], "parameters.yaml"), "parameters.yaml") if others[1:] else ()
    found = effective(version, overlays, parameters, DAY)
    wrong_cases(found)
    with suppress(InvalidData):
        FactReader(found).read(Case({"minutes_late": 20}, DAY, "KW"))
    with suppress(NotPlain):
        prove(found.table, ())
        ready = ReadyPolicy(found.table)
        for one in suite_of(found.table).cases[:3]:
            changes(ready, ready.grid, one.values)


def _version(text: str, place: str) -> PolicyVersion:
    return read_policy(parse_yaml(text, "p.yaml"), Filed("own-credit", place, DAY, "0", "p.yaml"))


def _computed(node: Node, scope: Scope, steps: int) -> None:
    literal_of(evaluate_in(Run(steps=steps), node, scope))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


KINDS: Mapping[str, Callable[[bytes, int], None]] = {
    "expression": expression,
    "cell": cell,
    "model": model,
    "policy": policy,
}
"""What is done, by the first word of a kept text's name."""


def fault_of(kind: str, data: bytes, soon_s: float = SOON_S) -> str:
    """Tell what is wrong with how a text is met; empty where it ends as it may, in the time that it may take."""
    started = time.process_time()
    try:
        KINDS[kind](data, MAX_STEPS)
    except InvalidDefinition:
        pass
    except Exception as error:  # noqa: BLE001 - whatever else comes is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    took = time.process_time() - started
    return f"took {took:.1f} processor seconds" if took > soon_s else ""


def main() -> None:
    """Judge one text; exit with 1 where it is met wrongly."""
    fault = fault_of(sys.argv[1], Path(sys.argv[2]).read_bytes())
    held_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    fault = fault or (f"held {held_mib} MiB" if held_mib > MAX_MIB else "")
    if fault:
        raise SystemExit(fault)


if __name__ == "__main__":
    main()
