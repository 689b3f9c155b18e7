"""Whether metrics keep what they promise: written by whoever settles the targets, read into every receipt."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, insert, select, update

from tiffin.capabilities.metrics.queries import PROMISES
from tiffin.runtime.context import Context

EVERYWHERE = ""
"""Country of a promise that is settled for all countries at once."""


class Promise(StrEnum):
    """What has become of a metric's targets."""

    KEPT = "kept"
    MISSED = "missed"
    UNKNOWN = "unknown"


_WANTED = select(PROMISES.c.metric, PROMISES.c.status).where(
    PROMISES.c.metric.in_(bindparam("metrics", expanding=True)),
    PROMISES.c.country.in_(bindparam("countries", expanding=True)),
)
"""Written once."""


def settle(
    context: Context, metric: str, promise: Promise, *, reason: str = "", country: str = EVERYWHERE, at: datetime
) -> None:
    """Note whether a metric keeps its targets, in one country or everywhere; the latest word counts."""
    named, said = {"metric": metric, "country": country}, {"status": promise.value, "reason": reason, "settled_at": at}
    known = update(PROMISES).where(PROMISES.c.metric == metric, PROMISES.c.country == country)
    if not context.unit.execute(known.values(**said)).rowcount:
        context.unit.execute(insert(PROMISES).values(**named, **said))


def promises_of(context: Context, metrics: tuple[str, ...], countries: frozenset[str]) -> Mapping[str, Promise]:
    """Tell of each metric whether it keeps its targets in some countries: missed in one is missed."""
    return context.unit.remembered(("promises", metrics, countries), lambda: _read(context, metrics, countries))


def _read(context: Context, metrics: tuple[str, ...], countries: frozenset[str]) -> Mapping[str, Promise]:
    found = dict.fromkeys(metrics, Promise.UNKNOWN)
    places = (*sorted(countries), EVERYWHERE)
    for row in context.unit.execute(_WANTED, {"metrics": metrics, "countries": places}):
        if found[row.metric] is not Promise.MISSED:
            found[row.metric] = Promise(row.status)
    return found
