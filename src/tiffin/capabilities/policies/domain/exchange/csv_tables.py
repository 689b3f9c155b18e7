"""The rules of a policy as CSV: one row a rule, of the base and of every overlay, with reasons in every language.

Text that a spreadsheet would take for a formula gets an apostrophe before it, which is taken away again.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tiffin.capabilities.policies.domain.exchange import sheets
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, cell_text
from tiffin.capabilities.policies.domain.exchange.sheet_reading import Faults, Grid, RuleCells, records_of
from tiffin.capabilities.policies.domain.exchange.sheets import Cell
from tiffin.capabilities.policies.domain.versions import BASE
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
SEPARATORS = (",", ";", "\t")
MAX_ROWS = 10_000
_TYPED = re.compile(r"(\S+?): (.+)")


def csv_of(files: PolicyFiles) -> bytes:
    """Write all rules; the head names columns with their types."""
    inputs, outputs = files.base.content.get("inputs", ()), files.base.content.get("outputs", ())
    languages = [one for one in LOCALES if any(one in (row.get("reason") or {}) for _, row in files.rows())]
    head = (
        *(sheets.ROW, sheets.PLACE, sheets.OVERRIDES),
        *(f"{sheets.WHEN}{one['name']}: {one['type']}" for one in inputs),
        *(f"{sheets.THEN}{one['name']}: {one['type']}" for one in outputs),
        *(f"{sheets.REASON}{one}" for one in languages),
    )
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    for file, row in files.rows():
        when, then, reason = row.get("when") or {}, row.get("then") or {}, row.get("reason") or {}
        cells = (
            *(str(row["id"]), file.place, ", ".join(row.get("overrides", ()))),
            *(cell_text(when.get(one["name"])) for one in inputs),
            *(cell_text(then.get(one["name"])) for one in outputs),
            *(str(reason.get(one, "")) for one in languages),
        )
        writer.writerow([guarded(one) for one in cells])
    return written.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Keep a spreadsheet from computing a text.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-"), unguarded(guarded("'= 3"))
    ("'=1+1", '-', "'= 3")
    """
    return f"'{text}" if len(text) > 1 and text.startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """Take away what `guarded` put before a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def policy_in_csv(name: str, content: bytes, files: PolicyFiles) -> PolicyFiles:
    """Read the rules of a policy; what CSV has no place for stays as it is in some files.

    Parameters
    ----------
    files : PolicyFiles
        The policy as it is, or an empty base of a new one.

    Raises
    ------
    InvalidData
        It is no table of rules; the message tells row and column.
    """
    faults = Faults()
    typed, grid = _grid(name, content)
    columns = {
        key: [
            _column(one, kind, files.base.content.get(key, ())) for one, kind in typed.items() if one.startswith(side)
        ]
        for key, side in (("inputs", sheets.WHEN), ("outputs", sheets.THEN))
    }
    reader = RuleCells(grid, faults, columns["inputs"], columns["outputs"])
    known = (*reader.keys, sheets.PLACE, *(one for one in typed if one.startswith(sheets.REASON)))
    rows: dict[str, list[dict[str, Any]]] = {one.place: [] for one in files.tables}
    before = {str(row["id"]): row for _, row in files.rows()}
    for number, record in records_of(grid, faults, known):
        place = cell_text(record.get(sheets.PLACE))
        if place not in rows:
            faults.add(grid, number, 1, Message("there is no overlay {place}.", place=place))
            continue
        row = reader.row(number, record)
        rows[place].append(_as_before(row, _reason(record), before.get(row["id"], {})))
    faults.tell()
    tables = [_changed(one, rows[one.place], columns if one.place == BASE else {}) for one in files.tables]
    return PolicyFiles(tables[0], tuple(tables[1:]), files.parameters)


def _grid(name: str, content: bytes) -> tuple[dict[str, str], Grid]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidData(Message("{file} is no text in UTF-8. Save it as CSV in UTF-8.", file=name)) from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InvalidData(Message("{file} is no CSV: {reason}.", file=name, reason=str(error))) from None
    if len(lines) > MAX_ROWS:
        raise InvalidData(Message("{file} has more than {most} rows.", file=name, most=MAX_ROWS))
    head = [unguarded(one).strip() for one in lines[0]] if lines else []
    typed = {
        (found[1] if found else one): (found[2] if found else "") for one in head for found in (_TYPED.fullmatch(one),)
    }
    if sheets.ROW not in typed:
        raise InvalidData(
            Message(
                "{file}: a head with the column {column} was expected in the first row.", file=name, column=sheets.ROW
            )
        )
    rows: list[list[Cell]] = [[], [*typed]]
    rows += [[unguarded(one) for one in line] for line in lines[1:]]
    return typed, Grid(sheets.RULES, BASE, name, rows, before=1)


def _column(key: str, kind: str, known: Any) -> dict[str, Any]:
    """Give a column as the policy says it already, else by what the head says."""
    name = key.partition(".")[2]
    found = next((one for one in known if one["name"] == name), None)
    return dict(found) if found else {"name": name, "label": {"en": name}, "type": kind}


def _reason(record: Mapping[str, Cell]) -> dict[str, str]:
    return {
        key.removeprefix(sheets.REASON): cell_text(text)
        for key, text in record.items()
        if key.startswith(sheets.REASON)
    }


def _as_before(row: dict[str, Any], reason: dict[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """Let cells that say what they said be as they were."""
    for side in {"when", "then"} & row.keys():
        old = before.get(side) or {}
        row[side] = {
            name: old[name] if name in old and cell_text(old[name]) == cell_text(cell) else cell
            for name, cell in row[side].items()
        }
    return {**row, "reason": reason}


def _changed(file: PolicyFile, rows: list[dict[str, Any]], columns: Mapping[str, Any]) -> PolicyFile:
    content = {**file.content, **columns, "rows": rows}
    return file if content == file.content else replace(file, text="", content=content)
