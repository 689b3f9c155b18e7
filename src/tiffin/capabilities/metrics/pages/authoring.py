"""Pages on which definitions are written, tried, reviewed and published."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from tiffin.capabilities.metrics.domain.forms import FormField, fields_of
from tiffin.capabilities.metrics.pages.authoring_words import ACTS, LIKENESSES, RULES, STATES
from tiffin.capabilities.metrics.service import authoring, ledger, publishing
from tiffin.capabilities.metrics.service.authoring_texts import form_of, read_text, text_from_form
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.standards import publication_findings
from tiffin.capabilities.metrics.service.trial import (
    Checked,
    FieldProblem,
    check_text,
    consumers_of,
    duplicates_of,
    form_problem,
    trial_values,
)
from tiffin.kernel.errors import FailedCheck, InvalidDefinition, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.edge import ContextDep
from tiffin.web.measures import shower
from tiffin.web.page import page

router = APIRouter()


async def posted(request: Request) -> Mapping[str, str]:
    """Read a posted form whose fields are not known beforehand."""
    return {key: str(value) for key, value in (await request.form()).items()}


Posted = Annotated[Mapping[str, str], Depends(posted)]


@router.get("/drafts")
def show_drafts(request: Request, context: ContextDep, name: str = "") -> HTMLResponse:
    """Show the drafts that are open, what was published last, and how to begin another."""
    return page(
        request,
        context,
        "metrics/drafts.html",
        drafts=authoring.list_drafts(context),
        published=publishing.publications(context)[:30],
        broken=publishing.broken_locks(context),
        may_author=authoring.may_author(context),
        names=sorted(unchecked_library(context.workspace).model.metrics),
        states=STATES,
        name=name,
    )


@router.post("/drafts")
def begin(context: ContextDep, values: Posted) -> RedirectResponse:
    """Begin a draft of a metric, new or published, or the one that gives it up for another."""
    name, successor = values.get("name", "").strip(), values.get("successor", "").strip()
    if successor:
        return _to(authoring.begin_deprecation(context, name, successor=successor).draft_id)
    return _to(authoring.begin_draft(context, name).draft_id)


@router.get("/drafts/{draft_id}")
def show_draft(request: Request, context: ContextDep, draft_id: int, city: str = "") -> HTMLResponse:
    """Show a draft: its form beside its text, what it changes, what it touches, and its review."""
    return _editor(request, context, authoring.find_draft(context, draft_id), city=city)


@router.post("/drafts/{draft_id}/form", response_model=None)
def save_form(request: Request, context: ContextDep, draft_id: int, values: Posted) -> HTMLResponse | RedirectResponse:
    """Write the text from the form; what cannot be read is shown at its field."""
    draft = authoring.find_draft(context, draft_id)
    try:
        authoring.save_draft(context, draft_id, text_from_form(draft.metric, values))
    except (InvalidDefinition, WrongUse) as error:
        problem = form_problem(error) if isinstance(error, InvalidDefinition) else FieldProblem(error.said, "since")
        return _editor(request, context, draft, values=values, refused=problem)
    return _to(draft_id)


@router.post("/drafts/{draft_id}/text", response_model=None)
def save_text(request: Request, context: ContextDep, draft_id: int, values: Posted) -> HTMLResponse | RedirectResponse:
    """Fill the form from the text; what cannot be read is shown at its line."""
    draft = authoring.find_draft(context, draft_id)
    text = values.get("text", "").replace("\r\n", "\n")
    try:
        authoring.save_draft(context, draft_id, text)
    except (InvalidDefinition, WrongUse) as error:
        return _editor(request, context, draft, text=text, refused=FieldProblem(error.said))
    return _to(draft_id)


@router.post("/drafts/{draft_id}/submit")
def submit(context: ContextDep, draft_id: int, values: Posted) -> RedirectResponse:
    """Hand a draft over for review."""
    authoring.submit_draft(context, draft_id, values.get("comment", ""))
    return _to(draft_id)


@router.post("/drafts/{draft_id}/send-back")
def send_back(context: ContextDep, draft_id: int, values: Posted) -> RedirectResponse:
    """Hand a draft back to its authors."""
    authoring.send_back(context, draft_id, values.get("comment", ""))
    return _to(draft_id)


@router.post("/drafts/{draft_id}/withdraw")
def withdraw(context: ContextDep, draft_id: int, values: Posted) -> RedirectResponse:
    """Give a draft up."""
    authoring.withdraw_draft(context, draft_id, values.get("comment", ""))
    return _to(draft_id)


@router.post("/drafts/{draft_id}/publish", response_model=None)
def publish(request: Request, context: ContextDep, draft_id: int, values: Posted) -> HTMLResponse | RedirectResponse:
    """Publish a draft as its second person; what stands against it is shown over the draft."""
    try:
        with context.session.begin_nested():
            publishing.publish_draft(context, draft_id, values.get("comment", ""))
    except FailedCheck as error:
        return _editor(request, context, authoring.find_draft(context, draft_id), refused=FieldProblem(error.said))
    return _to(draft_id)


@router.post("/drafts/{draft_id}/rebase")
def rebase(context: ContextDep, draft_id: int, values: Posted) -> RedirectResponse:
    """Put a draft upon what was published meanwhile."""
    mine = frozenset(key.removeprefix("keep:") for key, kept in values.items() if kept == "mine")
    publishing.rebase(context, draft_id, mine=mine)
    return _to(draft_id)


@router.post("/publications/{publication_id}/take-back")
def take_back(context: ContextDep, publication_id: int, values: Posted) -> RedirectResponse:
    """Undo a publication."""
    publishing.take_back(context, publication_id, values.get("comment", ""))
    return RedirectResponse("/metrics/drafts", status_code=HTTPStatus.SEE_OTHER)


def _editor(
    request: Request,
    context: Context,
    draft: authoring.Draft,
    *,
    city: str = "",
    text: str = "",
    values: Mapping[str, str] | None = None,
    refused: FieldProblem | None = None,
) -> HTMLResponse:
    checked = check_text(context, draft.text)
    problems = [*([refused] if refused is not None else []), *(checked.problems if not text else ())]
    filled = values if values is not None else form_of(read_text(draft.text).plain)
    cities = visible_cities(context)
    chosen = next((one for one in cities if one.city_id == city), cities[0] if cities else None)
    return page(
        request,
        context,
        "metrics/draft.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused is not None else HTTPStatus.OK,
        draft=draft,
        state=STATES[draft.state],
        acts=ACTS,
        text=text or draft.text,
        groups=_groups(filled.get("kind", "")),
        values=filled,
        problems=problems,
        by_field={problem.field: problem.message for problem in problems},
        lists=_lists(context),
        checked=checked,
        findings=publication_findings(context, checked),
        rules=RULES,
        alike=duplicates_of(context, checked.metric)[:6] if checked.metric is not None else (),
        likenesses=LIKENESSES,
        touched=consumers_of(context, draft.metric),
        entries=ledger.published_of(context, draft.metric),
        cities=cities,
        city=chosen,
        chart=_chart(context, checked, chosen),
        differences=publishing.differences(context, draft) if checked.plain else (),
        has_moved=publishing.has_moved(context, draft),
        may_author=authoring.may_author(context),
        is_author=context.actor.name in draft.authors,
    )


def _groups(kind: str) -> list[tuple[str, list[FormField]]]:
    """Give the fields in the order and under the headings of the form."""
    every = fields_of(kind)
    words = [one for one in every if one.path.startswith(("label.", "meaning."))]
    last = ("parents", "never_by", "targets.", "example", "other")
    placing = [one for one in every if one.path.startswith(last)]
    naming = {"kind", "unit", "direction", "level", "owner", "tier", "since", "successor", "additivity"}
    described = [one for one in every if one.path in naming]
    formula = [one for one in every if one not in words and one not in placing and one.path not in naming]
    return [("Formula", [described[0], *formula]), ("About", described[1:]), ("Words", words), ("More", placing)]


def _lists(context: Context) -> Mapping[str, list[str]]:
    model = unchecked_library(context.workspace).model
    return {"metrics": sorted(model.metrics), "sources": sorted(model.sources), "dimensions": sorted(model.dimensions)}


def _chart(context: Context, checked: Checked, city: Any) -> Markup:
    if checked.metric is None or checked.problems or city is None:
        return Markup("")
    days = trial_values(context, checked, city_id=city.city_id)
    locale, unit = context.locale, checked.metric.unit
    is_new = all(day.old is None for day in days)
    old = [] if is_new else [Series(translate(locale, "Published"), tuple(day.old for day in days))]
    return line_chart(
        [format_date(day.day, locale, skeleton="MMMd") for day in days],
        [*old, Series(translate(locale, "This draft"), tuple(day.new for day in days))],
        caption=Caption(translate(locale, "Old beside new, by day")),
        locale=locale,
        show=shower(unit, locale, currency=city.currency if unit == "money" else None),
        height=240,
    )


def _to(draft_id: int) -> RedirectResponse:
    return RedirectResponse(f"/metrics/drafts/{draft_id}", status_code=HTTPStatus.SEE_OTHER)
