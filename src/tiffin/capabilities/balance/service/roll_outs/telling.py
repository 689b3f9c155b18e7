"""Roll-outs as plain values, for machines."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tiffin.capabilities.balance.service.roll_outs.cities import CityNow
from tiffin.capabilities.balance.service.roll_outs.evidence import Evidence
from tiffin.capabilities.balance.service.roll_outs.planning import Suggested
from tiffin.capabilities.balance.service.roll_outs.records import GateLook, RollOutState
from tiffin.capabilities.balance.service.roll_outs.register import Entry
from tiffin.engines.experiments.estimate import Caution, Estimate


def plain_roll_out(state: RollOutState) -> Mapping[str, Any]:
    """Give a roll-out with where it stands."""
    return {
        **state.plan.plain(),
        "case": state.case_id,
        "state": state.state,
        "version": state.version,
        "wave": state.wave + 1,
        "wave_first_day": state.wave_first_day.isoformat() if state.wave_first_day else None,
        "due_day": state.due_day.isoformat() if state.due_day else None,
        "created_by": state.created_by,
        "cities": [
            {
                "city_id": one.place.city_id,
                "name": one.place.name,
                "wave": one.wave + 1,
                "state": one.state.value,
                "is_on": one.state == "city_on",
                "version": one.version,
                "changed_at": one.changed_at.isoformat(),
            }
            for one in state.cities
        ],
        "gates": [_plain_gate(one) for one in state.gates],
        "actions": [one.action for one in state.actions],
    }


def plain_city(now: CityNow) -> Mapping[str, Any]:
    """Give what a system outside has to know of a city."""
    return {
        "city_id": now.city_id,
        "state": now.state.value,
        "is_on": now.is_on,
        "version": now.version,
        "changed_at": now.changed_at.isoformat(),
        "unit": now.unit,
        "until": now.until.isoformat() if now.until else None,
    }


def plain_suggestion(found: Suggested) -> Mapping[str, Any]:
    """Give a plan that nobody wrote down yet, with what it rests on."""
    refused = _plain_caution(found.refused) if found.refused else None
    return {"plan": found.plan.plain(), "refused": refused, "evidence": plain_evidence(found.evidence)}


def plain_evidence(found: Evidence) -> Mapping[str, Any]:
    """Give what is known of a remedy; effects are for the better."""
    pooled = found.pooled
    return {
        "remedy": found.remedy,
        "metric": found.metric,
        "average": _plain_estimate(pooled.average) if pooled.average else None,
        "spread": _finite(pooled.spread),
        "features": list(pooled.features),
        "refused": _plain_caution(pooled.refused) if pooled.refused else None,
        "tried": [
            {"city_id": one.city_id, "better": one.better, "se": one.se, "trials": one.trials,
             "drawn": _plain_estimate(one.drawn) if one.drawn else None}
            for one in pooled.tried
        ],
        "foretold": {city: _plain_estimate(one) for city, one in found.foretold.items()},
    }  # fmt: skip


def plain_entry(one: Entry) -> Mapping[str, Any]:
    """Give one line of the register."""
    last = one.last_day.isoformat() if one.last_day else None
    return asdict(one) | {"kind": one.kind.value, "result": one.result.value, "last_day": last}


def _plain_gate(one: GateLook) -> Mapping[str, Any]:
    return {
        "wave": one.wave + 1,
        "through": one.through_day.isoformat(),
        "days": one.days,
        "verdict": one.verdict,
        "because": list(one.because),
        "readings": list(one.readings),
    }


def _plain_estimate(one: Estimate) -> Mapping[str, Any]:
    told = {name: _finite(getattr(one, name)) for name in ("effect", "se", "low", "high")}
    return told | {"level": one.level, "n": one.n, "warnings": [_plain_caution(caution) for caution in one.cautions]}


def _plain_caution(one: Caution) -> Mapping[str, Any]:
    return {"key": one.key, **one.values}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
