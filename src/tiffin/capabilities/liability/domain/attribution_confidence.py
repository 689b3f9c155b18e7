"""How sure it is what follows from an attribution: how clear it is, made a chance that was fitted on labelled days.

What follows is points for a merchant or a rider, where he lost most and a stage of his own was slow, and on whom the
cost lands. It is plainly wrong where somebody is struck who lost less than a third, or where another lost most by far.
Who is named first matters only as far as one of these depends on it: a kitchen and a dispatch that lost alike leave
nothing open where the kitchen was not slow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_failed import BY_REASON
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.capabilities.liability.domain.attribution_parts import CUSTOMER, MERCHANT, NOBODY, RIDER
from tiffin.engines.attribution.stages.trust import chance_at

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Texts = NDArray[np.object_]
Fits = Mapping[str, Sequence[tuple[float, float]]]

CLEAR = 9.0
"""As clear as anything gets."""
BY_FAR, STRUCK_LEAST = 0.6, 1.0 / 3.0
"""Shares from which somebody lost most by far, and below which nobody is to be struck."""
BEARS = np.array([0, 1, 2, 3, 3])
"""On whom the cost lands: what falls to circumstances the platform bears."""
KITCHEN, KITCHEN_WAITED = "late:merchant", "late:merchant, goods waited"
CUSTOMERS, RIDERS, DISPATCH, DISPATCH_LATER, AROUND = (
    "late:customer",
    "late:rider",
    "late:platform",
    "late:platform, later door",
    "late:circumstances",
)
TOLD, NO_RIDER, UNTOLD = "failed:told", "failed:no_rider", "failed:untold"
NO_CHANCE = 0.5
"""Of a kind of case that no labelled day had."""


def kinds_of(facts: CityFacts, is_failed: NDArray[np.bool_], top: Codes) -> Texts:
    """Name the kind of each case: what is calibrated together."""
    reason = np.asarray(facts.columns["cancel_reason"], dtype=object)
    failed = np.where(np.isin(reason, list(BY_REASON)), TOLD, np.where(reason == "no_rider", NO_RIDER, UNTOLD))
    waited = np.nan_to_num(facts.times.at_merchant_s - facts.times.ready_s) > 0
    kitchen = np.where(waited, KITCHEN_WAITED, KITCHEN)
    dispatch = np.where(facts.drop > 1, DISPATCH_LATER, DISPATCH)
    late = np.select(
        [top == MERCHANT, top == CUSTOMER, top == RIDER, top == NOBODY], [kitchen, CUSTOMERS, RIDERS, AROUND], dispatch
    )
    return np.where(is_failed, failed, late).astype(object)


@dataclass(frozen=True, slots=True)
class Told:
    """What of an attribution decides what follows, (n,) each.

    Parameters
    ----------
    is_failed : whether the order was not delivered; whoever ended it answers then, slow or not
    is_together : whether its rider took others to their doors before it, so that his own pace is not known
    top : number of the party that lost most
    market_s : seconds that were put down to the market around
    merchant_over, rider_over : a stage of his own against its blame time, in units of noise; above zero he is slow
    """

    is_failed: NDArray[np.bool_]
    is_together: NDArray[np.bool_]
    top: Codes
    market_s: Floats
    merchant_over: Floats
    rider_over: Floats


def clearness(seconds: Floats, told: Told, parameters: AttributionParameters) -> Floats:
    """Measure how far each attribution is from one that would be plainly wrong, in units of its noise.

    Parameters
    ----------
    seconds : (n, n_parties), what each lost, with the ordinary where it counts

    Returns
    -------
    (n,), 0 to `CLEAR`: the least over what could be so instead
    """
    rows, total = np.arange(len(told.top)), seconds.sum(axis=1)
    own_noise = parameters.noise_s * np.where(told.is_together, parameters.together_noise, 1.0)
    noise = np.hypot(own_noise, parameters.market_noise * told.market_s)
    others = np.where(BEARS[None, :] == BEARS[told.top][:, None], 0.0, _borne(seconds))
    found = np.minimum(CLEAR, (BY_FAR * total - others.max(axis=1)) / noise)
    own, is_struck = seconds[rows, told.top], np.zeros(len(rows), dtype=np.bool_)
    for party, over in ((MERCHANT, told.merchant_over), (RIDER, told.rider_over)):
        is_first = told.top == party
        is_struck |= is_first & (told.is_failed | (over > 0))
        from_blame = np.where(told.is_failed, CLEAR, np.abs(over))
        found = np.where(is_first, np.minimum(found, from_blame), found)
    found = np.where(is_struck, np.minimum(found, (own - total * STRUCK_LEAST) / noise), found)
    return np.asarray(np.maximum(0.0, found), dtype=np.float64)


def _borne(seconds: Floats) -> Floats:
    """Put together what lands on the same party; (n, n_parties)."""
    return np.stack([seconds[:, bearer == BEARS].sum(axis=1) for bearer in BEARS], axis=1)


def confidence_of(kinds: Texts, scores: Floats, fits: Fits) -> Floats:
    """Give the calibrated chance that what follows from each case is right, 0 to 1."""
    found = np.full(len(scores), NO_CHANCE)
    for kind, fit in fits.items():
        which = kinds == kind
        found[which] = chance_at(scores[which], fit)
    return found
