"""The demo marketplace: which days it covers, and what loading it gives."""

from dataclasses import dataclass
from datetime import date

from tiffin.kernel.time import Days

DEMO_SEED = 1447
"""Hijri year of the Ramadan in which the demo's days lie."""

DEMO_DAYS = Days(date(2026, 2, 16), date(2026, 3, 1))
"""Two weeks: Ramadan begins on 18 February 2026 (Umm al-Qura), the Lunar New Year and Carnival are near."""

DEMO_SOURCE = "simulated:demo"
"""What stands in ``source`` of every fact of the demo: nobody may take them for real."""

DEMO_CITIES = ("riyadh", "dubai", "doha", "kuwait-city", "hong-kong", "sao-paulo")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demo marketplace holds.

    Parameters
    ----------
    unchanged : bool
        The same demo was there already, and nothing was written.
    """

    seed: int
    cities: tuple[str, ...]
    first_day: date
    last_day: date
    orders: int
    disruptions: int
    unchanged: bool
