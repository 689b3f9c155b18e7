"""How sure an attribution is: the lead of its first party, made a chance that was fitted on labelled days."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_failed import BY_REASON
from tiffin.capabilities.liability.domain.attribution_parts import PARTIES
from tiffin.engines.attribution.stages.trust import chance_at

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Texts = NDArray[np.object_]
Fits = Mapping[str, Sequence[tuple[float, float]]]

NOISE_S = 120.0
"""Seconds that are lost and won by chance on any order: a lead of less is hardly one."""
TOLD, UNTOLD = "failed:told", "failed:untold"
NO_CHANCE = 0.5
"""Of a kind of case that no labelled day had."""


def kinds_of(facts: CityFacts, is_failed: NDArray[np.bool_], top: Codes) -> Texts:
    """Name the kind of each case: what is calibrated together."""
    names = np.array([f"late:{party.value}" for party in PARTIES], dtype=object)
    is_told = np.isin(np.asarray(facts.columns["cancel_reason"], dtype=object), list(BY_REASON))
    return np.where(is_failed, np.where(is_told, TOLD, UNTOLD), names[top])


def leads(seconds: Floats) -> Floats:
    """Measure by how much the first party leads the second, in seconds against all and their noise; 0 to 1.

    Parameters
    ----------
    seconds : (n, n_parties), what each lost, with the ordinary where it counts
    """
    ranked = np.sort(seconds, axis=1)
    lead = ranked[:, -1] - ranked[:, -2]
    return np.asarray(lead / (seconds.sum(axis=1) + NOISE_S), dtype=np.float64)


def confidence_of(kinds: Texts, scores: Floats, fits: Fits) -> Floats:
    """Give the calibrated chance that each case's first party is right, 0 to 1."""
    found = np.full(len(scores), NO_CHANCE)
    for kind, fit in fits.items():
        which = kinds == kind
        found[which] = chance_at(scores[which], fit)
    return found
