"""Pages of the standards that definitions keep, and of why two numbers differ."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import BaseModel

from tiffin.capabilities.metrics.domain.naming import mapping_text
from tiffin.capabilities.metrics.pages.authoring import posted
from tiffin.capabilities.metrics.pages.authoring_words import RULES
from tiffin.capabilities.metrics.service.asking_differences import ASPECTS, AskedDifference, difference_asked
from tiffin.capabilities.metrics.service.differences import Comparison
from tiffin.capabilities.metrics.service.exported import ExportComparison
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.standards import standards_report
from tiffin.engines.metrics.comparing.foreign_queries import DIALECTS
from tiffin.kernel.errors import Forbidden, TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.waterfall import Step, waterfall
from tiffin.web.edge import ContextDep
from tiffin.web.measures import shower
from tiffin.web.page import page

router = APIRouter()


class Filled(BaseModel):
    """What was filled into the form of a comparison; every part but the metric may be empty."""

    metric: str = ""
    sql: str = ""
    dialect: str = "duckdb"
    mapping: str = ""
    other: str = ""
    claimed: str = ""
    as_of: str = ""
    first: str = ""
    last: str = ""
    export: str = ""


def filled_form(values: Annotated[dict[str, str], Depends(posted)]) -> Filled:
    """Read the posted form of a comparison."""
    return Filled.model_validate(values)


@router.get("/standards")
def show_standards(request: Request, context: ContextDep) -> HTMLResponse:
    """Show which definitions break a standard; two that mean the same are among them."""
    report = standards_report(context, with_examples=False)
    return page(request, context, "metrics/standards.html", report=report, rules=RULES)


@router.get("/differ")
def show_form(request: Request, context: ContextDep, metric: str = "") -> HTMLResponse:
    """Show the form of a comparison."""
    return _drawn(request, context, Filled(metric=metric), None, "")


@router.post("/differ")
def show_difference(
    request: Request, context: ContextDep, form: Annotated[Filled, Depends(filled_form)]
) -> HTMLResponse:
    """Compare a metric with what was pasted, and show the difference in parts."""
    try:
        found = difference_asked(context, AskedDifference(**form.model_dump()))
    except Forbidden:
        raise
    except TiffinError as refused:
        return _drawn(request, context, form, None, refused.said)
    return _drawn(request, context, form, found, "")


def _drawn(
    request: Request, context: Context, form: Filled, found: Comparison | ExportComparison | None, refused: str
) -> HTMLResponse:
    is_split = isinstance(found, Comparison)
    if isinstance(found, Comparison) and not form.mapping:
        form = form.model_copy(update={"mapping": mapping_text(found.naming)})
    return page(
        request,
        context,
        "metrics/differ.html",
        status=422 if refused else 200,
        form=form,
        refused=refused,
        found=found if is_split else None,
        exported=found if isinstance(found, ExportComparison) else None,
        chart=_chart(context, found) if isinstance(found, Comparison) else Markup(""),
        aspects=ASPECTS,
        dialects=[(one, one) for one in DIALECTS],
        names=sorted(unchecked_library(context.workspace).model.metrics),
    )


def _chart(context: Context, found: Comparison) -> Markup:
    locale = context.locale
    steps = [Step(translate(locale, ASPECTS[part.aspect]), float(part.amount), part.change) for part in found.parts]
    if found.rest != Decimal(0):
        steps.append(Step(translate(locale, "Unexplained"), float(found.rest)))
    start = Step(found.metric, float(found.mine))
    end = Step(translate(locale, "The other number"), float(found.theirs))
    caption = Caption(translate(locale, "From one number to the other"))
    show = shower(found.unit, locale, currency=found.currency)
    return waterfall(start, steps, end, caption=caption, locale=locale, show=show)
