"""Estimates and findings as plain values that are kept beside a reading, and read back as they were."""

import math
from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.experiments.domain.findings import BySegment, CarryOver, Findings, OnDay, SampleRatio
from tiffin.capabilities.experiments.domain.panel_reading import Gap, Method, PanelReading
from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.placebos import Placebo

NUMBERS = ("effect", "se", "low", "high", "p")


def kept_findings(found: Findings | None) -> dict[str, Any] | None:
    """Give findings as plain values."""
    if found is None:
        return None
    return {
        "segments": [_kept_segments(one) for one in found.segments],
        "days": [{"after": one.after, "estimate": kept_estimate(one.estimate)} for one in found.days],
        "carry_over": _kept_carry_over(found.carry_over),
        "sample_ratio": None
        if found.sample_ratio is None
        else {
            "counts": list(found.sample_ratio.counts),
            "shares": list(found.sample_ratio.shares),
            "p": found.sample_ratio.p,
        },
        "panel": kept_panel(found.panel),
    }


def findings_from(kept: Mapping[str, Any] | None) -> Findings | None:
    """Read findings back."""
    if kept is None:
        return None
    sizes = kept["sample_ratio"]
    return Findings(
        tuple(_segments_from(one) for one in kept["segments"]),
        tuple(OnDay(one["after"], estimate_from(one["estimate"])) for one in kept["days"]),
        _carry_over_from(kept["carry_over"]),
        sizes and SampleRatio(tuple(sizes["counts"]), tuple(sizes["shares"]), sizes["p"]),
        panel_from_kept(kept.get("panel")),
    )


def kept_panel(found: PanelReading | None) -> dict[str, Any] | None:
    """Give what a panel said: the gaps over time, the placebo tests and the weights."""
    if found is None:
        return None
    return {
        "method": found.method.value,
        "estimate": kept_estimate(found.estimate),
        "gaps": [{name: _finite(getattr(one, name)) for name in ("at", "gap", "low", "high")} for one in found.gaps],
        "starts_at": found.starts_at,
        "placebos": [
            {name: _finite(getattr(one, name)) for name in ("name", "effect", "p", "n", "unseen")}
            for one in found.placebos
        ],
        "weights": dict(found.weights),
    }


def panel_from_kept(kept: Mapping[str, Any] | None) -> PanelReading | None:
    """Read it back."""
    if kept is None:
        return None
    numbers = ("effect", "p", "unseen")
    return PanelReading(
        Method(kept["method"]),
        estimate_from(kept["estimate"]),
        tuple(Gap(**one | {"gap": math.nan if one["gap"] is None else one["gap"]}) for one in kept["gaps"]),
        kept["starts_at"],
        tuple(
            Placebo(**one | {name: math.nan if one[name] is None else one[name] for name in numbers})
            for one in kept["placebos"]
        ),
        kept["weights"],
    )


def _finite(value: float | str | None) -> float | str | None:
    """Leave out numbers that are none; what JSON holds is plain."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def kept_estimate(found: Estimate) -> dict[str, Any]:
    """Give an estimate; numbers that there are not are None, ends without bound too."""
    numbers = {name: getattr(found, name) for name in NUMBERS}
    return {name: value if math.isfinite(value) else None for name, value in numbers.items()} | {
        "n": found.n,
        "method": found.method,
        "level": found.level,
        "cautions": [kept_caution(one) for one in found.cautions],
    }


def estimate_from(kept: Mapping[str, Any]) -> Estimate:
    """Read an estimate back."""
    effect, se, low, high, p = (math.nan if kept[name] is None else kept[name] for name in NUMBERS)
    cautions = tuple(caution_from(one) for one in kept["cautions"])
    return Estimate(effect, se, low, high, p, kept["n"], kept["method"], kept["level"], cautions)


def kept_caution(found: Caution) -> dict[str, Any]:
    """Give what is to be careful about."""
    return {"key": found.key, "values": dict(found.values)}


def caution_from(kept: Mapping[str, Any]) -> Caution:
    """Read it back."""
    return Caution(kept["key"], kept["values"])


def _kept_segments(found: BySegment) -> dict[str, Any]:
    return {
        "dimension": found.dimension,
        "segments": {name: kept_estimate(one) for name, one in found.segments.items()},
        "mean": found.mean,
        "spread": found.spread,
        "p": found.p,
        "cautions": [kept_caution(one) for one in found.cautions],
    }


def _segments_from(kept: Mapping[str, Any]) -> BySegment:
    return BySegment(
        kept["dimension"],
        {name: estimate_from(one) for name, one in kept["segments"].items()},
        kept["mean"],
        kept["spread"],
        kept["p"],
        tuple(caution_from(one) for one in kept["cautions"]),
    )


def _kept_carry_over(found: CarryOver | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "step_min": found.step_min,
        "left": list(found.left),
        "errors": list(found.errors),
        "seen_steps": found.seen_steps,
        "effect": found.effect and kept_estimate(found.effect),
        "refused": found.refused and kept_caution(found.refused),
    }


def _carry_over_from(kept: Mapping[str, Any] | None) -> CarryOver | None:
    if kept is None:
        return None
    return CarryOver(
        kept["step_min"],
        tuple(kept["left"]),
        tuple(kept["errors"]),
        kept["seen_steps"],
        kept["effect"] and estimate_from(kept["effect"]),
        kept["refused"] and caution_from(kept["refused"]),
    )
