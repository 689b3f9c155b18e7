"""A design as a form says it: kept as it was typed, read as a trial, and filled from one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit
from tiffin.capabilities.experiments.service.laying_out import Wanted
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.assigning.allocation import WHOLE
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.web.measures import typed_scale

ARMS, GUARDRAILS = 4, 3
"""How many of each the form has room for."""
MANY = ("cities", "others")
USUAL_SIZES = (1, 2, 3)
"""How many areas are treated in the sets that are proposed, where nobody says."""
PERCENT = WHOLE // 100
_POINTS = str.maketrans({",": ".", "\N{ARABIC DECIMAL SEPARATOR}": "."})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: fields with one value, and those of which several can be chosen."""

    said: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]


async def typed_form(request: Request) -> Typed:
    """Give what the form of a design says."""
    form = await request.form()
    said = {name: text.strip() for name, text in form.items() if isinstance(text, str) and name not in MANY}
    chosen = {name: tuple(one for one in form.getlist(name) if isinstance(one, str)) for name in MANY}
    return Typed(said, chosen)


TypedForm = Annotated[Typed, Depends(typed_form)]


def plain_design(context: Context, typed: Typed, currency: str | None) -> Mapping[str, Any]:
    """Read a design as `trial_from` takes it.

    Parameters
    ----------
    currency : str or None
        In which amounts of money were typed.

    Raises
    ------
    WrongUse
        Something is no number.
    NotFound
        There is no such metric.
    """
    said = typed.said
    design = said.get("design", "")
    is_switchback = design == Design.SWITCHBACK
    plain: dict[str, Any] = {name: said.get(name, "") for name in ("name", "question", "metric", "first", "last")}
    plain |= {"design": said.get("design", ""), "unit": said.get("unit", ""), **typed.chosen}
    plain["arms"] = _arms(said, is_even=design != Design.SPLIT)
    plain["zones"] = tuple(one.strip() for one in said.get("zones", "").split(",") if one.strip())
    plain["smallest_effect"] = _number(said, "smallest_effect") * _scale(context, plain["metric"], currency)
    plain["guardrails"] = _guardrails(context, said, currency)
    if is_switchback:
        plain |= {name: int(_number(said, name)) for name in ("window_min", "washout_min")}
    if design == Design.GEO:
        plain["starts"] = [{"area": area, "day": plain["first"]} for area in _areas(said)]
    if design == Design.STAGED:
        plain |= {name: int(_number(said, name)) for name in ("stages", "stage_days")}
    plain["exposure_bp"] = round(_number(said, "exposure", 100.0) * PERCENT)
    plain["layer"] = said.get("layer", "")
    ends = (_number(said, "slice_from", 0.0), _number(said, "slice_to", 100.0))
    plain["slice_bp"] = tuple(round(one * PERCENT) for one in ends)
    plain["level"] = _number(said, "level", 95.0) / 100
    plain["power"] = _number(said, "power", 80.0) / 100
    return plain


def typed_design(context: Context, trial: Trial, currency: str | None) -> Typed:
    """Fill the form from a trial."""
    said = {name: str(getattr(trial, name)) for name in ("name", "question", "metric", "layer")}
    said |= {"design": trial.design.value, "unit": trial.unit.value, "zones": ", ".join(trial.zones)}
    said |= {"first": trial.first.isoformat(), "last": trial.last.isoformat()}
    said |= {"window_min": str(trial.window_min), "washout_min": str(trial.washout_min)}
    said |= {"stages": str(trial.stages), "stage_days": str(trial.stage_days)}
    said |= {"treated": ", ".join(one.area for one in trial.starts)}
    for number, arm in enumerate(trial.arms):
        said |= {f"arm_{number}": arm.name, f"share_{number}": _written(arm.share_bp / PERCENT)}
    said["smallest_effect"] = _written(trial.smallest_effect / _scale(context, trial.metric, currency))
    for number, one in enumerate(trial.guardrails):
        most = one.most_worse / _scale(context, one.metric, currency)
        said |= {f"guarded_{number}": one.metric, f"most_worse_{number}": _written(most)}
    said |= {"exposure": _written(trial.exposure_bp / PERCENT), "level": _written(trial.level * 100)}
    said |= {"slice_from": _written(trial.slice_bp[0] / PERCENT), "slice_to": _written(trial.slice_bp[1] / PERCENT)}
    return Typed(said | {"power": _written(trial.power * 100)}, {"cities": trial.cities, "others": trial.others})


def wanted_areas(typed: Typed) -> Wanted:
    """Read for which trial areas are to be matched.

    Raises
    ------
    WrongUse
        A day, a number or the metric is missing.
    """
    said = typed.said
    if not said.get("metric") or not typed.chosen["cities"] or said.get("unit") not in set(Unit):
        raise WrongUse(Message("Choose cities and the metric that decides; areas are matched by it."))
    first, last = read_day(said.get("first", "")), read_day(said.get("last", ""))
    size = int(_number(said, "size", 0.0))
    return Wanted(
        said["metric"],
        Unit(said["unit"]),
        typed.chosen["cities"],
        (size,) if size > 0 else USUAL_SIZES,
        max(1, (last - first).days + 1),
        first,
    )


def _areas(said: Mapping[str, str]) -> list[str]:
    return [one.strip().replace(":", "/") for one in said.get("treated", "").split(",") if one.strip()]


def _arms(said: Mapping[str, str], *, is_even: bool) -> list[dict[str, Any]]:
    numbers = [number for number in range(ARMS) if said.get(f"arm_{number}")]
    if is_even:
        return [{"name": said[f"arm_{number}"], "share_bp": WHOLE // 2} for number in numbers]
    return [
        {"name": said[f"arm_{number}"], "share_bp": round(_number(said, f"share_{number}") * PERCENT)}
        for number in numbers
    ]


def _guardrails(context: Context, said: Mapping[str, str], currency: str | None) -> list[dict[str, Any]]:
    named = [(number, said.get(f"guarded_{number}", "")) for number in range(GUARDRAILS)]
    return [
        {"metric": metric, "most_worse": _number(said, f"most_worse_{number}") * _scale(context, metric, currency)}
        for number, metric in named
        if metric
    ]


def _scale(context: Context, metric: str, currency: str | None) -> float:
    return typed_scale(find_metric(context, metric).unit.value, currency)


def _number(said: Mapping[str, str], name: str, otherwise: float = 0.0) -> float:
    text = said.get(name, "")
    try:
        return float(text.removesuffix("%").translate(_POINTS)) if text else otherwise
    except ValueError:
        raise WrongUse(Message("'{text}' is no number. Write it like 2.5.", text=text)) from None


def _written(value: float) -> str:
    return f"{value:.10g}"
