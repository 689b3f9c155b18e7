"""The form of a plan: filled from what trials found, changed by a person, and written down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance.domain.roll_out import Holdout, Plan
from tiffin.capabilities.balance.pages.roll_out_figures import BASES, HOLDOUTS, figures, typed_number
from tiffin.capabilities.balance.pages.roll_out_forest import cautions_of, forest
from tiffin.capabilities.balance.service.roll_outs.evidence import Evidence, evidence_of
from tiffin.capabilities.balance.service.roll_outs.planning import draft, planned_in, revise, suggest
from tiffin.capabilities.balance.service.roll_outs.records import RollOutState, find_roll_out
from tiffin.capabilities.metrics.service import list_metrics
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.parts import has_parts
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

REFUSALS = (Conflict, Forbidden, NotFound, WrongUse)
LIMITS = 3
PERCENT = 100


async def typed_form(request: Request) -> Mapping[str, str]:
    """Give what the form of a plan says."""
    form = await request.form()
    return {name: text.strip() for name, text in form.items() if isinstance(text, str)}


Typed = Annotated[Mapping[str, str], Depends(typed_form)]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the form shows: the plan beneath it, what was typed, of which roll-out, and why it was refused."""

    plan: Plan
    evidence: Evidence
    said: Mapping[str, str]
    state: RollOutState | None = None
    refusal: TiffinError | None = None


@router.get("/roll-outs/new")
def show_new(request: Request, context: ContextDep, trial: str = "") -> Response:
    """Show the form, filled with what is suggested from a trial."""
    try:
        found = suggest(context, trial)
    except Conflict as refusal:
        return page(request, context, "balance/roll_out_plan.html", status=HTTPStatus.CONFLICT, refused=refusal.said,
                    plan=None)  # fmt: skip
    return _page(request, context, Drawn(found.plan, found.evidence, _typed(context, found.plan)))


@router.post("/roll-outs/new")
def write_new(request: Request, context: ContextDep, said: Typed, trial: str = "") -> Response:
    """Write what was typed down; a refusal keeps it."""
    found = suggest(context, trial)
    drawn = Drawn(found.plan, found.evidence, said)
    return _done(request, context, drawn, lambda plain: draft(context, plain))


@router.get("/roll-outs/{case_id}/edit")
def show_edit(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show the form of a plan that nobody was asked to agree to yet."""
    state = find_roll_out(context, str(case_id))
    return _page(
        request, context, Drawn(state.plan, _evidence(context, state.plan), _typed(context, state.plan), state)
    )


@router.post("/roll-outs/{case_id}/edit")
def write_edit(request: Request, context: ContextDep, case_id: int, said: Typed) -> Response:
    """Change a plan to what was typed; a refusal keeps it."""
    state = find_roll_out(context, str(case_id))
    seen = said.get("version", "")
    version = int(seen) if seen.isdecimal() else state.version
    drawn = Drawn(state.plan, _evidence(context, state.plan), said, state)
    return _done(request, context, drawn, lambda plain: revise(context, str(case_id), plain, version=version))


def _done(
    request: Request, context: Context, drawn: Drawn, write: Callable[[Mapping[str, Any]], RollOutState]
) -> Response:
    try:
        with context.session.begin_nested():
            found = write(_plain(context, drawn))
    except REFUSALS as refusal:
        return _page(request, context, Drawn(drawn.plan, drawn.evidence, drawn.said, drawn.state, refusal))
    return RedirectResponse(f"/roll-outs/{found.case_id}", HTTPStatus.SEE_OTHER)


def _page(request: Request, context: Context, drawn: Drawn) -> Response:
    locale, plan, refusal = context.locale, drawn.plan, drawn.refusal
    names = {one.city_id: translate(locale, one.name) for one in visible_cities(context)}
    told = figures(context, plan.metric, _currencies(context, plan))
    return page(
        request,
        context,
        "balance/roll_out_plan.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        plan=plan,
        state=drawn.state,
        said=drawn.said,
        told=told,
        cities=sorted(((city, names[city]) for city in planned_in(context)), key=lambda one: one[1]),
        foretold=drawn.evidence.foretold,
        plot=forest(drawn.evidence.pooled, drawn.evidence.foretold, names, told),
        cautions=cautions_of(drawn.evidence.pooled, locale),
        metrics=_metrics(context),
        limits=range(LIMITS),
        holdouts=[(one.value, translate(locale, HOLDOUTS[one])) for one in Holdout],
        bases=BASES,
    )


def _plain(context: Context, drawn: Drawn) -> Mapping[str, Any]:
    """Read what was typed as `plan_from` takes it; what the form does not ask stays as it was."""
    said, plan = drawn.said, drawn.plan
    told = figures(context, plan.metric, _currencies(context, plan))
    waves: dict[int, list[str]] = {}
    for city in planned_in(context):
        number = int(typed_number(said, f"wave_{city}"))
        if number > 0:
            waves.setdefault(number, []).append(city)
    first = {city: at for at, city in enumerate(plan.cities)}
    laid = [sorted(waves[number], key=lambda city: (first.get(city, len(first)), city)) for number in sorted(waves)]
    return plan.plain() | {
        "name": said.get("name", plan.name),
        "waves": laid,
        "left_out": [city for city in plan.cities if city not in {one for wave in laid for one in wave}],
        "cost": typed_number(said, "cost") * told.scale,
        "holdout": said.get("holdout", plan.holdout.value),
        "holdout_bp": round(typed_number(said, "held_out", 20.0) * PERCENT),
        "least_days": int(typed_number(said, "least_days")),
        "most_days": int(typed_number(said, "most_days")),
        "limits": _limits(context, said, plan),
        "seed": "",
    }


def _limits(context: Context, said: Mapping[str, str], plan: Plan) -> list[dict[str, Any]]:
    named = [(number, said.get(f"guarded_{number}", "")) for number in range(LIMITS)]
    return [
        {
            "metric": metric,
            "most_worse": typed_number(said, f"most_worse_{number}")
            * figures(context, metric, _currencies(context, plan)).scale,
        }
        for number, metric in named
        if metric
    ]


def _typed(context: Context, plan: Plan) -> Mapping[str, str]:
    """Fill the form from a plan."""
    currencies = _currencies(context, plan)
    said = {
        "name": plan.name,
        "cost": _written(plan.cost / figures(context, plan.metric, currencies).scale),
        "holdout": plan.holdout.value,
        "held_out": _written(plan.holdout_bp / PERCENT),
        "least_days": str(plan.least_days),
        "most_days": str(plan.most_days),
    }
    said |= {f"wave_{city}": str(number) for number, wave in enumerate(plan.waves, 1) for city in wave}
    for number, one in enumerate(plan.limits[:LIMITS]):
        most = one.most_worse / figures(context, one.metric, currencies).scale
        said |= {f"guarded_{number}": one.metric, f"most_worse_{number}": _written(most)}
    return said


def _evidence(context: Context, plan: Plan) -> Evidence:
    return evidence_of(context, plan.remedy, plan.metric, planned_in(context))


def _currencies(context: Context, plan: Plan) -> frozenset[str]:
    return frozenset(one.currency for one in visible_cities(context) if one.city_id in plan.cities)


def _metrics(context: Context) -> list[tuple[str, str]]:
    known = [
        (one.name, one.label.text(context.locale)) for one in list_metrics(context) if has_parts(context, one.name)
    ]
    return sorted(known, key=lambda one: one[1])


def _written(value: float) -> str:
    return f"{value:.10g}"
