"""The calibration report: real and simulated quantities side by side with their distance, as plain JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.calibration import Found, Kind, Simulated, Target
from tiffin.capabilities.rehearsals.domain.calibration_source import Source
from tiffin.engines.simulation.calibrating.distances import distance_between
from tiffin.engines.simulation.calibrating.moments import Fit, Fitted
from tiffin.engines.simulation.calibrating.readings import Reading
from tiffin.engines.simulation.calibrating.shares import Share, difference_of, profile_distance
from tiffin.engines.simulation.streams import Stream

BINS = 24
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
DIGITS = 5
Entry = dict[str, Any]
VARIANTS = ("given", "calibrated")
"""Under the values that all simulated cities have, and under those fitted to the source."""


def compared(target: Target, source: Source, variants: Mapping[str, Simulated], stream: Stream) -> Entry:
    """Compare one quantity: the real one, and the simulated one under each variant of the parameters."""
    real = target.real(source) if target.real else None
    entry: Entry = {
        "key": target.key,
        "source": target.source,
        "measure": target.measure,
        "kind": target.kind.value,
        "unit": target.unit,
        "parameters": list(target.parameters),
        "fitted": target.fitted,
        "reason": target.reason,
        "real": {} if real is None else summed_up(target.kind, real),
    }
    if target.simulated is None or real is None:
        return entry
    found = {name: target.simulated(simulated) for name, simulated in variants.items()}
    for name, value in found.items():
        entry[name] = summed_up(target.kind, value)
        if entry[name].get("n", 1):
            entry[name] |= _distance(target.kind, real, value, stream.child(target.key, name))
    if target.kind is Kind.DISTRIBUTION:
        entry["histogram"] = _histogram({"real": real, **found}, whole=target.whole)
    return entry


def settled(source: str, read: Mapping[str, Reading], fit: Fit | None, given: Mapping[str, float]) -> list[Entry]:
    """List the parameters that a source settles, each with its interval and the value that all cities have."""
    found: list[tuple[str, str, Reading | Fitted]] = [(name, "read", one) for name, one in read.items()]
    found += [(one.name, "fitted", one) for one in (fit.parameters if fit else ())]
    return [
        {
            "source": source,
            "parameter": name,
            "how": how,
            **_rounded({"value": one.value, "low": one.low, "high": one.high, "given": given[name]}),
            "at_bound": isinstance(one, Fitted) and one.at_bound,
        }
        for name, how, one in found
    ]


def summed_up(kind: Kind, found: Found) -> Entry:
    """Sum a quantity up: how many values, and their quantiles, shares, or the one value with its interval."""
    if isinstance(found, Share):
        low, high = found.interval()
        return _rounded({"n": found.of, "count": found.count, "value": found.value, "low": low, "high": high})
    if isinstance(found, Reading):
        return _rounded({"value": found.value, "low": found.low, "high": found.high})
    if kind is Kind.PROFILE:
        shares = found / max(1.0, found.sum())
        return {"n": int(found.sum()), "shares": [round(float(one), DIGITS) for one in shares]}
    quantiles = np.quantile(found, QUANTILES)
    return _rounded({"n": len(found), "mean": found.mean(), "quantiles": [float(one) for one in quantiles]})


def _distance(kind: Kind, real: Found, simulated: Found, stream: Stream) -> Entry:
    if isinstance(real, Share) and isinstance(simulated, Share):
        found = difference_of(real, simulated)
        return {
            "distance": _rounded(
                {"moved": abs(found.value), "difference": found.value, "low": found.low, "high": found.high}
            )
        }
    if isinstance(real, Reading) and isinstance(simulated, Reading):
        difference = simulated.value - real.value
        half = float(np.hypot(real.high - real.value, simulated.high - simulated.value))
        told = {"moved": abs(difference), "difference": difference, "low": difference - half, "high": difference + half}
        return {"distance": _rounded(told)}
    assert isinstance(real, np.ndarray)  # noqa: S101 - both sides of a target are of its kind
    assert isinstance(simulated, np.ndarray)  # noqa: S101 - as above
    if kind is Kind.PROFILE:
        return {"distance": _rounded(asdict(profile_distance(real, simulated, stream)))}
    return {"distance": _rounded(asdict(distance_between(real, simulated, stream)))}


def _histogram(samples: Mapping[str, Any], *, whole: bool) -> Entry:
    """Count samples over bins that they share; what lies outside 99 of 100 values counts to the last bins."""
    low = min(float(np.quantile(one, 0.005)) for one in samples.values())
    high = max(float(np.quantile(one, 0.99)) for one in samples.values())
    width = _round_step((high - low) / BINS)
    low = np.floor(low / width) * width
    if whole:
        # Bins of whole units, with their borders between the values.
        width, low = max(1.0, np.ceil(width)), np.floor(low) - 0.5
    edges = low + width * np.arange(BINS + 2)
    edges = edges[: int(np.searchsorted(edges, high)) + 1]
    counted = {
        name: np.histogram(np.clip(one, edges[0], edges[-1]), edges)[0] / len(one) for name, one in samples.items()
    }
    return {
        "edges": [round(float(edge), DIGITS) for edge in edges],
        **{name: [round(float(share), DIGITS) for share in shares] for name, shares in counted.items()},
    }


def _round_step(rough: float) -> float:
    """Give the next round number above: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    return next(float(one * power) for one in (1.0, 2.0, 2.5, 5.0, 10.0) if one * power >= rough)


def _rounded(entry: Entry) -> Entry:
    return {name: _short(value) for name, value in entry.items()}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(one) for one in value]
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else round(float(value), DIGITS)
    return value
