"""Alerts: when a number is out of bounds, who is told and when, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition

KEYS = ("metric", "when", "threshold", "periods", "per", "places", "quiet", "to")
MOST_PERIODS = 60
NAME_MAX = 80
ROLES = ("viewer", "analyst", "city_manager", "steward", "admin")


class When(StrEnum):
    """What makes an alert."""

    ABOVE = "above"
    BELOW = "below"
    ANOMALY = "anomaly"


class Per(StrEnum):
    """For what it is evaluated apart."""

    CITY = "city_id"
    COUNTRY = "country"


class Event(StrEnum):
    """What can happen to an alert."""

    RAISED = "raised"
    SAID = "said"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """When somebody is to be told.

    Parameters
    ----------
    threshold : float or None
        In the metric's unit; None for anomalies.
    periods : int
        Business days in a row that must be out of bounds.
    places : tuple of str
        Cities or countries; none means all.
    quiet : (time, time) or None
        Local hours in which nothing is said; they may reach over midnight.
    accounts, roles : tuple of str
        Who is told: accounts by name, and whoever has such a role over the place.
    """

    name: str
    metric: str
    when: When
    per: Per
    threshold: float | None = None
    periods: int = 1
    places: tuple[str, ...] = ()
    quiet: tuple[time, time] | None = None
    accounts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands in one place.

    Parameters
    ----------
    said_at : datetime or None
        When people were last told of what still holds; None while that is to be done.
    """

    is_raised: bool = False
    since: datetime | None = None
    last_period: str = ""
    value: float | None = None
    said_at: datetime | None = None
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What an evaluation found: ``breached`` is None where nothing can be told."""

    breached: bool | None
    value: float | None
    period: str


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an evaluation: the new standing, what happened, and which message goes out."""

    standing: Standing
    happened: tuple[Event, ...]
    message: Event | None = None


def step(standing: Standing, found: Observed, *, now: datetime, is_quiet: bool) -> Step:
    """Take an evaluation in: an alert is raised once, said once outside the quiet hours, and its end is said once.

    A second evaluation of the same days changes nothing and says nothing.
    """
    happened: list[Event] = []
    after = standing
    if found.breached is True and not standing.is_raised:
        after = Standing(is_raised=True, since=now, last_period=found.period, value=found.value)
        happened.append(Event.RAISED)
    elif found.breached is False and standing.is_raised:
        after = replace(standing, is_raised=False, since=now, acknowledged_by=None, snoozed_until=None)
        happened.append(Event.RECOVERED)
    if found.breached is not None:
        after = replace(after, last_period=found.period, value=found.value)
    message = _due(after, now=now, is_quiet=is_quiet)
    if message is Event.RAISED:
        after = replace(after, said_at=now, snoozed_until=None)
    elif message is Event.RECOVERED:
        after = replace(after, said_at=None)
    return Step(after, (*happened, *((Event.SAID,) if message else ())), message)


def _due(standing: Standing, *, now: datetime, is_quiet: bool) -> Event | None:
    if is_quiet:
        return None
    if not standing.is_raised:
        return Event.RECOVERED if standing.said_at else None
    if standing.acknowledged_by or (standing.snoozed_until and now < standing.snoozed_until):
        return None
    return None if standing.said_at and not standing.snoozed_until else Event.RAISED


def is_quiet(quiet: tuple[time, time] | None, now: datetime, timezone: str) -> bool:
    """Tell whether nothing is said at a moment, by the clock on the wall of the place.

    Examples
    --------
    >>> from datetime import UTC
    >>> is_quiet((time(22), time(7)), datetime(2026, 2, 20, 20, 30, tzinfo=UTC), "Asia/Riyadh")
    True
    """
    if quiet is None or quiet[0] == quiet[1]:
        return False
    clock = now.astimezone(ZoneInfo(timezone)).time()
    first, last = quiet
    return first <= clock < last if first < last else clock >= first or clock < last


def breached(rule: AlertRule, values: Sequence[float | None]) -> bool | None:
    """Tell whether the last days are all beyond the threshold; None where the last one has no value.

    Parameters
    ----------
    values : sequence of float or None
        Of the days in order, the last one last.
    """
    if not values or values[-1] is None or rule.threshold is None:
        return None
    last = values[-rule.periods :]
    if rule.when is When.ABOVE:
        beyond = [value is not None and value > rule.threshold for value in last]
    else:
        beyond = [value is not None and value < rule.threshold for value in last]
    return len(last) == rule.periods and all(beyond)


def read_rule(name: str, raw: Any, model: Model) -> AlertRule:
    """Read a rule from plain values, of a file or of a form.

    Raises
    ------
    InvalidDefinition
        A value is missing, unknown or out of range; the message says what was expected.
    """
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"{name}: names with values were expected, found {raw!r}.")
    for key in raw:
        if key not in KEYS:
            raise InvalidDefinition(f"{name}: `{key}` means nothing here; known are {', '.join(KEYS)}.")
    metric = str(raw.get("metric"))
    if metric not in model.resolved:
        raise InvalidDefinition(f"{name}: there is no metric {metric}.{near(metric, model.metrics)}")
    when, per = _choice(name, raw, "when", When), _choice(name, raw, "per", Per)
    for dimension in (per, "business_date"):
        if dimension not in model.resolved[metric].dimensions:
            raise InvalidDefinition(f"{name}: {metric} is not told by {dimension}. Choose another metric.")
    return AlertRule(
        name=name,
        metric=metric,
        when=when,
        per=per,
        threshold=None if when is When.ANOMALY else _number(name, raw),
        periods=_periods(name, raw),
        places=_names(raw.get("places")),
        quiet=_quiet(name, raw.get("quiet")),
        **_recipients(name, raw.get("to")),
    )


def _choice(name: str, raw: Mapping[str, Any], key: str, choices: Any) -> Any:
    try:
        return choices(str(raw.get(key)))
    except ValueError:
        raise InvalidDefinition(f"{name}: `{key}` is one of {', '.join(choices)}; found {raw.get(key)!r}.") from None


def _number(name: str, raw: Mapping[str, Any]) -> float:
    found = raw.get("threshold")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise InvalidDefinition(f"{name}: `threshold` is a number in the metric's unit; found {found!r}.")
    return float(found)


def _periods(name: str, raw: Mapping[str, Any]) -> int:
    found = raw.get("periods", 1)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= MOST_PERIODS:
        raise InvalidDefinition(f"{name}: `periods` is a number of days from 1 to {MOST_PERIODS}; found {found!r}.")
    return found


def _quiet(name: str, raw: Any) -> tuple[time, time] | None:
    if raw is None:
        return None
    try:
        first, last = (time.fromisoformat(str(one)) for one in raw)
    except (TypeError, ValueError):
        raise InvalidDefinition(f'{name}: `quiet` holds two local times such as ["22:00", "07:00"].') from None
    return first, last


def _recipients(name: str, raw: Any) -> dict[str, tuple[str, ...]]:
    own = raw if isinstance(raw, Mapping) else {}
    accounts, roles = _names(own.get("accounts")), _names(own.get("roles"))
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not (accounts or roles):
        raise InvalidDefinition(f"{name}: `to` names `accounts`, or `roles` out of {', '.join(ROLES)}; found {raw!r}.")
    return {"accounts": accounts, "roles": roles}


def _names(raw: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in raw or ())
