"""Cases in files: CSV with a header, or JSON lines; what was decided beside each, in a file of the same kinds."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from tiffin.capabilities.policies.domain.decision import Case, Decision, Refused
from tiffin.capabilities.policies.domain.exchange.csv_tables import guarded
from tiffin.capabilities.policies.domain.facts import FactReader, facts_read, writable
from tiffin.capabilities.policies.domain.plain import decision_as_plain
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.capabilities.policies.service.deciding import decide_many, desk_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.reasons import reason
from tiffin.engines.decisions.feel.numbers import read_number
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.runtime.json_text import json_text
from tiffin.runtime.outside import records

ON = "on"
_PLACE = (MARKET, CITY, ON)
_BEFORE, _AFTER = ("outcome", "row"), ("reason", "version", "error")


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds for cases that do not say it themselves: the day, and the place."""

    on: date
    market: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class FiledCase:
    """A case of a file, or what is wrong with its line; ``others`` are the columns that the policy does not ask for."""

    case: Case | None
    others: Mapping[str, Any]
    fault: str = ""


def decide_file(context: Context, name: str, path: Path, usual: Usual) -> Iterator[dict[str, Any]]:
    """Decide the cases of a file, one by one; give each as it is written, in order.

    Columns that the policy does not ask for, such as an order's number, come back under ``case``. A case that cannot be
    decided has ``error`` instead of an outcome.

    Raises
    ------
    NotFound
        There is no such file or policy, or no version of it is in force on a case's day.
    InvalidData
        The file is neither CSV nor JSON lines.
    """
    reader = desk_of(in_force(context, name, usual.on)).reader
    waiting: deque[FiledCase] = deque()
    decided = decide_many(context, name, _fed(_cases(reader, path, usual), waiting))
    for one in decided:
        while waiting[0].case is None:
            yield _refused(waiting.popleft(), context.locale)
        yield _told(one, waiting.popleft(), context.locale)
    yield from (_refused(one, context.locale) for one in waiting)


def write_decided(decided: Iterable[Mapping[str, Any]], file: TextIO, outputs: Sequence[str]) -> Iterator[int]:
    """Write decided cases to a file: CSV where its name says so, else JSON lines; count those that were refused.

    In CSV a column of a case that is called as one of what was decided is written as ``case.`` and its name, and text
    that a spreadsheet would compute gets an apostrophe before it.

    Yields
    ------
    int
        After each case, 1 where it could not be decided, else 0.
    """
    table: Any = None
    own = (*_BEFORE, *outputs, *_AFTER)
    for told in decided:
        if not str(file.name).lower().endswith(".csv"):
            file.write(json_text(told) + "\n")
        else:
            others = {f"case.{name}" if name in own else name: value for name, value in told["case"].items()}
            if table is None:
                table = csv.DictWriter(file, (*others, *own), extrasaction="ignore")
                table.writerow({name: guarded(name) for name in table.fieldnames})
            cells = {**others, **{name: told.get(name) for name in own}, **told.get("outputs", {})}
            table.writerow({name: _guarded(cell_text(value)) for name, value in cells.items()})
        yield int("error" in told)


def cell_text(value: object) -> object:
    """Write a value as a cell of a CSV file, as it is read again: truth in small letters, several values as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_text(value) if isinstance(value, list | Mapping) else value


def _guarded(cell: object) -> object:
    """Keep a spreadsheet from computing a text that is no number."""
    return guarded(cell) if isinstance(cell, str) and read_number(cell) is None else cell


def _fed(filed: Iterable[FiledCase], waiting: deque[FiledCase]) -> Iterator[Case]:
    """Hand the cases on, and remember in what order they and the faulty lines came."""
    for one in filed:
        waiting.append(one)
        if one.case is not None:
            yield one.case


def _cases(reader: FactReader, path: Path, usual: Usual) -> Iterator[FiledCase]:
    for record in records(path, load=facts_read):
        asked = {key: value for key, value in record.items() if key in reader.known and key not in _PLACE}
        others = {str(key): value for key, value in record.items() if key not in asked and key not in _PLACE}
        fault = _fault(record)
        if fault:
            yield FiledCase(None, {}, fault)
            continue
        try:
            on = date.fromisoformat(str(record[ON])) if record.get(ON) else usual.on
        except ValueError:
            fault = Message("A day like 2026-03-31 was expected; found {found}.", found=str(record[ON])[:40])
            yield FiledCase(None, others, fault)
            continue
        facts = {key: reader.from_text(key, one) if isinstance(one, str) else one for key, one in asked.items()}
        market, city = (str(record.get(key) or getattr(usual, key)) for key in (MARKET, CITY))
        yield FiledCase(Case(facts, on, market, city), others)


def _fault(record: Mapping[str, Any]) -> str:
    """Tell why nothing that is written could repeat a line; empty where it could."""
    try:
        is_writable = writable(record) == record
    except ValueError:
        is_writable = False
    return "" if is_writable else Message("The text holds signs that no file can hold. Take them out and save again.")


def _told(found: Decision | Refused, filed: FiledCase, locale: str) -> dict[str, Any]:
    if isinstance(found, Refused):
        return {"error": translate(locale, found.said), "case": dict(filed.others)}
    return {**decision_as_plain(found, reason(found, locale)), "case": dict(filed.others)}


def _refused(filed: FiledCase, locale: str) -> dict[str, Any]:
    return {"error": translate(locale, filed.fault), "case": dict(filed.others)}
