"""A policy as sheets of plain cells, as operations people lay it out: one row a rule, one column an input or output.

Two lines stand above the rows of every sheet: words for people, which are in the reader's language and are not read
again, and the names by which the columns are known.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, cell_text, in_language
from tiffin.engines.decisions.feel.types import Kind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.messages import Message

Cell = str | int | float | bool | date | None

RULES, REASONS, COLUMNS = Message("Rules"), Message("Reasons"), Message("Columns")
SETTINGS, PARAMETERS, CASES = Message("Policy"), Message("Parameters"), Message("Worked cases")
INSTRUCTIONS = Message("Instructions")
SHEETS = (RULES, REASONS, COLUMNS, SETTINGS, PARAMETERS, CASES, INSTRUCTIONS)

ROW, OVERRIDES, PLACE = "row", "overrides", "place"
WHEN, THEN, REASON, LABEL, TITLE, GIVEN, EXPECT = "when.", "then.", "reason.", "label.", "title.", "given.", "expect."
KINDS = ("input", "output")
COLUMN_KEYS = ("kind", "name", "type", "unit", "values", "default", "whole", "required", "feel")
SETTING_KEYS = (PLACE, "key", "value")
PARAMETER_KEYS = ("name", "from", "value", "unit", "source", "law", "market", "city")
SPOKEN = ("title", "question")
"""Settings that are said in several languages."""

ELSEWHERE = ("inputs", "outputs", "rows", "worked_cases")
"""What of a file stands on sheets of its own."""

_WORD = re.compile('"[^"\\\\]+"')

MAX_CHOICES = 255
"""Characters of a list of choices, at most: more a spreadsheet does not take."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """How sheets are written for a reader.

    Parameters
    ----------
    say : callable
        Gives a text in his language.
    dump : callable
        Writes a value that has parts as text.
    """

    language: str
    say: Callable[[str], str]
    dump: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    kind : str
        Which of `SHEETS` it is.
    place : str
        The overlay whose rules these are; empty otherwise.
    labels, keys : tuple of str
        The two lines above the rows.
    choices : Mapping
        By column, what may be chosen there.
    """

    kind: str
    place: str
    labels: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    choices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def sheets_of(files: PolicyFiles, tongue: Tongue) -> tuple[Sheet, ...]:
    """Lay a policy out."""
    rules = tuple(_rules(files, one, tongue) for one in files.tables)
    return (
        *rules,
        _reasons(files, tongue),
        _columns(files, tongue),
        _settings(files, tongue),
        _parameters(files, tongue),
        _cases(files, tongue),
    )


def _rules(files: PolicyFiles, file: PolicyFile, tongue: Tongue) -> Sheet:
    inputs, outputs = files.base.content.get("inputs", ()), files.base.content.get("outputs", ())
    heads = (ROW, *((OVERRIDES,) if file.place else ()))
    keys = (*heads, *(f"{WHEN}{one['name']}" for one in inputs), *(f"{THEN}{one['name']}" for one in outputs))
    rows: list[tuple[Cell, ...]] = []
    for row in file.content.get("rows", ()):
        when, then = row.get("when") or {}, row.get("then") or {}
        found: list[Cell] = [str(row["id"]), *([", ".join(row.get("overrides", ()))] if file.place else [])]
        rows.append((*found, *(when.get(one["name"]) for one in inputs), *(then.get(one["name"]) for one in outputs)))
    words = [tongue.say(Message("Row")), *([tongue.say(Message("Overrides"))] if file.place else [])]
    labels = (*words, *(_heading(one, tongue) for one in (*inputs, *outputs)))
    offered = {number: _choices(one) for number, one in enumerate((*inputs, *outputs), len(heads))}
    return Sheet(RULES, file.place, labels, keys, tuple(rows), {at: found for at, found in offered.items() if found})


def _heading(one: Mapping[str, Any], tongue: Tongue) -> str:
    """Write what stands above a column: its label, its type and unit, its values."""
    label = in_language(one.get("label"), tongue.language) or str(one["name"])
    kind = ", ".join(str(found) for found in (one.get("type"), one.get("unit")) if found)
    return "\n".join(found for found in (label, kind, cell_text(one.get("values"))) if found)


def _choices(one: Mapping[str, Any]) -> tuple[str, ...]:
    """List what may be chosen in a column: truth values, or words where the column names them all.

    Words stand there without quotes, which a spreadsheet's own list cannot hold and which are not needed.
    """
    if one.get("type") == Kind.BOOLEAN.value:
        return ("true", "false")
    named = [found.strip() for found in cell_text(one.get("values")).split(",")]
    words = tuple(found[1:-1] for found in named if _WORD.fullmatch(found))
    return words if one.get("type") == Kind.STRING.value and len(words) == len(named) else ()


