"""One replication of a day under levers: the same drawn day without them and under each candidate."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from tiffin.capabilities.rehearsals.domain.comparison import Estimate
from tiffin.capabilities.rehearsals.domain.lever_ready import Ready, ready_day
from tiffin.capabilities.rehearsals.domain.levers import QUANTITIES, LeverOutcome
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.domain.twin_days import Twin, ready_twin
from tiffin.engines.simulation.city_day import SimulatedDay, lived
from tiffin.engines.simulation.instances.replications import FEWEST, interval
from tiffin.engines.simulation.levers import LeverParameters, Pull
from tiffin.engines.simulation.levers_pulled import pull_levers, taken_by
from tiffin.engines.simulation.tables import Status

MINUTE_S = 60.0
WAITED_S = 600
"""Who cancels later than this has waited; who cancels sooner changed his mind, and no lever helps that."""

Quantities = Mapping[str, float]
Source = Stage | Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverStage:
    """All that the days of a rehearsal of levers are made from; the same stage gives the same days.

    Parameters
    ----------
    source : Stage or Twin
        What the day itself is made from; a stage with one arm.
    """

    source: Source
    levers: LeverParameters
    candidates: Sequence[tuple[Pull, ...]]


@dataclass(frozen=True, slots=True)
class LeverDay:
    """What one replication came to.

    Parameters
    ----------
    without : mapping
        Counts of the day without levers, as `counted` names them.
    outcomes : (n_candidates,), quantities of each as `LeverOutcome` names them
    """

    without: Quantities
    outcomes: tuple[Quantities, ...]


def lever_day(stage: LeverStage, replication: int) -> LeverDay:
    """Live one replication without levers and under each candidate, on the same random numbers."""
    return under_levers(ready_for(stage.source, replication), stage.candidates, stage.levers)


def under_levers(ready: Ready, candidates: Sequence[tuple[Pull, ...]], levers: LeverParameters) -> LeverDay:
    """Live a drawn day without levers and under each candidate."""
    day = lived(ready.drawn, ready.city, ready.rules)
    return LeverDay(counted(day), tuple(_under(ready, day, pulls, levers) for pulls in candidates))


def ready_for(source: Source, replication: int) -> Ready:
    """Draw one replication of a scenario's day, or of the twin of a day of the facts."""
    return ready_twin(source, replication) if isinstance(source, Twin) else ready_day(source, replication)


def counted(day: SimulatedDay) -> Quantities:
    """Count what a day came to: orders, delivered, late and lost ones, minutes of lateness."""
    track, placed_s = day.happened.track, day.orders.placed_s
    done = track.status == Status.DELIVERED
    over_s = np.where(done, np.maximum(0, track.delivered_s - track.promised_s), 0)
    waited = (track.status == Status.CUSTOMER_CANCELLED) & (track.cancelled_s - placed_s >= WAITED_S)
    return {
        "orders": float(len(placed_s)),
        "delivered": float(done.sum()),
        "late": float((over_s > 0).sum()),
        "lateness_min": float(over_s.sum()) / MINUTE_S,
        "lost": float(((track.status == Status.NO_RIDER) | waited).sum()),
    }


def _under(ready: Ready, without: SimulatedDay, pulls: Sequence[Pull], levers: LeverParameters) -> Quantities:
    pulled = pull_levers(
        ready.drawn,
        pulls,
        ready.city,
        (ready.parameters, levers),
        ready.stream.child("levers"),
        vehicles=ready.vehicles,
    )
    day = lived(pulled.drawn, ready.city, ready.rules)
    before, after = counted(without), counted(day)
    return {
        "relieved_min": _relieved_min(without, day),
        "late_avoided": before["late"] - after["late"],
        "lateness_min_avoided": before["lateness_min"] - after["lateness_min"],
        "lost_avoided": before["lost"] - after["lost"],
        "fewer_orders": before["orders"] - after["orders"],
        "fewer_delivered": before["delivered"] - after["delivered"],
        **asdict(taken_by(pulled, day, without, ready.city)),
    }


def _relieved_min(without: SimulatedDay, day: SimulatedDay) -> float:
    """Add up the lateness avoided of orders that are placed either way and delivered either way."""
    late = []
    for one, other in ((without, day), (day, without)):
        track = one.happened.track
        in_turn = np.argsort(one.orders.counter)
        both = np.isin(one.orders.counter[in_turn], other.orders.counter)
        own = track[in_turn[both]]
        late.append((own.status == Status.DELIVERED, np.maximum(0, own.delivered_s - own.promised_s)))
    done = late[0][0] & late[1][0]
    return float((late[0][1] - late[1][1])[done].sum()) / MINUTE_S


def outcomes_of(candidates: Sequence[tuple[Pull, ...]], days: Sequence[LeverDay]) -> tuple[LeverOutcome, ...]:
    """Estimate what each candidate did, with paired intervals over the replications."""
    return tuple(_outcome(pulls, [day.outcomes[number] for day in days]) for number, pulls in enumerate(candidates))


def _outcome(pulls: tuple[Pull, ...], rows: Sequence[Quantities]) -> LeverOutcome:
    draws = {name: tuple(row[name] for row in rows) for name in rows[0]}
    return LeverOutcome(pulls=pulls, draws=draws, **{name: estimated(draws[name]) for name in QUANTITIES})


def estimated(values: Sequence[float]) -> Estimate:
    """Give a mean over replications with its interval by Student's t; one alone has none."""
    if len(values) < FEWEST:
        return Estimate(float(values[0]), None, None)
    found = interval(np.asarray(values, dtype=np.float64))
    return Estimate(found.mean, found.low, found.high)
