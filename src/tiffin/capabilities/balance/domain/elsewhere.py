"""Riders missing in an episode who sat idle in other zones within reach."""

import numpy as np

from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.capabilities.balance.domain.load import MINUTES
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.engines.attribution.accounting.relief import relieve_slot
from tiffin.engines.attribution.episodes import Episode
from tiffin.engines.attribution.shapley import FloatArray

MORE_THAN_USUAL = 1.2
"""Times the usual riders of a zone and hour from which on there are too many; rosters vary by less."""


def riders_elsewhere(
    grid: Grid, ordinary: OrdinaryDay, episode: Episode, *, travel_min: FloatArray, within_min: float
) -> float:
    """Give the share of the missing rider minutes that could have come from where riders sat idle beyond usual.

    Riders on shift where clearly more than usual are count as well, idle or not: it is here that they are missing.

    Notes
    -----
    Each hour is a min-cost flow from zones with more idle riders than usual to zones with fewer riders than usual.
    """
    if grid.riders is None or not grid.of("online_min").any():
        return 0.0
    usual = ordinary.riders()
    idle = np.maximum(grid.of("online_min") - grid.of("busy_min"), 0.0)
    spare = np.maximum(idle[0] - (idle[1:] * ordinary.kept).sum(axis=0) / np.maximum(ordinary.kept.sum(axis=0), 1), 0.0)
    surplus = np.nan_to_num(np.maximum(grid.riders[0] - MORE_THAN_USUAL * usual, 0.0)) * MINUTES
    spare = np.maximum(spare, surplus)
    missing = helped = 0.0
    for slot in sorted(set(episode.slots.tolist())):
        here = np.isin(np.arange(len(grid.zones)), episode.zones[episode.slots == slot])
        short = np.where(here, np.nan_to_num(np.maximum(usual[:, slot] - grid.riders[0, :, slot], 0.0)) * MINUTES, 0.0)
        missing += float(short.sum())
        others = np.where(here, 0.0, spare[:, slot])
        helped += float(relieve_slot(others, short, travel_min=travel_min, within_min=within_min).sum())
    return helped / missing if missing > 0 else 0.0
