"""Commands of use: usage, unused, survey, feedback."""

from typing import Annotated

import typer
from rich.console import RenderableType

from tiffin.capabilities.adoption.domain.satisfaction import Share
from tiffin.capabilities.adoption.service import feedback, retirements, surveys, usage
from tiffin.capabilities.adoption.service.retirements import UnusedReport
from tiffin.capabilities.adoption.service.surveys import WaveScore
from tiffin.capabilities.adoption.service.usage import Use
from tiffin.capabilities.adoption.service.words import word
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_date, format_number, format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(adoption: typer.Typer) -> None:
    """Add the commands."""
    adoption.command("usage")(show_usage)
    adoption.command("unused")(unused)
    adoption.command("survey")(survey)
    adoption.command("feedback")(list_feedback)


def show_usage(
    subject: Annotated[str, typer.Argument(help="Number of a launched requirement, or an asset: metric:late_share.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show who uses something, by week. JSON: {"usage": {"weeks": [{"monday", "users", "coverage", "repeat"}]}}."""
    with open_context(workspace, user=user) as context:
        is_number = subject.isdecimal()
        found = usage.use_of_launch(context, int(subject)) if is_number else usage.use_of_asset(context, subject)
        locale = context.locale
    emit({"usage": found}, as_json=as_json, human=lambda _payload: _weeks(found, locale))


def unused(
    *,
    propose: Annotated[str | None, typer.Option(help="Propose to retire this asset: metric:old_share.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List what nobody uses. JSON: {"unused": {"watched_since", "rows": [{"asset", "hanging", "used_through"}]}}."""
    with open_context(workspace, user=user) as context:
        if propose:
            retirements.propose(context, propose)
        found, locale = retirements.list_unused(context), context.locale
    emit({"unused": found}, as_json=as_json, human=lambda _payload: _unused(found, locale))


def survey(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Show the survey's scores, the newest quarter first. JSON: {"waves": [{"wave", "content", "by_role", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = surveys.results(context), context.locale
    emit({"waves": found}, as_json=as_json, human=lambda _payload: _waves(found, locale))


def list_feedback(
    *,
    state: Annotated[str, typer.Option(help="new, answered, taken_up, counted or closed; empty for all.")] = "new",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List feedback, the newest first. JSON: {"feedback": [{"item_id", "headline", "subject", "state", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = feedback.list_feedback(context, state=state, limit=1000), context.locale
    heads = (mark("Number"), mark("Said"), mark("Page"), mark("State"))
    rows = [(str(one.item_id), word(one.headline, locale), one.subject, word(one.state, locale)) for one in found]
    emit(
        {"feedback": found},
        as_json=as_json,
        human=lambda _payload: table_of([translate(locale, head) for head in heads], rows),
    )


def _weeks(found: Use, locale: str) -> RenderableType:
    heads = (mark("Week"), mark("Users"), mark("Views"), mark("Coverage"), mark("Repeat use"))
    rows = [
        (
            format_date(week.monday, locale),
            format_number(week.users, locale),
            format_number(week.views, locale),
            format_percent(week.coverage, locale, decimals=0),
            format_percent(week.repeat, locale, decimals=0),
        )
        for week in found.weeks
    ]
    return table_of([translate(locale, head) for head in heads], rows, written_numbers=(1, 2, 3, 4))


def _unused(found: UnusedReport, locale: str) -> RenderableType:
    if not found.is_long_enough:
        return translate(locale, mark("Too early to tell"))
    heads = (mark("What"), mark("What hangs on it"), mark("Used through"), mark("State"))
    rows = [
        (one.asset, ", ".join(one.hanging[:5]), ", ".join(one.used_through[:5]), word(one.state, locale))
        for one in found.rows
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _waves(found: tuple[WaveScore, ...], locale: str) -> RenderableType:
    heads = (mark("Quarter"), mark("People"), mark("Content"), mark("95 % interval"))
    rows = [(one.wave, format_number(one.people, locale), *_share(one.content, locale)) for one in found]
    return table_of([translate(locale, head) for head in heads], rows, written_numbers=(1, 2, 3))


def _share(found: Share | None, locale: str) -> tuple[str, str]:
    if found is None:
        return translate(locale, mark("withheld")), ""
    low, high = (format_percent(one, locale, decimals=0) for one in (found.low, found.high))
    return format_percent(found.share, locale, decimals=0), f"{low} - {high}"
