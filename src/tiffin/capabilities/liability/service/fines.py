"""Reading the log of the public fines, a line an event, in the order in which it tells them."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.fines import ACTIVITIES, AS_IT_IS, WITH_STAY, Logged, conformance
from tiffin.capabilities.liability.domain.fines_report import as_plain, report_of
from tiffin.kernel.errors import InvalidData, NotFound, Place
from tiffin.kernel.messages import Message

_COLUMNS = ("case", "activity", "time", "dismissal")
_day = lru_cache(maxsize=8192)(date.fromisoformat)


def fines_report(file: Path) -> dict[str, Any]:
    """Read a log of fines, fold every case of it by the engine, and tell what it says of appeals and stays.

    Raises
    ------
    NotFound
        There is no such file.
    InvalidData
        It is not the log: a column is missing, or a line tells of something unheard of.
    """
    histories = tuple(read_fines(file).values())
    found = {one.name: conformance(one, histories) for one in (AS_IT_IS, WITH_STAY)}
    return as_plain(report_of(histories), found)


def read_fines(file: Path, *, most: int | None = None) -> Mapping[str, tuple[Logged, ...]]:
    """Read the history of each fine, in the order of the log.

    Parameters
    ----------
    most : int or None
        Only so many fines from the beginning; None reads all.
    """
    if not file.is_file():
        raise NotFound(Message("There is no file {file}.", file=str(file)))
    found: dict[str, list[Logged]] = {}
    for line in _lines(file):
        if most is not None and line.case not in found and len(found) >= most:
            break
        found.setdefault(line.case, []).append(line)
    return {case: tuple(lines) for case, lines in found.items()}


def _lines(file: Path) -> Iterator[Logged]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as text:
        rows = csv.reader(text)
        header = next(rows, [])
        missing = [name for name in _COLUMNS if name not in header]
        if missing:
            raise InvalidData(
                Message(
                    "{file} has no column {missing}: it is not the log of fines.", file=str(file), missing=missing[0]
                )
            )
        case, activity, at, dismissal = (header.index(name) for name in _COLUMNS)
        for number, row in enumerate(rows, 2):
            try:
                yield Logged(row[case], ACTIVITIES[row[activity]], _day(row[at][:10]), row[dismissal])
            except (KeyError, IndexError, ValueError) as error:
                place = Place(str(file), line=number)
                raise InvalidData(Message("{place}: the line is none of the log of fines.", place=place)) from error
