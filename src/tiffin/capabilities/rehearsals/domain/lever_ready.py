"""A day that is drawn and waits to be lived: of a scenario here, of facts in `twin_days`."""

from dataclasses import dataclass

from tiffin.capabilities.rehearsals.domain.rehearsing import Stage, city_of, planned
from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DrawnDay, draw_day, rules_of
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A day that is drawn and can be lived with levers or without.

    Parameters
    ----------
    vehicles : tuple of float
        Share of the riders on each of `VEHICLES`, for those who come on top.
    """

    city: City
    drawn: DrawnDay
    rules: Rules
    parameters: Parameters
    vehicles: tuple[float, ...]
    stream: Stream


def ready_day(stage: Stage, replication: int) -> Ready:
    """Draw one replication of a scenario's day."""
    city, (arm,) = city_of(stage), stage.arms
    plan, stream = planned(stage, city, arm, replication)
    return Ready(
        city=city,
        drawn=draw_day(city, plan, stage.parameters, stream),
        rules=rules_of(stage.parameters, plan.policy),
        parameters=stage.parameters,
        vehicles=plan.vehicles,
        stream=stream,
    )