def _reasons(files: PolicyFiles, tongue: Tongue) -> Sheet:
    rows = [(str(row["id"]), row.get("reason") or {}) for _, row in files.rows()]
    labels = (tongue.say(Message("Row")), *LOCALES)
    said = tuple((identity, *(reason.get(one) for one in LOCALES)) for identity, reason in rows)
    return Sheet(REASONS, "", labels, (ROW, *(f"{REASON}{one}" for one in LOCALES)), said)


def _columns(files: PolicyFiles, tongue: Tongue) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for kind, key in zip(KINDS, ("inputs", "outputs"), strict=True):
        for one in files.base.content.get(key, ()):
            label = one.get("label") or {}
            rows.append((kind, *(one.get(name) for name in COLUMN_KEYS[1:]), *(label.get(name) for name in LOCALES)))
    words = [tongue.say(one) for one in _COLUMN_WORDS]
    keys = (*COLUMN_KEYS, *(f"{LABEL}{one}" for one in LOCALES))
    flags = ("TRUE", "FALSE")
    kinds = tuple(one.value for one in Kind if one is not Kind.ANY)
    choices = {0: KINDS, 2: kinds, COLUMN_KEYS.index("whole"): flags, COLUMN_KEYS.index("required"): flags}
    return Sheet(COLUMNS, "", (*words, *LOCALES), keys, tuple(rows), choices)


def _settings(files: PolicyFiles, tongue: Tongue) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for file in files.tables:
        rows.append((file.place, "since", file.since))
        for key, value in file.content.items():
            if key in SPOKEN:
                rows += [(file.place, f"{key}.{language}", said) for language, said in value.items()]
            elif key not in ELSEWHERE:
                rows.append((file.place, key, value if isinstance(value, str) else tongue.dump(value)))
    words = (Message("Place"), Message("Setting"), Message("Value"))
    return Sheet(SETTINGS, "", tuple(tongue.say(one) for one in words), SETTING_KEYS, tuple(rows))


def _parameters(files: PolicyFiles, tongue: Tongue) -> Sheet:
    entries = files.parameters.content.get("parameters") or () if files.parameters else ()
    rows = tuple(tuple(one.get(key) for key in PARAMETER_KEYS) for one in entries)
    return Sheet(PARAMETERS, "", tuple(tongue.say(one) for one in _PARAMETER_WORDS), PARAMETER_KEYS, rows)


def _cases(files: PolicyFiles, tongue: Tongue) -> Sheet:
    inputs = [one["name"] for one in files.base.content.get("inputs", ())]
    outputs = [one["name"] for one in files.base.content.get("outputs", ())]
    languages = [one for one in LOCALES if any(one in case["title"] for _, case in _worked(files))]
    keys = (
        *(PLACE, *(f"{TITLE}{one}" for one in languages), "market", "city"),
        *(*(f"{GIVEN}{one}" for one in inputs), f"{EXPECT}row", *(f"{EXPECT}{one}" for one in outputs)),
    )
    rows = []
    for place, case in _worked(files):
        given, expect = case.get("given") or {}, case.get("expect") or {}
        values = [case["title"].get(one) for one in languages]
        found = (_held(given, name) for name in inputs)
        wanted = (_held(expect, name) for name in outputs)
        rows.append((place, *values, case.get("market"), case.get("city"), *found, expect.get("row"), *wanted))
    labels = _labels_of_cases(files, languages, tongue)
    return Sheet(CASES, "", labels, keys, tuple(rows))


def _labels_of_cases(files: PolicyFiles, languages: Iterable[str], tongue: Tongue) -> tuple[str, ...]:
    named = {
        kind: [
            in_language(one.get("label"), tongue.language) or str(one["name"])
            for one in files.base.content.get(kind, ())
        ]
        for kind in ("inputs", "outputs")
    }
    place, market, city, row = (tongue.say(one) for one in _CASE_WORDS)
    return (place, *languages, market, city, *named["inputs"], row, *named["outputs"])


def _worked(files: PolicyFiles) -> list[tuple[str, Mapping[str, Any]]]:
    return [(file.place, case) for file in files.tables for case in file.content.get("worked_cases", ())]


def _held(values: Mapping[str, Any], name: str) -> Cell:
    """Give a value of a case: null is said, since an empty cell says nothing; a text like that is quoted."""
    if name not in values:
        return None
    value: Cell = values[name]
    if value is None:
        return "null"
    return f'"{value}"' if isinstance(value, str) and (value == "null" or value.startswith('"')) else value


_COLUMN_WORDS = (
    Message("Input or output"),
    Message("Name"),
    Message("Type"),
    Message("Unit"),
    Message("Values"),
    Message("Default"),
    Message("Whole numbers"),
    Message("Required"),
    Message("Computed as"),
)
_PARAMETER_WORDS = (
    Message("Name"),
    Message("From"),
    Message("Value"),
    Message("Unit"),
    Message("Source"),
    Message("Law"),
    Message("Market"),
    Message("City"),
)
_CASE_WORDS = (Message("Place"), Message("Market"), Message("City"), Message("Row"))
