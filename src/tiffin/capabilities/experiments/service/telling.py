"""Trials as plain values, for machines."""

import math
from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.service.assigning import Assigned
from tiffin.capabilities.experiments.service.assumptions import ASSUMPTIONS
from tiffin.capabilities.experiments.service.kept_findings import kept_findings, kept_panel
from tiffin.capabilities.experiments.service.observing import Observed
from tiffin.capabilities.experiments.service.reading import Readout
from tiffin.capabilities.experiments.service.records import TrialState
from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.geo_markets import MarketChoice
from tiffin.engines.experiments.power.curve import PowerCurve
from tiffin.runtime.i18n import translate


def plain_state(state: TrialState) -> Mapping[str, Any]:
    """Give a trial with where it stands."""
    return {
        **state.trial.plain(),
        "case": state.case_id,
        "state": state.state,
        "version": state.version,
        "created_by": state.created_by,
        "starts_at": state.starts_at.isoformat() if state.starts_at else None,
        "ended_at": state.ended_at.isoformat() if state.ended_at else None,
        "actions": [one.action for one in state.actions],
    }


def plain_assigned(found: Assigned) -> Mapping[str, Any]:
    """Give what a unit has."""
    return {
        "unit": found.unit,
        "arm": found.arm,
        "until": found.until.isoformat() if found.until else None,
        "is_washed_out": found.is_washed_out,
    }


def plain_estimate(found: Estimate) -> Mapping[str, Any]:
    """Give an estimate; numbers that a method does not give, and ends without bound, are None."""
    numbers = {name: getattr(found, name) for name in ("effect", "se", "low", "high", "p")}
    told = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return told | {
        "n": found.n,
        "method": found.method,
        "level": found.level,
        "warnings": [plain_caution(one) for one in found.cautions],
    }


def plain_caution(found: Caution) -> Mapping[str, Any]:
    """Give what is to be careful about."""
    return {"key": found.key, **found.values}


def plain_curve(found: PowerCurve) -> Mapping[str, Any]:
    """Give what a design finds, by length; an effect that is never found often enough is None."""
    return {
        "metric": found.metric,
        "power": found.asked.power,
        "level": found.asked.level,
        "lengths": [
            {
                "days": one.days,
                "units": one.units,
                "smallest_effect": one.smallest_effect if math.isfinite(one.smallest_effect) else None,
            }
            for one in found.points
        ],
        "warnings": [plain_caution(one) for one in found.cautions],
    }


def plain_readout(found: Readout) -> Mapping[str, Any]:
    """Give a read-out."""
    return {
        "name": found.name,
        "through": found.through.isoformat(),
        "is_final": found.is_final,
        "stopped_by": found.broken,
        "readings": [_plain_arm(one) for one in found.arms],
    }


def _plain_arm(one: ArmReading) -> Mapping[str, Any]:
    values = {name: value if math.isfinite(value) else None for name, value in
              (("today", one.today), ("tried", one.tried))}  # fmt: skip
    told: Mapping[str, Any] = plain_estimate(one.estimate) if one.estimate else {}
    refused = plain_caution(one.refused) if one.refused else None
    return {
        "metric": one.metric,
        "arm": one.arm,
        **values,
        **told,
        "corrected_p": one.corrected_p,
        "refused": refused,
        "findings": kept_findings(one.findings),
    }


def plain_choice(found: MarketChoice) -> Mapping[str, Any]:
    """Give a set of areas that could be treated, and how well a trial of them would do."""
    return {
        "areas": list(found.cities),
        "days": found.duration,
        "smallest_effect": found.smallest_effect if math.isfinite(found.smallest_effect) else None,
        "false_alarms": found.false_alarms,
        "scaled_miss": found.scaled_miss,
        "off_at_zero": found.off_at_zero,
        "share": found.share,
        "power": {f"{effect:+g}": share for effect, share in found.power.items()},
    }


def plain_observed(found: Observed, locale: str = "en") -> Mapping[str, Any]:
    """Give what something did that nobody drew lots for, with what has to be assumed and the tests that were run."""
    asked = found.question
    return {
        "metric": asked.metric,
        "design": asked.method.value,
        "treated": [{"area": one.area, "from": one.day.isoformat()} for one in asked.treated],
        "through": asked.through.isoformat(),
        **plain_estimate(found.reading.estimate),
        "compared_with": found.donors,
        "left_out": list(found.left_out),
        "assumptions": [translate(locale, text) for text in ASSUMPTIONS[asked.method]],
        "panel": kept_panel(found.reading),
    }
