"""Cases of the kit: which decision is asked with which facts, and what has to come out.

References
----------
DMN Technology Compatibility Kit, ``testCases.xsd``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tiffin.engines.decisions.dmn.xml import Element, read_xml
from tiffin.engines.decisions.feel.durations import read_duration
from tiffin.engines.decisions.feel.temporal_reading import read_date, read_date_time, read_time
from tiffin.engines.decisions.feel.values import Value
from tiffin.kernel.errors import InvalidData

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True, slots=True)
class Given:
    """A fact: its name, the namespace of its model where that is told, its value."""

    name: str
    namespace: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision of a case, by its number in the file, and what comes out; ``fails`` where an error is asked for."""

    number: int
    case: str
    node: str
    service: str | None
    facts: tuple[Given, ...]
    expected: Value
    fails: bool


def read_cases(data: bytes, file: str) -> tuple[str, tuple[Asked, ...]]:
    """Read a file of cases; give the name of its model's file, and every decision that is asked.

    Raises
    ------
    InvalidDefinition, InvalidData
        When it is no XML, or a value in it cannot be read.
    """
    root = read_xml(data, file)
    model = root.first("modelName")
    return (model.text.strip() if model else ""), tuple(_asked(root))


def _asked(root: Element) -> Iterator[Asked]:
    for number, case in enumerate(root.all("testCase"), 1):
        facts = tuple(
            Given(one.get("name") or "", one.get("namespace"), value_of(one)) for one in case.all("inputNode")
        )
        service = case.get("invocableName") if case.get("type") == "decisionService" else None
        for result in case.all("resultNode"):
            expected = result.first("expected")
            value = None if expected is None else value_of(expected)
            fails = result.get("errorResult") == "true"
            yield Asked(number, case.get("id") or "", result.get("name") or "", service, facts, value, fails)


def value_of(element: Element) -> Value:
    """Read a value: plain, a list of items, or components by name."""
    components = list(element.all("component"))
    if components:
        return {one.get("name") or "": value_of(one) for one in components}
    found = element.first("list")
    if found is not None:
        return [value_of(one) for one in found.all("item")]
    plain = element.first("value")
    if plain is None or plain.get(_NIL) == "true":
        return None
    return _plain(plain.text, (plain.get(_TYPE) or "string").rpartition(":")[2])


def _plain(text: str, kind: str) -> Value:
    if kind in ("string", "anySimpleType"):
        return text
    value: Value = _READERS[kind](text.strip()) if kind in _READERS else None
    if value is None:
        raise InvalidData(f"A {kind} was expected; found {text!r:.60}.")
    return value


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_READERS: Mapping[str, Callable[[str], Value]] = {
    "boolean": _boolean,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_duration,
} | dict.fromkeys(("decimal", "double", "float", "integer", "int", "long"), _number)
