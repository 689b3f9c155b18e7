"""Trials as plain values, for machines."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.experiments.service.assigning import Assigned
from tiffin.capabilities.experiments.service.records import TrialState


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
