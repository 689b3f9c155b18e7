"""Asking the kit's cases, and judging the answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tiffin.engines.decisions.conformance.cases import Asked, read_cases
from tiffin.engines.decisions.dmn.graph import Decided, Fact, Graph, Key, Served, compile_model
from tiffin.engines.decisions.dmn.model import Definitions
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import Outcome, decide_by_key
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import Exhausted
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.errors import InvalidDefinition

TOLERANCE = Decimal("0.00000001")
"""Numbers may differ by so much, absolutely or, above 1, in relation to the expected one: the kit writes few digits."""

LEFT_OUT: Mapping[str, str] = {
    "0076-feel-external-java": "External Java functions: this engine starts no Java.",
}
"""Folders of the kit that are not asked, by the reason."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one decision of a case came to; ``wrong`` says how it differs, and is empty where it does not."""

    folder: str
    file: str
    asked: Asked
    wrong: str = ""


def judge_folder(folder: str, files: Mapping[str, bytes]) -> Iterator[Verdict]:
    """Ask every case of a folder.

    Parameters
    ----------
    folder : str
        Its name.
    files : Mapping
        Its models (``.dmn``) and files of cases (``.xml``) by name.
    """
    models = {name: read_model(data, name) for name, data in files.items() if name.endswith(".dmn")}
    for name, data in sorted(files.items()):
        if not name.endswith(".xml"):
            continue
        model, asked = read_cases(data, name)
        graph = compile_model(models[model], _imported(models[model], models))
        yield from (Verdict(folder, name, one, _wrong(graph, one)) for one in asked)


def _imported(definitions: Definitions, models: Mapping[str, Definitions]) -> tuple[Definitions, ...]:
    by_namespace = {one.namespace: one for one in models.values()}
    found: dict[str | None, Definitions] = {}
    waiting = list(definitions.imports)
    while waiting:
        one = by_namespace.get(waiting.pop().namespace)
        if one is not None and one.namespace not in found and one is not definitions:
            found[one.namespace] = one
            waiting.extend(one.imports)
    return tuple(found.values())


def _wrong(graph: Graph, asked: Asked) -> str:
    try:
        found = _decided(graph, asked)
    except (Exhausted, InvalidDefinition) as error:
        return "" if asked.fails else str(error)
    if fits(found.value, asked.expected):
        return ""
    notes = "; ".join(one.said for one in found.notes[:2])
    return f"{literal_of(asked.expected)} was expected; found {literal_of(found.value)}. {notes}"


def _decided(graph: Graph, asked: Asked) -> Outcome:
    name = asked.service or asked.node
    found = decide_by_key(graph, name, dict(_facts(graph, asked)))
    service = graph.elements.get(graph.named(name, Served) or ("", "")) if asked.service else None
    if isinstance(service, Served) and len(service.gives) > 1 and isinstance(found.value, dict):
        return Outcome(found.value.get(asked.node), found.notes)
    return found


def _facts(graph: Graph, asked: Asked) -> Iterator[tuple[Key, Value]]:
    for key, element in graph.elements.items():
        for one in asked.facts:
            given = isinstance(element, Fact) or (asked.service and isinstance(element, Decided))
            if given and one.name == element.name and one.namespace in (None, key[0]):
                yield key, one.value


def fits(found: Value, expected: Value) -> bool:
    """Tell whether a value is the expected one, numbers within `TOLERANCE`."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(fits, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(fits(value, expected[key]) for key, value in found.items())
    return same(found, expected)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a level's cases came out as the kit says."""

    passed: int
    asked: int
    valued_passed: int
    valued: int


def count(verdicts: Iterable[Verdict]) -> Count:
    """Count cases; one with several decisions passes when all do, and is valued when one of them expects a value."""
    cases: dict[tuple[str, str, int], list[Verdict]] = {}
    for one in verdicts:
        cases.setdefault((one.folder, one.file, one.asked.number), []).append(one)
    valued = [any(one.asked.expected is not None for one in case) for case in cases.values()]
    passed = [not any(one.wrong for one in case) for case in cases.values()]
    both = sum(has and fine for has, fine in zip(valued, passed, strict=True))
    return Count(sum(passed), len(passed), both, sum(valued))
