"""Trials as plain values, for machines."""

import math
from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.service.assigning import Assigned
from tiffin.capabilities.experiments.service.kept_findings import kept_findings
from tiffin.capabilities.experiments.service.reading import Readout
from tiffin.capabilities.experiments.service.records import TrialState
from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.power.curve import PowerCurve


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
