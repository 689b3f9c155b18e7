"""Days that are not like others: moving holidays, their eves, and long runs of free days, as weights by name.

A festival keeps its name from year to year although its date moves, so that what was learned of the last one helps to
expect the next.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_RAMADAN, _SHAWWAL, _DHU_AL_HIJJAH = 9, 10, 12
_FITR_DAYS, _ADHA = 4, range(8, 14)
_LAST_TEN = 21
_FIRST_DAYS = 3
_LONG_RUN = 3
_SUBSTITUTE = re.compile(r"day off|substitut|observed|following|first weekday|additional|bridge", re.IGNORECASE)
_NOISE = re.compile(
    r"\s*\((estimated|observed|[^)]*)\)|\bHoliday\b|\bThe (second|third|fourth) day of\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DayMarks:
    """What the calendar of a country says of one day.

    Parameters
    ----------
    holiday : str or None
        English name.
    hijri : (int, int) or None
        Month and day in the Umm al-Qura calendar, where the country's days follow it too.
    carnival : bool
        Whether carnival is kept there.
    known : tuple of str
        Names of other things known beforehand, such as ``campaign``.
    """

    day: date
    is_weekend: bool
    holiday: str | None = None
    hijri: tuple[int, int] | None = None
    carnival: bool = False
    known: tuple[str, ...] = ()


def weights_of(marks: Sequence[DayMarks]) -> tuple[Mapping[str, float], ...]:
    """Give what is special about each of some consecutive days: names with weights between 0 and 1."""
    runs = _runs(marks)
    eves = {first - timedelta(days=1): name for name, first, _ in runs}
    morrows = {last + timedelta(days=1): name for name, _, last in runs}
    within = {
        first + timedelta(days=n): (name, (last - first).days + 1)
        for name, first, last in runs
        for n in range((last - first).days + 1)
    }
    return tuple(
        {
            **_islamic(one),
            **_carnival(one),
            **dict.fromkeys(one.known, 1.0),
            **_free(one.day, within, eves, morrows),
        }
        for one in marks
    )


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar.

    References
    ----------
    Meeus (1991), Astronomical Algorithms, chapter 8 (the anonymous algorithm of 1876).
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _islamic(one: DayMarks) -> Mapping[str, float]:
    if one.hijri is None:
        return {}
    month, day = one.hijri
    if month == _RAMADAN:
        found = {"ramadan": 1.0, "ramadan course": (day - 15) / 15}
        if one.is_weekend:
            found["ramadan weekend"] = 1.0
        if day <= _FIRST_DAYS:
            found["ramadan begins"] = 1.0
        return found | ({"ramadan ends": 1.0} if day >= _LAST_TEN else {})
    if month == _SHAWWAL and day <= _FITR_DAYS:
        return {"eid al-fitr": 1.0, **({"eid al-fitr, first day": 1.0} if day == 1 else {})}
    if month == _DHU_AL_HIJJAH and day in _ADHA:
        return {"eid al-adha": 1.0}
    return {}


def _carnival(one: DayMarks) -> Mapping[str, float]:
    if not one.carnival:
        return {}
    before = (easter(one.day.year) - one.day).days
    return {"carnival": 1.0} if 46 <= before <= 50 else {}  # noqa: PLR2004 - Saturday to Ash Wednesday


def _free(
    day: date,
    within: Mapping[date, tuple[str, int]],
    eves: Mapping[date, str],
    morrows: Mapping[date, str],
) -> Mapping[str, float]:
    found = {}
    if day in within:
        name, length = within[day]
        found[f"holiday {name}"] = 1.0
        found["long holiday" if length >= _LONG_RUN else "short holiday"] = 1.0
    elif day in eves or day in morrows:
        found["eve of a holiday" if day in eves else "day after a holiday"] = 1.0
    return found


def _runs(marks: Sequence[DayMarks]) -> list[tuple[str, date, date]]:
    """Give the runs of free days that hold a holiday: its name, first and last day.

    One working day between two holidays counts as free, since many take it off.
    """
    free = [index for index, one in enumerate(marks) if one.holiday or one.is_weekend]
    holidays = {index for index, one in enumerate(marks) if one.holiday}
    free += [index + 1 for index in holidays if index + 2 in holidays]
    runs: list[list[int]] = []
    for index in sorted(set(free)):
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    named = ((_name([marks[index].holiday for index in run]), run) for run in runs)
    return [(name, marks[run[0]].day, marks[run[-1]].day) for name, run in named if name]


def _name(listed: Sequence[str | None]) -> str:
    """Name a run after its first holiday that is no substitute for another."""
    names = [name for name in listed if name]
    if not names:
        return ""
    own = next((name for name in names if not _SUBSTITUTE.search(name)), names[0])
    return " ".join(_NOISE.sub(" ", own).split()).casefold().removesuffix(" eve").replace("'s eve", "")
