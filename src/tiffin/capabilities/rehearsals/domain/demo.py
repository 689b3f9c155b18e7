"""The demo marketplace: which cities and days it covers, and what loading it gives."""

from dataclasses import dataclass, replace
from datetime import date

from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.kernel.time import Days

DEMO_SEED = 1447
"""Hijri year of the Ramadan in which the demo's days lie."""

DEMO_DAYS = Days(date(2026, 2, 16), date(2026, 3, 1))
"""Two weeks: Ramadan begins on 18 February 2026 (Umm al-Qura), the Lunar New Year and Carnival are near."""

DEMO_SOURCE = "simulated:demo"
"""What stands in ``source`` of every fact of the demo: nobody may take them for real."""

DEMO_CITIES = ("riyadh", "dubai", "doha", "kuwait-city", "hong-kong", "sao-paulo")
"""The cities of the demo as it comes."""

MORE_CITIES = ("jeddah", "abu-dhabi", "manama", "dammam", "rio-de-janeiro", "brasilia")
"""Cities that a larger demo has besides."""

ALL_CITIES = (*DEMO_CITIES, *MORE_CITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """What of the demo marketplace is wanted.

    Parameters
    ----------
    scale : float
        Factor on the orders and the merchants of every city.
    """

    cities: tuple[str, ...] = DEMO_CITIES
    days: Days = DEMO_DAYS
    seed: int = DEMO_SEED
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demo marketplace holds.

    Parameters
    ----------
    unchanged : bool
        The same demo was there already, and nothing was written.
    """

    seed: int
    scale: float
    cities: tuple[str, ...]
    first_day: date
    last_day: date
    orders: int
    disruptions: int
    unchanged: bool


def scaled(scenario: Scenario, scale: float) -> Scenario:
    """Give a city with more orders, or fewer, from as many more merchants: each of them stays as busy as he was."""
    merchants = max(len(scenario.zones), round(scenario.merchants * scale))
    return replace(scenario, orders_per_day=scenario.orders_per_day * scale, merchants=merchants)
