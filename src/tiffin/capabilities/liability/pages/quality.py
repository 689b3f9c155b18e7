"""The quality of judgement in a browser: agreement, calibration of confidence, and whether groups are judged alike."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.quality_report import AgreementOf
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service import gold, quality_drawing
from tiffin.capabilities.liability.service.judging_words import PARTIES
from tiffin.capabilities.liability.service.ledger_words import INCIDENTS
from tiffin.capabilities.liability.service.quality import POLICY, QualityReport, report
from tiffin.capabilities.liability.service.quality_words import DIMENSIONS, GROUPS
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, format_percent, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.interval import Interval, interval_chart
from tiffin.web.charts.reliability import Point, reliability_diagram
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)


@router.get("/liability/quality")
def show_quality(request: Request, context: ContextDep) -> Response:
    """Show what second looks say of judgement in the reader's places."""
    found = report(context)
    return page(
        request,
        context,
        "liability/quality.html",
        tabs=TABS,
        report=found,
        alpha_chart=_alphas(context, found),
        reliability=_reliability(context, found),
        forest=_forest(context, found),
        name_of=lambda one: _name(context, one),
        group_of=lambda one: group_name(context, one),
        dimension_of=lambda one: translate(context.locale, DIMENSIONS[one]),
    )


@router.post("/liability/quality/draw")
def draw(context: ContextDep) -> Response:
    """Draw second looks of the verdicts of late."""
    quality_drawing.draw(context)
    return RedirectResponse("/liability/quality", HTTPStatus.SEE_OTHER)


@router.get("/liability/quality/gold")
def show_gold(request: Request, context: ContextDep, verdict: str = "") -> Response:
    """Show the cases whose answer is known, and let one be proposed."""
    return _gold(request, context, verdict)


@router.post("/liability/quality/gold")
def make_gold(
    request: Request,
    context: ContextDep,
    verdict: Annotated[str, Form()],
    liable: Annotated[Party, Form()],
    reason: Annotated[str, Form()],
) -> Response:
    """Propose a case whose answer is known; a refusal says why."""
    try:
        gold.make_gold(context, verdict.strip(), liable, reason)
    except TiffinError as refusal:
        return _gold(request, context, verdict, refused=refusal)
    return RedirectResponse("/liability/quality/gold", HTTPStatus.SEE_OTHER)


@router.post("/liability/quality/gold/{gold_id}")
def agree(request: Request, context: ContextDep, gold_id: int) -> Response:
    """Agree to a proposed case as the second person; a refusal says why."""
    try:
        gold.agree_gold(context, gold_id)
    except TiffinError as refusal:
        return _gold(request, context, "", refused=refusal)
    return RedirectResponse("/liability/quality/gold", HTTPStatus.SEE_OTHER)


def _gold(request: Request, context: Context, verdict: str, refused: TiffinError | None = None) -> Response:
    return page(
        request,
        context,
        "liability/quality_gold.html",
        status=refused.http_status if refused else HTTPStatus.OK,
        tabs=TABS,
        cases=gold.gold_cases(context),
        verdict=verdict,
        refused=refused.said if refused else "",
        parties=PARTIES,
        incidents=INCIDENTS,
    )


def _alphas(context: Context, found: QualityReport) -> Markup:
    locale = context.locale
    rows = [(translate(locale, "All"), found.overall), *((_name(context, one), one) for one in found.types)]
    caption = Caption(
        translate(locale, "Agreement by type of incident"),
        translate(locale, "Krippendorff's alpha with its interval; the dashed lines are where it may be relied on."),
    )
    return interval_chart(
        [Interval(name, one.found.alpha, one.found.low, one.found.high) for name, one in rows],
        caption=caption,
        columns=_columns(context, translate(locale, "Type")),
        marks=(found.plan.alpha_tentative, found.plan.alpha_relied_on),
        locale=locale,
        show=lambda value: format_number(value, locale, decimals=2),
    )


def _reliability(context: Context, found: QualityReport) -> Markup:
    locale = context.locale
    points = [Point(one.confidence, one.share, one.low, one.high, one.count) for one in found.calibration.bins]
    caption = Caption(
        translate(locale, "Does confidence mean what it says?"),
        translate(locale, "How often verdicts of each confidence stood; on the dashed line it means what it says."),
    )
    columns = (
        translate(locale, "Confidence"),
        translate(locale, "Stood"),
        translate(locale, "At least"),
        translate(locale, "At most"),
        translate(locale, "Verdicts"),
    )
    return reliability_diagram(
        points,
        caption=caption,
        columns=columns,
        locale=locale,
        show=lambda share: format_percent(share, locale, decimals=0),
    )


def _forest(context: Context, found: QualityReport) -> Markup:
    locale = context.locale
    rows = [
        Interval(
            f"{translate(locale, DIMENSIONS[one.dimension])}: {group_name(context, one.group)}",
            one.found.ratio,
            one.found.low,
            one.found.high,
            is_strong=one.is_called,
        )
        for one in found.groups
        if one.found is not None
    ]
    caption = Caption(
        translate(locale, "How often riders are held liable, group by group"),
        translate(locale, "Times as often as all other riders with the same type of incident in the same city."),
    )
    return interval_chart(
        rows,
        caption=caption,
        columns=_columns(context, translate(locale, "Group")),
        marks=(1.0,),
        is_ratio=True,
        locale=locale,
        show=lambda value: format_number(value, locale, decimals=2),
    )


def _columns(context: Context, first: str) -> tuple[str, str, str, str]:
    locale = context.locale
    return first, translate(locale, "Value"), translate(locale, "At least"), translate(locale, "At most")


def _name(context: Context, one: AgreementOf) -> str:
    """Name a type of incident, a reviewer or a week."""
    if one.name == POLICY:
        return translate(context.locale, "Policies by themselves")
    return translate(context.locale, INCIDENTS[one.name]) if one.name in INCIDENTS else one.name


def group_name(context: Context, group: str) -> str:
    """Name a group of riders; a city or language keeps its own name."""
    return translate(context.locale, GROUPS[group]) if group in GROUPS else group
