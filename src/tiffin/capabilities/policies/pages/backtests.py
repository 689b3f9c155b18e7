"""What a draft or another version would have done to past cases.

The page comes at once and asks for the result in a request of its own, first over a sample and then over all cases, so
that nobody waits before an empty page and nobody else waits at all.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.capabilities.policies.pages.backtest_telling import (
    output_names,
    told_matrix,
    told_people,
    told_stakes,
)
from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.pages.versions import DRAFT, TODAY, choosable, day_in, draft_in
from tiffin.capabilities.policies.service import library
from tiffin.capabilities.policies.service.backtest import SAMPLE, Backtest, backtest, limits_of
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.engines.decisions.replaying.comparison import Verdict
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}")


@router.get("/backtest")
def show_backtest(request: Request, context: ContextDep, name: str, base: str = TODAY, draft: str = "") -> HTMLResponse:
    """Show the choice of two versions and, once they are chosen, what the second would have done."""
    versions = choosable(context, name)
    drafts = [value for value, _ in versions if value.startswith(DRAFT)]
    return page(
        request,
        context,
        "policies/backtest.html",
        name=name,
        told=titled(context, name),
        versions=versions,
        base=base,
        draft=draft,
        suggested=draft or (drafts[0] if drafts else ""),
    )


@router.get("/backtest/result")
def show_result(
    request: Request, context: ContextDep, name: str, base: str = TODAY, draft: str = TODAY, whole: str = ""
) -> HTMLResponse:
    """Show what came out, over a sample or over all cases."""
    try:
        found = _tried(context, name, base, draft, sample=None if whole else SAMPLE)
    except (NotFound, Forbidden, InvalidDefinition) as refusal:
        return _result(request, context, name, refusal=refusal)
    return _result(request, context, name, found=found, base=base, draft=draft)


@router.get("/backtest.csv")
def take_along(
    context: ContextDep, name: str, part: str = "outcomes", base: str = TODAY, draft: str = TODAY
) -> Response:
    """Give what came out over all cases as a file: outcomes that became others, money and points, or people."""
    if part not in _PARTS:
        raise NotFound(
            Message(
                "One of {parts} was expected as a part of a backtest; {part} was found.",
                parts=", ".join(_PARTS),
                part=part,
            )
        )
    columns, rows = _PARTS[part](_tried(context, name, base, draft, sample=None))
    headers = {"Content-Disposition": f'attachment; filename="{name}-backtest-{part}.csv"'}
    return Response(as_csv(columns, rows), media_type="text/csv; charset=utf-8", headers=headers)


def _tried(context: Context, name: str, base: str, draft: str, *, sample: int | None) -> Backtest:
    number = draft_in(draft)
    on = day_in(context, draft) if number is None else None
    return backtest(context, name, draft=number, on=on, base=day_in(context, base), sample=sample)


def _result(
    request: Request,
    context: Context,
    name: str,
    *,
    found: Backtest | None = None,
    refusal: TiffinError | None = None,
    base: str = "",
    draft: str = "",
) -> HTMLResponse:
    locale = context.locale
    outputs = library.in_force(context, name, day_in(context, base)).stated.outputs if found is not None else ()
    compared = found.comparison if found is not None else None
    return page(
        request,
        context,
        "policies/backtest_result.html",
        name=name,
        found=found,
        refused=refusal.said if refusal is not None else "",
        matrix=told_matrix(compared, outputs, locale) if compared is not None else None,
        outputs=output_names(outputs, locale),
        stakes=told_stakes(compared, locale) if compared is not None else [],
        people=told_people(compared, locale) if compared is not None else [],
        limits=limits_of(found, locale) if found is not None else (),
        base=base,
        draft=draft,
    )


Rows = tuple[list[str], list[list[object]]]


def _outcomes(found: Backtest) -> Rows:
    names = sorted(
        {name for one in found.comparison.transitions for side in (one.base, one.draft) for name in side.outputs}
    )
    columns = ["before_standing", "before_rows", *(f"before_{name}" for name in names)]
    columns += ["after_standing", "after_rows", *(f"after_{name}" for name in names), "cases", "is_changed", "examples"]
    rows: list[list[object]] = [
        [*_side(one.base, names), *_side(one.draft, names), one.cases, one.is_changed, " ".join(one.examples)]
        for one in found.comparison.transitions
    ]
    return columns, rows


def _side(verdict: Verdict, names: list[str]) -> list[object]:
    values = [text_of(verdict.outputs[name]) if name in verdict.outputs else None for name in names]
    return [str(verdict.standing), " ".join(verdict.rows), *values]


def _stakes(found: Backtest) -> Rows:
    columns = [
        "market",
        "currency",
        "party",
        "cases",
        "changed",
        "before_minor",
        "after_minor",
        "before_points",
        "after_points",
    ]
    rows: list[list[object]] = []
    for one in found.comparison.stakes:
        counts = [one.cases, one.changed, one.base_minor, one.draft_minor, one.base_points, one.draft_points]
        rows.append([one.market, one.currency, one.party, *counts])
    return columns, rows


def _people(found: Backtest) -> Rows:
    columns = ["kind", "person", "currency", "cases", "money_minor", "points"]
    return columns, [
        [who.kind, who.person, who.currency, who.cases, who.money_minor, who.points]
        for kind in found.comparison.people
        for who in kind.most
    ]


_PARTS = {"outcomes": _outcomes, "stakes": _stakes, "people": _people}
