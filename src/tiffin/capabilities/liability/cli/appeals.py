"""Commands of appeals and of rows by their appeals: ``tiffin liability appeals …`` and ``tiffin liability rows …``."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.domain.appeals import Appeal
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.row_standing import RowStanding
from tiffin.capabilities.liability.service import appeals as service
from tiffin.capabilities.liability.service.appeal_acting import act as act_on
from tiffin.capabilities.liability.service.row_learning import act_on_demotion, row_standings, take_up_mended
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import NOTHING, format_instant, format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

CaseArgument = Annotated[int, typer.Argument(help="Number of the case, as the list shows it.")]
Say = Annotated[list[str] | None, typer.Option(help="NAME=TEXT that the action asks for; may be repeated.")]


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    appeals = typer.Typer(no_args_is_help=True, help="Appeals against verdicts: lodged, reviewed, decided.")
    appeals.command("list")(list_appeals)
    appeals.command("show")(show)
    appeals.command("lodge")(lodge)
    appeals.command("act")(act)
    liability.add_typer(appeals, name="appeals")
    rows = typer.Typer(no_args_is_help=True, help="Rows of policies by what became of appeals against their verdicts.")
    rows.command("list")(list_rows)
    rows.command("act")(act_on_row)
    rows.command("mended")(mended)
    liability.add_typer(rows, name="rows")


def list_appeals(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are settled.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List appeals, what is due first first. JSON: {"appeals": [{"case_id", "verdict_id", "state", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.list_appeals(context, is_open=not closed), context.locale
    emit({"appeals": found}, as_json=as_json, human=lambda _payload: _listed(found, locale))


def show(
    case_id: CaseArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show an appeal. JSON: {"appeal": {"case_id", "verdict_id", "state", "outcome", "reply_due_at", ...}}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.show_appeal(context, case_id), context.locale
    emit({"appeal": found}, as_json=as_json, human=lambda _payload: _listed((found,), locale))


def lodge(
    verdict: Annotated[str, typer.Argument(help="Name of the verdict.")],
    statement: Annotated[str, typer.Argument(help="Why, in the party's own words.")],
    *,
    party: Annotated[Party | None, typer.Option(help="On whose behalf: rider, merchant or customer.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Lodge an appeal; nothing of the verdict acts from then on. JSON: {"appeal": {...}}, as `show` gives it."""
    with open_context(workspace, user=user) as context:
        found, locale = service.lodge(context, verdict, statement, party=party), context.locale
    emit({"appeal": found}, as_json=as_json, human=lambda _payload: _listed((found,), locale))


def act(
    case_id: CaseArgument,
    action: Annotated[str, typer.Argument(help="What to do, such as take_appeal, uphold, vary or overturn.")],
    *,
    say: Say = None,
    version: Annotated[int | None, typer.Option(help="Refuse if the case is no longer at this version.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Act on an appeal. JSON: {"appeal": {...}}, as `show` gives it."""
    with open_context(workspace, user=user) as context:
        found, locale = act_on(context, case_id, action, _said(say), version=version), context.locale
    emit({"appeal": found}, as_json=as_json, human=lambda _payload: _listed((found,), locale))


def list_rows(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List rows by their appeals. JSON: {"rows": [{"policy", "row", "state", "appeals", "failed", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = row_standings(context), context.locale
    emit({"rows": found}, as_json=as_json, human=lambda _payload: _rows(found, locale))


def act_on_row(
    case_id: CaseArgument,
    action: Annotated[str, typer.Argument(help="restore, restore_too or keep_demoted.")],
    *,
    say: Say = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Restore a row that people decide in the place of, by two of them. JSON: {"row": {...}}."""
    with open_context(workspace, user=user) as context:
        found, locale = act_on_demotion(context, case_id, action, _said(say)), context.locale
    emit({"row": found}, as_json=as_json, human=lambda _payload: _rows((found,), locale))


def mended(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Close the cases of rows that were written otherwise since. JSON: {"mended": [{"policy", "row"}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = take_up_mended(context), context.locale
    payload = {"mended": [{"policy": policy, "row": row} for policy, row in found]}
    told = translate(locale, mark("Rows that decide by themselves again: {count}."), count=len(found))
    emit(payload, as_json=as_json, human=lambda _payload: told)


def _said(say: Iterable[str] | None) -> Mapping[str, Any]:
    found = {}
    for text in say or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongUse(Message("--say takes NAME=TEXT; found {found}.", found=repr(text)))
        found[name] = value
    return found


def _listed(found: Iterable[Appeal], locale: str) -> RenderableType:
    columns = (mark("Appeal"), mark("Party"), mark("City"), mark("State"), mark("Lodged"), mark("Reply due"))
    rows = [
        (
            str(one.case_id),
            one.party.value,
            one.city_id,
            word(one.state, locale),
            format_instant(one.lodged_at, locale),
            format_instant(one.reply_due_at, locale) if one.reply_due_at else NOTHING,
        )
        for one in found
    ]
    return table_of([translate(locale, one) for one in columns], rows)


def _rows(found: Iterable[RowStanding], locale: str) -> RenderableType:
    columns = (
        mark("Policy"),
        mark("Row of the policy"),
        mark("State"),
        mark("Settled appeals"),
        mark("Rate"),
        mark("Limit"),
    )
    rows = [
        (
            one.policy,
            one.row,
            one.state.value,
            str(one.appeals),
            NOTHING if one.rate is None else format_percent(one.rate, locale=locale),
            format_percent(one.limit.limit, locale=locale),
        )
        for one in found
    ]
    return table_of([translate(locale, one) for one in columns], rows)
