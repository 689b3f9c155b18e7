"""The survey of data users: asked, answered, put off, and its score over time."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from tiffin.capabilities.adoption.domain.satisfaction import HIGHEST, LOWEST, STATEMENTS
from tiffin.capabilities.adoption.pages.forms import WholeForm, seen, shown, status_of
from tiffin.capabilities.adoption.service import surveys
from tiffin.capabilities.adoption.service.surveys import WaveScore
from tiffin.capabilities.adoption.service.words import STATEMENTS as WORDS
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart
from tiffin.web.edge import ContextDep
from tiffin.web.page import SURVEY_COOKIE

router = APIRouter()

DAY_S = 24 * 3600
MOST_WAVES = 12


@router.get("/survey")
def show_survey(request: Request, context: ContextDep) -> Response:
    """Show the survey to whoever has not answered lately, and the scores to everybody."""
    return _survey(request, context)


@router.get("/survey/prompt")
def show_prompt(request: Request, context: ContextDep) -> Response:
    """Give the line that asks for an answer, where it is time; a browser asks for it once a day."""
    is_due = surveys.is_due(context)
    response = shown(request, context, "adoption/survey_prompt.html", is_due=is_due)
    response.set_cookie(SURVEY_COOKIE, "asked", max_age=DAY_S, samesite="lax", httponly=True)
    return response


@router.post("/survey")
def answer(request: Request, context: ContextDep, form: WholeForm) -> Response:
    """Keep somebody's answers."""
    told = form.told
    scores = {name: int(told[name]) for name in STATEMENTS if told.get(name, "").isdecimal()}
    try:
        surveys.answer(context, scores, remark=told.get("remark", ""))
    except (Conflict, WrongUse) as refusal:
        return _survey(request, context, refused=refusal.said, told=told, status=status_of(refusal))
    return seen("/adoption/survey?thanks=1")


@router.post("/survey/later")
def put_off(context: ContextDep) -> Response:
    """Leave the reader alone for a while."""
    surveys.put_off(context)
    return seen("/adoption")


def _survey(
    request: Request, context: Context, *, refused: str = "", told: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    waves = surveys.results(context)
    return shown(
        request,
        context,
        "adoption/survey.html",
        status=status,
        is_due=surveys.is_due(context) or bool(told),
        statements=[(name, translate(context.locale, text)) for name, text in WORDS.items()],
        points=range(LOWEST, HIGHEST + 1),
        waves=waves,
        chart=_chart(context, waves[:MOST_WAVES][::-1]),
        thanks="thanks" in request.query_params,
        refused=refused,
        told=told or {},
    )


def _chart(context: Context, waves: tuple[WaveScore, ...]) -> Markup:
    locale = context.locale
    caption = Caption(
        translate(locale, mark("Content users of data, by quarter")),
        translate(locale, mark("Share of people whose mean answer is 4 or more, with its 95 % interval.")),
    )
    shares = [one.content for one in waves]
    band = Band(
        translate(locale, mark("95 % interval")),
        tuple(one.low if one else None for one in shares),
        tuple(one.high if one else None for one in shares),
    )
    series = [Series(translate(locale, mark("Content")), tuple(one.share if one else None for one in shares))]

    def show(value: float | None) -> str:
        return format_percent(value, locale, decimals=0)

    return line_chart([one.wave for one in waves], series, caption=caption, locale=locale, band=band, show=show)
