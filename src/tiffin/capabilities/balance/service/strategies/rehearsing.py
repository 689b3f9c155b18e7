"""A proposal worked out: its options rehearsed on the diagnosed day, turned into money, ranked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tiffin.capabilities.balance.domain.lever_costs import rehearsed
from tiffin.capabilities.balance.domain.strategy_candidates import Candidate, candidates
from tiffin.capabilities.balance.domain.strategy_ranking import NOTHING, Ranked, plain_span, rank
from tiffin.capabilities.balance.service.strategies.questions import Question, judgements_of
from tiffin.capabilities.rehearsals.domain.levers import QUANTITIES, LeverOutcome, LeverRehearsal
from tiffin.capabilities.rehearsals.service.levers import lever_zones, rehearse_levers
from tiffin.engines.simulation.levers import Pull
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.context import Context

SEED = 20261123
"""Of the days drawn anew for the shares of being best."""


def options_of(context: Context, question: Question) -> tuple[Candidate, ...]:
    """Give the options that are to be rehearsed.

    Raises
    ------
    NotFound
        The day cannot be simulated.
    """
    finding = question.finding
    numbers = {zone: number for number, zone in enumerate(lever_zones(context, finding.city_id, finding.day))}
    return candidates(judgements_of(context, question), finding, numbers)


def work_out(
    context: Context, question: Question, *, progress: Callable[[float], object] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rehearse a question's options and rank them.

    Parameters
    ----------
    progress : callable or None
        Called with 1 for each replication that is done.

    Returns
    -------
    (dict, dict)
        The answer and its receipt, as plain JSON values.

    Raises
    ------
    NotFound
        The day cannot be simulated.
    Forbidden
        The actor may not rehearse that city.
    """
    options = options_of(context, question)
    if not options:
        return _answer(question, (), None, ()), {"made_from": question.made_from, "replications": 0}
    finding = question.finding
    found = rehearse_levers(
        context,
        finding.city_id,
        finding.day,
        [one.pulls for one in options],
        replications=question.replications,
        progress=progress,
    )
    ranked = ranked_options(question, options, found)
    receipt = {"made_from": found.made_from, "replications": found.replications, "seed": SEED}
    return _answer(question, options, found, ranked), receipt


def ranked_options(question: Question, options: Sequence[Candidate], found: LeverRehearsal) -> tuple[Ranked, ...]:
    """Rank rehearsed options by lateness avoided per unit of money."""
    drawn = [
        rehearsed(one.name, one.pulls, outcome.draws, question.prices, lost_order_min=question.lost_order_min)
        for one, outcome in zip(options, found.outcomes, strict=True)
    ]
    return rank(drawn, minor_digits=MINOR_DIGITS.get(question.prices.currency, 2), seed=SEED)


def _answer(
    question: Question, options: Sequence[Candidate], found: LeverRehearsal | None, ranked: Sequence[Ranked]
) -> dict[str, Any]:
    by_name = {one.name: one for one in options}
    outcomes = dict(zip(by_name, found.outcomes, strict=True)) if found else {}
    rows = ranked or rank([], minor_digits=2, seed=SEED)
    return {
        "currency": question.prices.currency,
        "is_simulated": True,
        "without": {name: one.mean for name, one in found.without.items()} if found else {},
        "options": [_row(one, by_name.get(one.name), outcomes.get(one.name)) for one in rows],
    }


def _row(one: Ranked, option: Candidate | None, outcome: LeverOutcome | None) -> dict[str, Any]:
    told: Mapping[str, Any] = {
        "lever": option.lever.value if option else NOTHING,
        "strength": option.strength if option else 0.0,
        "pulls": [_pull(each) for each in option.pulls] if option else [],
        "quantities": {name: getattr(outcome, name).mean for name in QUANTITIES} if outcome else {},
    }
    return {
        "name": one.name,
        "rank": one.rank,
        **told,
        "avoided_min": plain_span(one.avoided_min),
        "outlay_minor": plain_span(one.outlay_minor),
        "net_minor": plain_span(one.net_minor),
        "ratio": plain_span(one.ratio),
        "is_free": one.is_free,
        "may_be_free": one.may_be_free,
        "is_effective": one.is_effective,
        "is_dominated": one.is_dominated,
        "best": one.best,
    }


def _pull(one: Pull) -> dict[str, Any]:
    return {
        "lever": one.lever.value,
        "zones": list(one.zones),
        "start_s": one.start_s,
        "end_s": one.end_s,
        "strength": one.strength,
        "from_zones": list(one.from_zones),
    }
