"""Levers as people write them down: zones by name, hours by the city's clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tiffin.capabilities.rehearsals.service.lever_sources import LeverSource
from tiffin.engines.simulation.levers import Lever, Pull
from tiffin.engines.simulation.tables import SLOT_S
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
MINUTES_A_DAY = 1440
EVERY = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPull:
    """A lever as somebody writes it.

    Parameters
    ----------
    zones, from_zones : sequence of str
        Identifiers or names; ``all`` for every zone, and of `from_zones` for every other one.
    start, end : str
        Clocks of the city such as 18:30, on half hours.
    """

    lever: str
    zones: Sequence[str]
    from_zones: Sequence[str]
    start: str
    end: str
    strength: float


def pull_of(written: WrittenPull, source: LeverSource) -> Pull:
    """Read a lever that somebody wrote down for a day.

    Raises
    ------
    WrongUse
        There is no such lever or zone, or a clock is none.
    """
    if written.lever not in [one.value for one in Lever]:
        raise WrongUse(
            Message("A lever was expected, {found} was found. There are: {known}.",
                    found=repr(written.lever), known=", ".join(Lever))
        )  # fmt: skip
    start_s, end_s = (_since_cutoff(clock, source.cutoff_min) for clock in (written.start, written.end))
    zones = _numbers(written.zones, source, tuple(range(len(source.zones))))
    others = tuple(number for number in range(len(source.zones)) if number not in zones)
    return Pull(
        lever=Lever(written.lever),
        zones=zones,
        start_s=start_s,
        end_s=end_s or MINUTES_A_DAY * 60,
        strength=written.strength,
        from_zones=_numbers(written.from_zones, source, others),
    )


def _numbers(names: Sequence[str], source: LeverSource, every: tuple[int, ...]) -> tuple[int, ...]:
    if list(names) == [EVERY]:
        return every
    known = {name: number for number, zone in enumerate(source.zones) for name in zone}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise WrongUse(
            Message("{zone} is no zone of {city}. Its zones are: {zones}.",
                    zone=repr(unknown[0]), city=source.city_id, zones=", ".join(name for _, name in source.zones))
        )  # fmt: skip
    return tuple(dict.fromkeys(known[name] for name in names))


def _since_cutoff(text: str, cutoff_min: int) -> int:
    found = CLOCK.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else MINUTES_A_DAY + 1
    if found is None or minutes > MINUTES_A_DAY or int(found[2]) * 60 % SLOT_S:
        raise WrongUse(
            Message("A clock of the city on a half hour was expected, such as 18:30; found {found}.", found=repr(text))
        )
    return (minutes - cutoff_min) % MINUTES_A_DAY * 60
