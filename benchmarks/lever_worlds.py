"""Days of the demo with one disruption each, and levers to pull against it: what the benchmarks of levers share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.domain.lever_ready import Ready, ready_day
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage, planned
from tiffin.capabilities.rehearsals.domain.scenario import undisturbed
from tiffin.capabilities.rehearsals.service.lever_sources import of_demo
from tiffin.engines.simulation.city_day import draw_day
from tiffin.engines.simulation.disruptions import Disruption, Trouble
from tiffin.engines.simulation.levers import Lever, Pull
from tiffin.engines.simulation.tables import SLOT_S

DAYS: Mapping[str, Sequence[tuple[str, date]]] = {
    "rider_shortage": (("riyadh", date(2026, 2, 26)), ("doha", date(2026, 2, 24))),
    "demand_surge": (("riyadh", date(2026, 3, 1)), ("kuwait-city", date(2026, 2, 23))),
    "merchant_overload": (("doha", date(2026, 2, 25)), ("kuwait-city", date(2026, 2, 24))),
    "rain": (("riyadh", date(2026, 2, 24)), ("dubai", date(2026, 2, 25))),
}
"""By kind of disruption the days on which the demo plants it."""
STRENGTHS: Mapping[str, tuple[Lever, float]] = {
    "move_riders": (Lever.MOVE_RIDERS, 0.25),
    "incentive": (Lever.INCENTIVE, 0.5),
    "shift_top_up": (Lever.SHIFT_TOP_UP, 3.0),
    "radius": (Lever.RADIUS, 2500.0),
    "promise": (Lever.PROMISE, 10.0),
    "throttle": (Lever.THROTTLE, 0.2),
    "merchant_pacing": (Lever.MERCHANT_PACING, 1.0),
    "steer_elsewhere": (Lever.DEMAND_STEERING, 0.2),
    "steer_later": (Lever.DEMAND_STEERING, 0.2),
}
MISPLACED = (("riyadh", date(2026, 2, 23)), ("kuwait-city", date(2026, 2, 26)))
"""Days without anything planted, in which riders are sent to the wrong zones."""
FROM_ELSEWHERE = {"move_riders", "steer_elsewhere"}


def stage_for(city_id: str, day: date) -> Stage:
    """Give what a day of the demo is made from."""
    return of_demo(Marketplace(), city_id, day, str(Path("/nonexistent")))


def without_disruption(stage: Stage) -> Stage:
    """Give the same day with nothing planted in it."""
    return replace(stage, scenario=undisturbed(stage.scenario))


def misplaced(stage: Stage, replication: int) -> tuple[Ready, Ready, tuple[Pull, ...]]:
    """Draw a day in which six in ten riders of three zones work too far away, the same day without, and the move back.

    Files of scenarios do not know this trouble, so it is planted into the drawn day.
    """
    ready = ready_day(stage, replication)
    plan, stream = planned(stage, ready.city, stage.arms[0], replication)
    zones = tuple(np.argsort(-ready.city.weight)[:3].tolist())
    peak = int(np.argmax(plan.profile)) * SLOT_S
    astray = Disruption(Trouble.MISPLACED_RIDERS, zones, max(0, peak - 7200), min(86400, peak + 7200), 0.6)
    drawn = draw_day(ready.city, replace(plan, disruptions=(astray,)), stage.parameters, stream)
    wrong = tuple(np.unique(drawn.sessions.zone[drawn.sessions.zone != ready.drawn.sessions.zone]).tolist())
    back = Pull(Lever.MOVE_RIDERS, zones, astray.start_s, astray.end_s, 0.5, wrong)
    return replace(ready, drawn=drawn), ready, (back,)


def candidates_on(stage: Stage) -> Mapping[str, tuple[Pull, ...]]:
    """Pull each lever in the zones and hours of the day's disruption; one that needs other zones may have none."""
    _, struck = stage.scenario.disruptions_on(stage.calendar.day)[0]
    others = tuple(number for number in range(len(stage.scenario.zones)) if number not in struck.zones)
    return {
        name: (
            Pull(
                lever=lever,
                zones=struck.zones,
                start_s=struck.start_s,
                end_s=struck.end_s,
                strength=strength,
                from_zones=others if name in FROM_ELSEWHERE else (),
            ),
        )
        for name, (lever, strength) in STRENGTHS.items()
        if others or name not in FROM_ELSEWHERE
    }
