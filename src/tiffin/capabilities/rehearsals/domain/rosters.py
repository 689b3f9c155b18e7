"""Rosters of a rehearsal: the city's own, some share more or fewer riders, or the shifts that a planner gives."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOT_S
from tiffin.kernel.errors import InvalidData, WrongUse
from tiffin.kernel.messages import Message

MINUTES_A_DAY = 1440
HEADER = ("zone", "on", "off")
MOST_SHIFTS = 20_000
CHANGE = re.compile(r"([+-]?)(\d{1,3}(?:\.\d+)?)\s*%")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
LEAST_FACTOR, MOST_FACTOR = 0.1, 3.0


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is to ride.

    Parameters
    ----------
    riders_factor : float
        Factor on the shifts of the city's own roster.
    given : tuple of (zone number, minute on, minute off)
        The planner's shifts, minutes since the business day began; empty for the city's own.
    name : str
        File of the planner's shifts.
    """

    riders_factor: float = 1.0
    given: tuple[tuple[int, int, int], ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """Say in a word which it is, for facts and files."""
        if self.given:
            return self.name
        return "own" if self.riders_factor == 1.0 else f"own {self.riders_factor - 1.0:+.0%}"


OWN_ROSTER = Roster()


def changed_riders(text: str) -> Roster:
    """Read a change of the own roster such as ``+10%``.

    Raises
    ------
    WrongUse
        It is none, or it leaves hardly a rider or triples them.
    """
    found = CHANGE.fullmatch(text.strip())
    if not found or not found[1]:
        raise WrongUse(
            Message(
                "A change of the riders was expected, such as +10% or -5%; found {text}. Give one.", text=repr(text)
            )
        )
    share = float(found[2]) / 100
    factor = round(1.0 + (share if found[1] == "+" else -share), 4)
    if not LEAST_FACTOR <= factor <= MOST_FACTOR:
        raise WrongUse(
            Message("Between a tenth and three times the riders was expected; found {text}.", text=repr(text))
        )
    return Roster(riders_factor=factor)


def given_roster(text: str, *, name: str, zones: Mapping[str, int], cutoff_min: int) -> Roster:
    """Read the shifts of a CSV file ``zone,on,off``: zone by identifier or name, clocks of the city such as 18:00.

    Parameters
    ----------
    zones : mapping
        Number of each zone by its identifier and by its name.
    cutoff_min : int
        Minutes after midnight at which the business day begins.

    Raises
    ------
    InvalidData
        The header is another, a zone is unknown, or a clock is none; names file and line.
    """
    rows = list(csv.reader(text.splitlines()))
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != HEADER:
        raise InvalidData(
            Message("{name}: the first line must be {header}. Put it there, and a shift on each line.",
                    name=name, header=",".join(HEADER))
        )  # fmt: skip
    filled = [(line, row) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if not 0 < len(filled) <= MOST_SHIFTS:
        raise InvalidData(
            Message("{name}: between 1 and {most} shifts were expected; found {found}.",
                    name=name, most=MOST_SHIFTS, found=len(filled))
        )  # fmt: skip
    given = tuple(_shift(row, f"{name}, line {line}", zones, cutoff_min) for line, row in filled)
    return Roster(given=given, name=name)


def _shift(row: Sequence[str], where: str, zones: Mapping[str, int], cutoff_min: int) -> tuple[int, int, int]:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(HEADER):
        raise InvalidData(Message("{where}: zone, on and off were expected; found {found}.", where=where, found=row))
    if cells[0] not in zones:
        raise InvalidData(
            Message("{where}: {zone} is no zone of this city. Its zones are: {zones}.",
                    where=where, zone=repr(cells[0]), zones=", ".join(sorted(set(zones))))
        )  # fmt: skip
    on_min, off_min = (_since_cutoff(cell, where, cutoff_min) for cell in cells[1:])
    if off_min <= on_min:
        off_min += MINUTES_A_DAY if off_min == 0 else 0
    if (off_min - on_min) * 60 < SLOT_S:
        raise InvalidData(
            Message("{where}: a shift must last half an hour at least and end within the business day; found {found}.",
                    where=where, found=f"{cells[1]}-{cells[2]}")
        )  # fmt: skip
    return zones[cells[0]], on_min, off_min


def _since_cutoff(text: str, where: str, cutoff_min: int) -> int:
    found = CLOCK.fullmatch(text)
    if not found or int(found[1]) > 24 or int(found[2]) > 59:  # noqa: PLR2004 - the clock's own numbers
        raise InvalidData(Message("{where}: a time such as 18:30 was expected; found {text}.", where=where, text=text))
    return (int(found[1]) * 60 + int(found[2]) - cutoff_min) % MINUTES_A_DAY


def shifts_of(roster: Roster, own: tuple[Shift, ...], stream: Stream) -> tuple[Shift, ...]:
    """Give the shifts that are to be ridden.

    Parameters
    ----------
    own : tuple of Shift
        What the city planned.

    Notes
    -----
    Chance goes by the number of a shift: with fewer riders a shift that falls away keeps its place and no length, with
    more the copies stand behind all others. What stays is ridden in the same way, so that days can be compared.
    """
    if roster.given:
        return tuple(Shift(zone, on_min * 60, off_min * 60) for zone, on_min, off_min in roster.given)
    drawn = stream.uniform(np.arange(len(own), dtype=np.int64))
    if roster.riders_factor <= 1.0:
        return tuple(
            shift if stays else Shift(shift.zone, shift.on_s, shift.on_s)
            for shift, stays in zip(own, drawn < roster.riders_factor, strict=True)
        )
    copies = np.floor(drawn + (roster.riders_factor - 1.0)).astype(np.int64)
    return own + tuple(shift for shift, count in zip(own, copies, strict=True) for _ in range(count))
