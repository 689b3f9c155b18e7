"""States of days that this process has read: the same facts are not laid out twice, however many look at them."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from tiffin.capabilities.balance.domain.daybook import CityFacts
from tiffin.capabilities.balance.domain.marketplace_state import MarketplaceState

Key = tuple[CityFacts, date, str]

MOST_KEPT = 24
"""Days kept, the last read: a state of a large city is some megabytes."""

_KEPT: OrderedDict[Key, MarketplaceState] = OrderedDict()
_LOCK = Lock()


def kept_state(key: Key, read: Callable[[], MarketplaceState]) -> MarketplaceState:
    """Give the state of a day at a version, from memory where it was read before; whoever asks may see the city.

    Parameters
    ----------
    key : (CityFacts, date, str)
        The city, the day, and what names everything that the state follows from.
    """
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = read()
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return found


def bounds_of(city: CityFacts, day: date) -> tuple[datetime, datetime]:
    """Give the instants at which a business day of a city begins and ends, UTC."""
    cutoff = time(city.cutoff_min // 60, city.cutoff_min % 60)
    zone = ZoneInfo(city.timezone)
    begins, ends = (datetime.combine(one, cutoff, zone) for one in (day, day + timedelta(days=1)))
    return begins.astimezone(UTC), ends.astimezone(UTC)
