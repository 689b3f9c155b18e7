"""What is known of each lever so far: rehearsed days and trials, by city; nothing counted twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, sqrt

from sqlalchemy import select

from tiffin.capabilities.balance.domain.strategy_ranking import Span, span_from
from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.balance.service.strategies.proposals import Proposal, done_proposals
from tiffin.capabilities.balance.service.strategies.records import sees
from tiffin.capabilities.experiments.service.effects_by_city import effects_by_city
from tiffin.capabilities.experiments.service.records import ENDED, JUDGED
from tiffin.capabilities.experiments.service.trials import find_trial
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import NotFound
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """What rehearsals say of a lever in one city; simulated, always.

    Parameters
    ----------
    misses : int
        Misses on which it was rehearsed, each counted once: by its newest proposal and the lever's best strength.
    avoided_min : Span
        Minutes of lateness avoided a day, mean over the misses.
    helped : int
        Misses in which it surely avoided lateness.
    """

    city_id: str
    misses: int
    helped: int
    avoided_min: Span


@dataclass(frozen=True, slots=True)
class Tried:
    """What one trial says of a lever in one city.

    Parameters
    ----------
    effect : Span or None
        On the deciding metric, in its own unit; None while it runs, or where the city tells nothing by itself.
    """

    trial: str
    city_id: str
    metric: str
    is_over: bool
    effect: Span | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one lever so far."""

    lever: Lever
    rehearsals: tuple[Rehearsals, ...]
    trials: tuple[Tried, ...]

    @property
    def is_none(self) -> bool:
        """Tell whether nothing is known."""
        return not self.rehearsals and not self.trials


def evidence_so_far(context: Context) -> Mapping[Lever, Evidence]:
    """Gather what the actor may know of every lever."""
    rehearsed = _rehearsals(done_proposals(context))
    tried = _trials(context)
    return {one: Evidence(one, tuple(rehearsed.get(one, ())), tuple(tried.get(one, ()))) for one in Lever}


def _rehearsals(proposals: Iterable[Proposal]) -> dict[Lever, list[Rehearsals]]:
    counted: dict[tuple[Lever, str], dict[tuple[object, int], tuple[Span, bool]]] = {}
    for proposal in proposals:  # the newest first
        seen: set[Lever] = set()
        for option in proposal.options:  # the best first
            avoided = span_from(option["avoided_min"])
            if option["lever"] not in set(Lever) or avoided is None:
                continue
            lever = Lever(option["lever"])
            if lever not in seen:
                seen.add(lever)
                of_city = counted.setdefault((lever, proposal.city_id), {})
                of_city.setdefault((proposal.day, proposal.episode), (avoided, bool(option["is_effective"])))
    found: dict[Lever, list[Rehearsals]] = {}
    for (lever, city_id), misses in sorted(counted.items()):
        told = [span for span, _ in misses.values()]
        helped = sum(is_effective for _, is_effective in misses.values())
        found.setdefault(lever, []).append(Rehearsals(city_id, len(told), helped, _mean(told)))
    return found


def _mean(spans: list[Span]) -> Span:
    """Give the mean of independent estimates; their errors add up in squares."""
    mean = sum(one.mean for one in spans) / len(spans)
    halves = [one.high - one.mean for one in spans]
    half = sqrt(sum(each * each for each in halves)) / len(spans) if all(isfinite(each) for each in halves) else None
    return Span(mean, -float("inf"), float("inf")) if half is None else Span(mean, mean - half, mean + half)


def _trials(context: Context) -> dict[Lever, list[Tried]]:
    asked = select(StrategyRecord).where(StrategyRecord.trial.is_not(None)).order_by(StrategyRecord.strategy_id)
    found: dict[Lever, list[Tried]] = {}
    seen: set[tuple[str, str]] = set()
    for record in context.session.scalars(asked):
        for name in record.levers:
            if record.trial and sees(context, record) and (name, record.trial) not in seen:
                seen.add((name, record.trial))
                found.setdefault(Lever(name), []).extend(_told(context, record.trial, record.city_id))
    return found


def _told(context: Context, name: str, city_id: str) -> list[Tried]:
    try:
        state = find_trial(context, name)
    except NotFound:
        return []
    metric = state.trial.metric
    if state.state not in (ENDED, JUDGED):
        return [Tried(name, city_id, metric, is_over=False, effect=None)]
    effects = effects_by_city(context, name)
    return [
        Tried(name, one.place.city_id, one.metric, is_over=True,
              effect=Span(one.estimate.effect, one.estimate.low, one.estimate.high) if one.estimate else None)
        for one in effects
    ]  # fmt: skip
