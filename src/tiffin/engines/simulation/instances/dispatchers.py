"""Dispatchers by name: each makes of an instance what would have happened under it."""

from collections.abc import Callable, Mapping

from tiffin.engines.simulation.instances.bundling import bundling
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.nearest import nearest_first
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.planning import planning
from tiffin.engines.simulation.instances.singly import singly
from tiffin.engines.simulation.instances.two_stage import two_stage

Dispatcher = Callable[[Instance], Outcome]

NEAREST = "nearest"
BEST = "best"

DISPATCHERS: Mapping[str, Dispatcher] = {
    NEAREST: nearest_first,
    "rolling": singly,
    "bundling": bundling,
    "two-stage": two_stage,
    "planning": planning,
    BEST: planning,
}
"""`best` is the one that brings orders soonest on the public instances; it is the same as one of the others."""
