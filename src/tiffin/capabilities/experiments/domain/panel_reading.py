"""Days of areas, of which some begin something: which method reads them, and what all of its tests say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.panels import Panel, block_of
from tiffin.engines.experiments.observational.placebos import Placebo
from tiffin.engines.experiments.observational.staggered import Comparison, staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import synthetic_did

LEAST_NEVER = 2
"""Areas that never begin with which later ones are not needed to compare with."""


class Method(StrEnum):
    """How areas that began something are set against the others."""

    DID = "did"
    SYNTHETIC_CONTROL = "synthetic_control"
    SYNTHETIC_DID = "synthetic_did"
    STAGGERED = "staggered"
    GEO = "geo"


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much the treated were off what they are compared with, at one time.

    Parameters
    ----------
    at : str
        A day; of a staggered start, so many days after it (negative: before).
    low, high : float or None
        A band over all times together, where the method gives one.
    """

    at: str
    gap: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PanelReading:
    """What a panel of areas says.

    Parameters
    ----------
    starts_at : str
        The first treated time among the gaps.
    weights : mapping of str to float
        Of the areas that make the comparison up; empty where all count alike.
    """

    method: Method
    estimate: Estimate
    gaps: tuple[Gap, ...]
    starts_at: str
    placebos: tuple[Placebo, ...]
    weights: Mapping[str, float]


def read_panel(method: Method, panel: Panel, *, level: float) -> PanelReading:
    """Read a panel by a method, with its placebo tests.

    Raises
    ------
    InvalidData
        Nobody is left to compare with, or there is too little before.
    DesignRefused
        Areas begin at different times and the method reads one, or it cannot tell how sure it is.
    """
    return _READERS[method](panel, level)


def _did(panel: Panel, level: float) -> PanelReading:
    found = difference_in_differences(panel, level=level)
    return _of_block(Method.DID, panel, found.estimate, found.gaps, found.placebos, {})


def _control(panel: Panel, level: float) -> PanelReading:
    found = synthetic_control(panel, level=level)
    return _of_block(Method.SYNTHETIC_CONTROL, panel, found.estimate, found.gaps, found.placebos, found.weights)


def _synthetic_did(panel: Panel, level: float) -> PanelReading:
    found = synthetic_did(panel, level=level)
    return _of_block(Method.SYNTHETIC_DID, panel, found.estimate, found.gaps, found.placebos, found.weights)


def _geo(panel: Panel, level: float) -> PanelReading:
    found = geo_test(panel, level=level)
    return _of_block(Method.GEO, panel, found.estimate, found.gaps, found.placebos, found.weights)


def _of_block(
    method: Method,
    panel: Panel,
    estimate: Estimate,
    gaps: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]],
    placebos: tuple[Placebo, ...],
    weights: Mapping[str, float],
) -> PanelReading:
    told = tuple(Gap(time, float(gap)) for time, gap in zip(panel.times, gaps, strict=True))
    return PanelReading(method, estimate, told, panel.times[block_of(panel).before], placebos, weights)


def _staggered(panel: Panel, level: float) -> PanelReading:
    never = int((~panel.treated).sum())
    against = Comparison.NEVER if never >= LEAST_NEVER else Comparison.NOT_YET
    found = staggered_differences(panel, comparison=against, level=level)
    gaps = tuple(Gap(str(one.after), one.estimate.effect, one.low, one.high) for one in found.events)
    return PanelReading(Method.STAGGERED, found.estimate, gaps, "0", found.placebos, {})


_READERS: Mapping[Method, Callable[[Panel, float], PanelReading]] = {
    Method.DID: _did,
    Method.SYNTHETIC_CONTROL: _control,
    Method.SYNTHETIC_DID: _synthetic_did,
    Method.STAGGERED: _staggered,
    Method.GEO: _geo,
}
