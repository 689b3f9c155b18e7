"""Whether metrics keep what they promise: written by whoever settles the targets, read into every receipt."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select

from tiffin.capabilities.metrics.models import MetricPromise
from tiffin.runtime.context import Context

EVERYWHERE = ""
"""Country of a promise that is settled for all countries at once."""


class Promise(StrEnum):
    """What has become of a metric's targets."""

    KEPT = "kept"
    MISSED = "missed"
    UNKNOWN = "unknown"


# Written once, and over the table itself: every answer asks it.
_TABLE = MetricPromise.__table__.c
_WANTED = select(_TABLE.metric, _TABLE.status).where(
    _TABLE.metric.in_(bindparam("metrics", expanding=True)),
    _TABLE.country.in_(bindparam("countries", expanding=True)),
)


def settle(
    context: Context, metric: str, promise: Promise, *, reason: str = "", country: str = EVERYWHERE, at: datetime
) -> None:
    """Note whether a metric keeps its targets, in one country or everywhere; the latest word counts."""
    found = context.session.get(MetricPromise, (metric, country))
    if found is None:
        found = MetricPromise(metric=metric, country=country)
        context.session.add(found)
    found.status, found.reason, found.settled_at = promise.value, reason, at


def promises_of(context: Context, metrics: Sequence[str], countries: frozenset[str]) -> dict[str, Promise]:
    """Tell of each metric whether it keeps its targets in some countries: missed in one is missed."""
    found = dict.fromkeys(metrics, Promise.UNKNOWN)
    places = (*sorted(countries), EVERYWHERE)
    context.session.flush()
    for metric, status in context.session.connection().execute(_WANTED, {"metrics": metrics, "countries": places}):
        if found[metric] is not Promise.MISSED:
            found[metric] = Promise(status)
    return found
