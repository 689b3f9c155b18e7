"""Levers rehearsed on a day that can be simulated: without them and under each candidate, by the same chance."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from tiffin.capabilities.rehearsals.domain.lever_days import LeverDay, LeverStage, estimated, lever_day, outcomes_of
from tiffin.capabilities.rehearsals.domain.levers import LeverRehearsal
from tiffin.capabilities.rehearsals.domain.rehearsal import MOST_REPLICATIONS
from tiffin.capabilities.rehearsals.service.city_days import code_digest
from tiffin.capabilities.rehearsals.service.definitions import read_lever_parameters
from tiffin.capabilities.rehearsals.service.lever_sources import lever_source
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.engines.simulation.levers import Pull
from tiffin.engines.simulation.levers_pulled import require_pulls
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

ALONE = 100
"""So few days are simulated in this very process: beginning others takes longer."""


def rehearse_levers(
    context: Context,
    city_id: str,
    day: date,
    candidates: Sequence[tuple[Pull, ...]],
    *,
    replications: int,
    progress: Callable[[float], object] | None = None,
) -> LeverRehearsal:
    """Rehearse levers on a day of a city: what each candidate avoids and takes, with paired 95 % intervals.

    Parameters
    ----------
    candidates : sequence of tuple of Pull
        The levers of one candidate are pulled together. Zones go by the number that `lever_zones` gives them.
    replications : int
        The first is the day itself, the others are the same day by other chances, what is planted in it kept.
    progress : callable or None
        Called with 1 for each replication that is done.

    Raises
    ------
    Forbidden
        The actor may not rehearse that city.
    NotFound
        There is no such city or day, or its facts hold too little for a twin.
    FailedCheck
        The day is a twin made from facts, and does not come near enough to them.
    WrongUse
        A lever cannot be pulled so, or there are too many or too few replications.
    """
    source = lever_source(context, city_id, day)
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise WrongUse(
            Message("Between 1 and {most} replications were expected; found {found}.",
                    most=MOST_REPLICATIONS, found=replications)
        )  # fmt: skip
    for pulls in candidates:
        require_pulls(pulls, len(source.zones))
    stage = LeverStage(source=source.made, levers=read_lever_parameters(day), candidates=tuple(candidates))
    days = _lived(stage, replications, progress)
    return LeverRehearsal(
        city_id=city_id,
        day=day,
        replications=replications,
        without={name: estimated([one.without[name] for one in days]) for name in days[0].without},
        outcomes=outcomes_of(stage.candidates, days),
        fit=source.fit,
        made_from=code_digest()[:16],
    )


def lever_zones(context: Context, city_id: str, day: date) -> tuple[str, ...]:
    """Give the zones of a city in the order of their numbers.

    Raises
    ------
    NotFound
        There is no such city or day.
    """
    return tuple(zone_id for zone_id, _ in lever_source(context, city_id, day).zones)


def _lived(stage: LeverStage, replications: int, progress: Callable[[float], object] | None) -> Sequence[LeverDay]:
    alone = replications * (1 + len(stage.candidates)) <= ALONE
    days: list[LeverDay] = []
    for one in simulate_many(partial(lever_day, stage), range(1, replications + 1), processes=1 if alone else None):
        days.append(one)
        if progress is not None:
            progress(1.0)
    return days
