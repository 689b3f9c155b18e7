"""Where a rider stands by the standards of conduct and which tier he holds, and why; breaches become coaching."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.coaching_cases import COACHING
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import act_for_platform, guided_case, guided_cases, open_cases
from tiffin.capabilities.liability.domain.standards import Levels, OwnIncident, Standard, Standing, standing_on
from tiffin.capabilities.liability.domain.tiers import PERIOD_DAYS, Served, Tiers, TierStanding, tier_on
from tiffin.capabilities.liability.service.standard_reading import (
    Known,
    country_in,
    may_coach,
    read_known,
)
from tiffin.capabilities.liability.service.standard_rules import standards_on, tiers_on
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Coaching after order {order}")
MOST = 10_000
"""Open cases of coaching that are looked at."""
FALLEN = mark("What it was about does not count any more.")
_WAITING_FOR_BREACH = frozenset({"coaching_contested", "coaching_lapsed"})


@dataclass(frozen=True, slots=True)
class RiderStanding:
    """Where a rider stands.

    Parameters
    ----------
    day : date
        As of when: the last day of which the city's orders or incidents are known.
    standings : tuple of Standing
        One for each standard of the country.
    contested : tuple of OwnIncident
        What counts for nothing while an appeal is open.
    """

    city_id: str
    country: str
    rider_id: str
    day: date
    standings: tuple[Standing, ...]
    contested: tuple[OwnIncident, ...]
    tier: TierStanding


@dataclass(frozen=True, slots=True)
class Detected:
    """What looking for breaches in a city came to: cases opened, held up, standing again, not needed any more."""

    day: date
    riders: int
    opened: int = 0
    contested: int = 0
    standing_again: int = 0
    lapsed: int = 0


def standing_of(context: Context, city_id: str, rider_id: str, day: date | None = None) -> RiderStanding:
    """Tell where a rider stands, and why: to himself, and to who answers for the riders of his city.

    Parameters
    ----------
    day : date or None
        As of when; None is the last day of which something is known.

    Raises
    ------
    NotFound
        He is none of the actor's.
    """
    own = context.actor.party
    if own is None or (own.kind, own.city_id, own.party_id) != ("rider", city_id, rider_id):
        require_coach(context, city_id)
    known = read_known(context, city_id, rider_id=rider_id, day=day)
    return _standing(known, rider_id, *_rules(context, known))


def standings_of(context: Context, city_id: str, day: date | None = None) -> tuple[RiderStanding, ...]:
    """Tell where every rider of a city stands; those with most open steps first.

    Raises
    ------
    NotFound
        There is no such city for whose riders the actor answers.
    """
    require_coach(context, city_id)
    known = read_known(context, city_id, day=day)
    rules = _rules(context, known)
    found = [_standing(known, rider, *rules) for rider in known.riders]
    found.sort(key=lambda one: (-sum(standing.level for standing in one.standings), one.rider_id))
    return tuple(found)


def detect(context: Context, city_id: str, day: date | None = None) -> Detected:
    """Open a case of coaching for each breach that waits for one, and bring the open ones up to date.

    Done again, it does nothing again. Where a verdict behind a case is appealed the case waits; where what it is about
    does not count any more, or a further breach led to the next step, it ends.

    Raises
    ------
    NotFound
        There is no such city for whose riders the actor answers.
    """
    require_coach(context, city_id)
    known = read_known(context, city_id, day=day)
    standards, _ = _rules(context, known)
    before = {one.summary.case_id for one in guided_cases(context, COACHING.name, is_closed=None, limit=MOST)}
    wanted = [
        _case(known, standing)
        for own in known.incidents.values()
        for standing in (standing_on(one, own, known.day) for one in standards)
        if standing.level
    ]
    numbers = open_cases(context, wanted)
    again = [number for number in numbers if _stands_again(context, number)]
    contested, lapsed = _hold_up_or_end(context, known, frozenset(numbers))
    opened = set(numbers) - before
    for number in sorted(opened):
        audit.record(context, action="case_opened", subject=str(number), details={"type": COACHING.name})
    return Detected(known.day, len(known.riders), len(opened), contested, len(again), lapsed)


def require_coach(context: Context, city_id: str) -> None:
    """Refuse whoever does not answer for the riders of a city, as if it were not there.

    Raises
    ------
    NotFound
        He does not, or there is no such city.
    """
    try:
        may = may_coach(context, country=country_in(context, city_id), city_id=city_id)
    except NotFound:
        may = False
    if not may:
        raise NotFound(Message("There is no city '{city}' whose riders you answer for.", city=city_id))


def _rules(context: Context, known: Known) -> tuple[tuple[Standard, ...], Tiers]:
    place = (context.workspace, known.country, known.day)
    return standards_on(*place), tiers_on(*place)


def _standing(known: Known, rider_id: str, standards: tuple[Standard, ...], tiers: Tiers) -> RiderStanding:
    own = known.incidents.get(rider_id, ())
    delivered = known.deliveries.get(rider_id) or Counter()
    levels = [Levels(one, own) for one in standards]
    counting = [one for one in own if not one.is_stayed]

    def served(day: date) -> Served:
        first = day - timedelta(days=PERIOD_DAYS - 1)
        orders = {one.order_id for one in counting if first <= one.day <= day}
        count = sum(number for at, number in delivered.items() if first <= at <= day)
        return Served(count, len(orders), any(one.level_on(day) for one in levels))

    return RiderStanding(
        known.city_id,
        known.country,
        rider_id,
        known.day,
        tuple(standing_on(one, own, known.day) for one in standards),
        tuple(one for one in own if one.is_stayed),
        tier_on(tiers, known.day, served),
    )


def _case(known: Known, standing: Standing) -> NewCase:
    """Make a case of the last breach; the rider is named by its incidents alone, so that he stands in no text."""
    breach, step = standing.breaches[-1], standing.step
    values: Mapping[str, Any] = {
        "order": breach.incidents[-1].order_id,
        "standard": standing.standard.name,
        "step": step.value if step else "",
        "level": standing.level,
        "incidents": [one.key for one in breach.incidents],
        "verdicts": [one.verdict_id for one in breach.incidents],
    }
    return NewCase(
        case_type=COACHING.name,
        key=f"{standing.standard.name}|{breach.key}",
        headline=HEADLINE,
        values=values,
        country=known.country,
        city_id=known.city_id,
        subject=breach.incidents[-1].order_id[:128],
        severity=Severity.MINOR,
    )


def _stands_again(context: Context, case_id: int) -> bool:
    if guided_case(context, case_id).summary.state not in _WAITING_FOR_BREACH:
        return False
    act_for_platform(context, case_id, "verdict_stands", {})
    return True


def _hold_up_or_end(context: Context, known: Known, wanted: frozenset[int]) -> tuple[int, int]:
    """Let open cases wait whose verdicts are appealed, and end those that nothing stands behind."""
    stayed = {one.key for own in known.incidents.values() for one in own if one.is_stayed}
    contested = lapsed = 0
    for case in guided_cases(context, COACHING.name, limit=MOST):
        if case.summary.city_id != known.city_id or case.summary.case_id in wanted:
            continue
        if stayed.isdisjoint(case.values["incidents"]):
            act_for_platform(context, case.summary.case_id, "coaching_lapses", {"reason": {"message": FALLEN}})
            lapsed += 1
        elif case.summary.state != "coaching_contested":
            act_for_platform(context, case.summary.case_id, "verdict_contested", {})
            contested += 1
    return contested, lapsed
