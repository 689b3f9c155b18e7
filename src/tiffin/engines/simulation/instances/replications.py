"""The same day many times over, by chance: how sure a figure of a policy is, and the difference between two policies.

Each replication redraws the orders from the instance's own; all policies meet the same redrawn days (common random
numbers), so that the difference between two is far surer than either figure.

References
----------
Efron, Tibshirani (1993), An introduction to the bootstrap, section 16.4: the smoothed bootstrap. Law (2015), Simulation
modeling and analysis, sections 10.2.1 and 11.2: paired-t intervals, common random numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Figures, Outcome, figures
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats

SMOOTHING_MIN = 15
"""An order that is drawn is placed up to so many minutes earlier or later than the one it was drawn from."""
CONFIDENCE = 0.95
FEWEST = 2
"""Replications without which nothing can be told of chance."""

MEASURES: Mapping[str, Callable[[Figures], float]] = {
    "click_to_door_min": lambda found: found.click_to_door_min,
    "ready_to_pickup_min": lambda found: found.ready_to_pickup_min,
    "overage_min": lambda found: found.overage_min,
    "undelivered_share": lambda found: found.undelivered_share,
    "cost_per_order": lambda found: found.cost_per_order,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and where the true one lies with 95 % confidence."""

    mean: float
    low: float
    high: float


def redrawn(instance: Instance, stream: Stream, names: tuple[str, ...]) -> Instance:
    """Redraw the orders of a day: as many as there were, each a copy of one of them, placed somewhat earlier or later.

    Parameters
    ----------
    names : tuple of str
        What the redrawn orders are called.
    """
    count = len(instance.order_ids)
    number = np.arange(count, dtype=np.int64)
    drawn = (stream.child("order").uniform(number) * count).astype(np.int64)
    shift = np.rint((2.0 * stream.child("minute").uniform(number) - 1.0) * SMOOTHING_MIN).astype(np.int64)
    placed = np.maximum(0, instance.placed_min[drawn] + shift)
    return replace(
        instance,
        order_ids=names,
        order_x=instance.order_x[drawn],
        order_y=instance.order_y[drawn],
        placed_min=placed,
        ready_min=placed + (instance.ready_min - instance.placed_min)[drawn],
        restaurant=instance.restaurant[drawn],
    )


def replicate(
    instance: Instance, dispatchers: Sequence[Callable[[Instance], Outcome]], *, replications: int, seed: int
) -> Mapping[str, Floats]:
    """Run redrawn days under each dispatcher.

    Returns
    -------
    Mapping of str to (n_dispatchers, n_replications)
        Each measure of each day; the same arguments give the same bytes.
    """
    names = tuple(f"o{number}" for number in range(1, len(instance.order_ids) + 1))
    stream = Stream.of_seed(seed).child("replications")
    found = {name: np.zeros((len(dispatchers), replications)) for name in MEASURES}
    for number in range(replications):
        day = redrawn(instance, stream.child(number), names)
        for row, dispatcher in enumerate(dispatchers):
            measured = figures(day, dispatcher(day))
            for name, measure in MEASURES.items():
                found[name][row, number] = measure(measured)
    return found


def interval(values: NDArray[np.float64]) -> Interval:
    """Give the mean of independent values with its interval by Student's t; of differences it is a paired one."""
    mean = float(values.mean())
    if len(values) < FEWEST:
        return Interval(mean, -np.inf, np.inf)
    wide = float(stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2) * values.std(ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - wide, mean + wide)
