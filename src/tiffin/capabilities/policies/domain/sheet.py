"""A file of a policy as a sheet of cells, as people edit it, and back; what the sheet does not show stays as it was."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.policies.domain.parts import KNOWN, feel_text
from tiffin.engines.decisions.feel.faults import Exhausted, NotFeel
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Constant, Test
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

MAX_ROWS = 10_000
MAX_CELL = 2_000
"""Characters of a cell."""

ANY = "-"
"""What an input that is not tested shows."""

SheetRow = Mapping[str, str]
"""A row's cells by the keys of the columns; reasons in other languages than the reader's travel with it."""

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_SIDES = ("when", "then", "reason")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column.

    Parameters
    ----------
    key : str
        ``id``, ``overrides``, ``when.<input>``, ``then.<output>`` or ``reason.<locale>``.
    side : str
        ``id``, ``over``, ``when``, ``then`` or ``reason``.
    label, unit : str
        For people, in the reader's language.
    kind, values : str
        The type in FEEL and the values that may stand there; empty where that is not told.
    options : tuple of str
        Cells that are likely, for completion.
    """

    key: str
    side: str
    label: str
    unit: str = ""
    kind: str = ""
    values: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headings:
    """Headings of the columns that are no inputs and outputs, in the reader's language."""

    rule: str
    overrides: str
    reason: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell: the number of its row, from 0, the key of its column, and the reason."""

    row: int
    column: str
    said: str


def columns_of(
    base: Mapping[str, Any],
    locale: str,
    headings: Headings,
    *,
    parameters: Iterable[str] = (),
    overridden: Iterable[str] = (),
) -> tuple[SheetColumn, ...]:
    """Give the columns of a policy's sheet.

    Parameters
    ----------
    base : Mapping
        The base file as plain values; its inputs and outputs count for overlays too.
    parameters : Iterable of str
        Names that cells may use.
    overridden : Iterable of str
        Ids of the rows that an overlay may override; none for the base file.
    """
    names = tuple(parameters)
    rows = tuple(overridden)
    over = (SheetColumn("overrides", "over", headings.overrides, options=rows),) if rows else ()
    return (
        SheetColumn("id", "id", headings.rule),
        *over,
        *(_column(one, "when", locale, names) for one in _entries(base, "inputs")),
        *(_column(one, "then", locale, names) for one in _entries(base, "outputs")),
        SheetColumn(f"reason.{locale}", "reason", headings.reason),
    )


def rows_of(plain: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    """Give the rows of a file as cells."""
    found = []
    for row in _entries(plain, "rows"):
        cells = {"id": str(row.get("id", ""))}
        if row.get("overrides"):
            cells["overrides"] = ", ".join(str(one) for one in _listed(row["overrides"]))
        for side in _SIDES:
            held = row.get(side)
            for name, value in held.items() if isinstance(held, Mapping) else ():
                cells[f"{side}.{name}"] = feel_text(value) or str(value)
        found.append(cells)
    return tuple(found)


def with_rows(plain: Mapping[str, Any], rows: Sequence[SheetRow]) -> dict[str, Any]:
    """Put other rows into a file; everything else stays.

    Raises
    ------
    InvalidData
        When there are more rows, or longer cells, than a policy may have.
    """
    if len(rows) > MAX_ROWS:
        raise InvalidData(
            Message("A table has at most {most} rows; {count} were sent.", most=MAX_ROWS, count=len(rows))
        )
    for number, row in enumerate(rows, 1):
        for key, text in row.items():
            if len(text) > MAX_CELL:
                raise InvalidData(
                    Message(
                        "A cell has at most {most} characters; row {row}, column {column} has {count}.",
                        most=MAX_CELL,
                        row=number,
                        column=key,
                        count=len(text),
                    )
                )
    return {**plain, "rows": [_stated(row) for row in rows]}


def faults_of(rows: Sequence[SheetRow], columns: Sequence[SheetColumn]) -> tuple[CellFault, ...]:
    """Find every cell that cannot be read, and rows without a name of their own."""
    found: list[CellFault] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name = row.get("id", "").strip()
        if not name or name in seen:
            said = Message("Another row has this name.") if name else Message("A row needs a name.")
            found.append(CellFault(number, "id", said))
        seen.add(name)
        told = ((one.key, _fault(one, row.get(one.key, "").strip())) for one in columns)
        found += [CellFault(number, key, reason) for key, reason in told if reason]
    return tuple(found)


def _fault(column: SheetColumn, text: str) -> str:
    if column.side not in ("when", "then") or text in ("", ANY):
        return ""
    try:
        if column.side == "when":
            parse_tests(text, KNOWN)
        else:
            parse_expression(text, KNOWN)
    except (NotFeel, Exhausted) as fault:
        return fault.said
    return ""


def _column(entry: Mapping[str, Any], side: str, locale: str, parameters: tuple[str, ...]) -> SheetColumn:
    name, kind = str(entry.get("name", "")), str(entry.get("type", ""))
    label = entry.get("label")
    said = label.get(locale) or label.get("en") if isinstance(label, Mapping) else None
    values = feel_text(entry.get("values")) or ""
    options = [*(_literals(values) if values else ()), *(("true", "false") if kind == "boolean" else ())]
    if side == "when" and kind == "number":
        options += [f"{relation} {one}" for one in parameters for relation in (">=", "<")]
    elif side == "then":
        options += parameters
    unit = str(entry.get("unit") or "")
    return SheetColumn(f"{side}.{name}", side, str(said or name), unit, kind, values, tuple(options))


def _literals(values: str) -> list[str]:
    try:
        tests = parse_tests(values, KNOWN).tests
    except (NotFeel, Exhausted):
        return []
    plain = [one.value for one in tests if isinstance(one, Test) and isinstance(one.value, Constant)]
    return [literal_of(one.value) for one in plain]


def _stated(row: SheetRow) -> dict[str, Any]:
    found: dict[str, Any] = {"id": row.get("id", "").strip()}
    if over := row.get("overrides", "").strip():
        found["overrides"] = [one.strip() for one in over.split(",") if one.strip()]
    for side in _SIDES:
        cells = {key.partition(".")[2]: text.strip() for key, text in row.items() if key.startswith(f"{side}.")}
        kept = {name: _plain(side, text) for name, text in cells.items() if text and (side != "when" or text != ANY)}
        if kept or side == "when":
            found[side] = kept
    return found


def _plain(side: str, text: str) -> Any:
    if side == "reason":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return {"true": True, "false": False}.get(text, text)


def _entries(plain: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = plain.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
