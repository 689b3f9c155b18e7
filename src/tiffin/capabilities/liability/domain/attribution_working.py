"""The attribution of a city's late and failed orders at once, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_confidence import Fits, Told, clearness, confidence_of, kinds_of
from tiffin.capabilities.liability.domain.attribution_expected import Expected, expect
from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_failed import failed_seconds
from tiffin.capabilities.liability.domain.attribution_market import Market, look_around
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.capabilities.liability.domain.attribution_parts import PLATFORM, Lost, credits_of_orders, losses
from tiffin.engines.attribution.stages.crediting import shares_of

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]

DELIVERED = ("delivered",)
OPEN = "placed"
NOT_SLOW = -9.0
"""Against the blame time of a stage that nobody is slow in."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Everything that was worked out about all orders, in the order of the facts.

    Parameters
    ----------
    is_late, is_failed : (n,)
    credits_s : (n, n_parties), seconds; below zero is no blame
    ordinary_s : (n,), lateness that nobody put there: the promise was too short for the usual course
    shares : (n, n_parties), adds up to one
    top : (n,), number of the party that lost most; what nobody lost counts to the platform
    scores : (n,), how clear it is what follows; see `clearness`
    confidence : (n,), 0 to 1
    """

    facts: CityFacts
    expected: Expected
    market: Market
    lost: Lost
    is_late: Mask
    is_failed: Mask
    credits_s: Floats
    ordinary_s: Floats
    shares: Floats
    top: Codes
    kinds: Texts
    scores: Floats
    confidence: Floats


def work_out(facts: CityFacts, past: Mask, *, parameters: AttributionParameters, fits: Fits) -> Worked:
    """Attribute all orders of the facts.

    Parameters
    ----------
    past : (n,), orders from which is learned what is usual; none of a day that is judged
    fits : Mapping
        Chance of being right by score, for each kind of case.
    """
    expected = expect(facts, past, parameters)
    market = look_around(facts, past, expected, parameters)
    lost = losses(facts, expected, market, parameters)
    status = np.asarray(facts.columns["status"], dtype=object)
    is_failed = ~np.isin(status, [*DELIVERED, OPEN])
    late_s = np.nan_to_num(facts.times.late_s)
    is_late = np.isin(status, DELIVERED) & (late_s > parameters.late_tolerance_s)
    credits_s = credits_of_orders(facts, lost)
    credits_s = np.where(is_failed[:, None], failed_seconds(facts, lost, market), credits_s)
    ordinary_s = np.where(is_failed, 0.0, np.maximum(0.0, late_s - credits_s.sum(axis=1)))
    # What nobody lost the platform bears, since it made the promise.
    borne = _with_ordinary(credits_s, ordinary_s)
    top = np.argmax(borne, axis=1).astype(np.int64)
    kinds = kinds_of(facts, is_failed, top)
    market_s = np.maximum(0.0, credits_s)[:, PLATFORM:].sum(axis=1)
    over = _over_blame(facts, expected, lost, parameters)
    scores = clearness(borne, Told(is_failed, facts.drop > 1, top, market_s, *over), parameters)
    return Worked(
        facts, expected, market, lost, is_late, is_failed, credits_s, ordinary_s,
        shares=shares_of(borne),
        top=top,
        kinds=kinds,
        scores=scores,
        confidence=confidence_of(kinds, scores, fits),
    )  # fmt: skip


def _over_blame(
    facts: CityFacts, expected: Expected, lost: Lost, parameters: AttributionParameters
) -> tuple[Floats, Floats]:
    """Tell how far merchants' and riders' own stages lie above what is blamed, in units of the noise of that."""
    times, floor = facts.times, parameters.slow_noise
    acceptance = _beyond(times.accepted_s - times.placed_s, expected.acceptance_s[1])
    preparation = _beyond(times.ready_s - times.accepted_s, expected.preparation_s[1])
    ride = _beyond(times.at_customer_s - times.picked_up_s, expected.ride_s[1])
    merchant = np.maximum(
        acceptance / np.hypot(floor, expected.acceptance_error),
        preparation / np.hypot(floor, expected.preparation_error),
    )
    return merchant, np.where(lost.ride_s > 0, ride / floor, NOT_SLOW)


def _beyond(took_s: Floats, blamed_s: Floats) -> Floats:
    is_told = (took_s > 0) & (blamed_s > 0)
    return np.where(is_told, np.log(np.where(is_told, took_s, 1.0) / np.where(is_told, blamed_s, 1.0)), NOT_SLOW)


def _with_ordinary(credits_s: Floats, ordinary_s: Floats) -> Floats:
    seconds = np.maximum(0.0, credits_s)
    seconds[:, PLATFORM] += ordinary_s
    seconds[seconds.sum(axis=1) <= 0, PLATFORM] = 1.0
    return seconds


def certain(worked: Worked, parameters: AttributionParameters) -> Mask:
    """Mark the orders that may be decided without a person."""
    return np.asarray(worked.confidence * 100.0 >= parameters.certain_percent, dtype=np.bool_)
