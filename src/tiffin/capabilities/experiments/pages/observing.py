"""What something did that nobody drew lots for: a form, and below it the estimate with all that it rests on."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.experiments.domain.panel_reading import Method
from tiffin.capabilities.experiments.pages.choices import weighed_metrics
from tiffin.capabilities.experiments.pages.panel import panel_told
from tiffin.capabilities.experiments.pages.told import TONES, VERDICTS, teller
from tiffin.capabilities.experiments.service.assumptions import METHODS
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.observing import (
    BEFORE_DAYS,
    USUAL_AFTER_DAYS,
    Observed,
    Question,
    observe,
    starts_from,
)
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)
LONGEST_BEFORE = 730


@router.get("/experiments/observe")
def show_observed(
    request: Request,
    context: ContextDep,
    metric: str = "",
    design: str = Method.SYNTHETIC_DID.value,
    treated: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    through: str = "",
) -> Response:
    """Show the form, and what was asked."""
    said = {"metric": metric, "design": design, "treated": treated, "from": since, "through": through}
    found, refusal = None, None
    if metric and treated and since:
        try:
            found = observe(context, _question(said))
        except (Forbidden, InvalidData, NotFound, WrongUse) as fault:
            refusal = fault
    return page(
        request,
        context,
        "experiments/observe.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        refused=_said(refusal),
        said=said,
        metrics=weighed_metrics(context),
        methods=[(one.value, translate(context.locale, METHODS[one])) for one in Method],
        before=BEFORE_DAYS,
        **(_told(context, found) if found else {"found": None}),
    )


def _said(refusal: TiffinError | None) -> str:
    return refusal.said if refusal else ""


def _question(said: dict[str, str]) -> Question:
    """Read what was typed.

    Raises
    ------
    WrongUse
        A day or a method cannot be read.
    """
    areas = [one.strip() for one in said["treated"].split(",") if one.strip()]
    starts = starts_from(areas, [read_day(one.strip()) for one in said["from"].split(",") if one.strip()])
    first = min(one.day for one in starts)
    through = read_day(said["through"]) if said["through"] else first + timedelta(days=USUAL_AFTER_DAYS - 1)
    if said["design"] not in set(Method):
        raise WrongUse(Message("There is no such way to compare: '{method}'.", method=said["design"]))
    return Question(said["metric"], Method(said["design"]), starts, _not_after(through, first), ())


def _not_after(through: date, first: date) -> date:
    return min(through, first + timedelta(days=LONGEST_BEFORE))


def _told(context: Context, found: Observed) -> dict[str, object]:
    told = teller(context, found.question.metric, found.places)
    estimate = found.reading.estimate
    return {
        "found": found,
        "told": told,
        "estimate": estimate,
        "verdict": told.verdict(estimate),
        "verdicts": VERDICTS,
        "tones": TONES,
        "panel": panel_told(found.reading, told),
        "cautions": [caution_text(one, context.locale) for one in estimate.cautions],
    }
