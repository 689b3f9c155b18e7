"""What disruptions do to riders' sessions: they leave early, come late or not at all, or ride in the wrong zone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.disruptions import Disruption, Kind, Trouble
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Records

Chosen = NDArray[np.bool_]


def sessions_under(disruptions: Sequence[Disruption], sessions: Records, city: City, stream: Stream) -> Records:
    """Take missing riders out of the struck window, and send misplaced ones to the zone farthest from theirs."""
    changed = sessions.copy()
    for index, disruption in enumerate(disruptions):
        if disruption.kind is Kind.RIDER_SHORTAGE:
            _go_missing(changed, disruption, sessions, _struck(disruption, sessions, stream.child("shortage", index)))
        elif disruption.kind is Trouble.MISPLACED_RIDERS:
            struck = _struck(disruption, sessions, stream.child("misplaced", index))
            _go_astray(changed, disruption, struck, city)
    return changed


def _struck(disruption: Disruption, sessions: Records, stream: Stream) -> Chosen:
    drawn = stream.uniform(np.arange(len(sessions), dtype=np.int64)) < disruption.strength
    struck = np.isin(sessions.zone, disruption.zones) & drawn
    if disruption.vehicle is not None:
        struck &= sessions.vehicle == disruption.vehicle
    return np.asarray(struck, dtype=bool)


def _go_missing(changed: Records, disruption: Disruption, sessions: Records, missing: Chosen) -> None:
    on_s, off_s = changed.on_s, changed.off_s
    early = missing & (on_s < disruption.start_s) & (off_s > disruption.start_s)
    late = missing & (sessions.on_s >= disruption.start_s) & (on_s < disruption.end_s)
    off_s[early] = disruption.start_s
    on_s[late] = disruption.end_s


def _go_astray(changed: Records, disruption: Disruption, struck: Chosen, city: City) -> None:
    """Let those who ride in the window begin in another zone: the nearest from which they are not sent here."""
    astray = np.flatnonzero(struck & (changed.on_s < disruption.end_s) & (changed.off_s > disruption.start_s))
    apart = np.hypot(city.x_m[:, None] - city.x_m, city.y_m[:, None] - city.y_m)
    apart[:, list(disruption.zones)] = np.inf
    out_of_reach = np.where(apart > OUT_OF_REACH_M, apart, np.inf)
    for session in astray.tolist():
        zone = int(changed.zone[session])
        wrong = int(np.argmin(out_of_reach[zone]))
        changed.x[session] += city.x_m[wrong] - city.x_m[zone]
        changed.y[session] += city.y_m[wrong] - city.y_m[zone]
        changed.zone[session] = wrong


OUT_OF_REACH_M = 5_000.0
"""Farther than riders are sent for an order by any dispatcher of the city."""
