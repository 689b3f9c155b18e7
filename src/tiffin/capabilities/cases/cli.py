"""Commands of cases: ``tiffin cases …``."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import CaseDetail, CaseFilter, CaseSummary
from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.capabilities.cases.service.fault_words import fault_lines
from tiffin.capabilities.cases.service.log_checking import check_log, count_events
from tiffin.capabilities.cases.service.outbox import require_steward, try_again, waiting_effects
from tiffin.capabilities.cases.service.projecting import rebuild_all
from tiffin.capabilities.cases.service.words import shown, word
from tiffin.capabilities.cases.service.workers import Worked
from tiffin.kernel.errors import FailedCheck, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_instant, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

CaseArgument = Annotated[int, typer.Argument(help="Number of the case, as `tiffin cases list` shows it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    cases = typer.Typer(no_args_is_help=True, help="What waits for a person: queues, one case, its actions.")
    cases.command("list")(list_cases)
    cases.command("show")(show)
    cases.command("act")(act)
    cases.command("types")(types)
    cases.command("check")(check)
    cases.command("rebuild")(rebuild)
    cases.command("effects")(effects)
    cases.command("retry")(retry)
    app.add_typer(cases, name="cases")


def list_cases(  # noqa: PLR0913 - one parameter an option of the command
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that wait for nobody any more.")] = False,
    state: Annotated[str | None, typer.Option(help="Only cases in this state.")] = None,
    country: Annotated[str | None, typer.Option(help="Only cases of this country.")] = None,
    assignee: Annotated[str | None, typer.Option(help="Only cases that this account has in hand.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only cases whose clock has run out.")] = False,
    limit: Annotated[int, typer.Option(help="How many, the worst and most urgent first.", min=1, max=5000)] = 200,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List cases. JSON: {"cases": [{"case_id", "headline", "state", "severity", "due_at", ...}]}."""
    wanted = CaseFilter(is_closed=closed, state=state, country=country, assignee=assignee, is_overdue=overdue)
    with open_context(workspace, user=user) as context:
        found, locale = service.list_cases(context, wanted, limit=limit), context.locale
    emit({"cases": found}, as_json=as_json, human=lambda _payload: _queue(found, locale))


def show(
    case_id: CaseArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a case with its trail. JSON: {"case": {"summary", "values", "trail", "actions", "clocks"}}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.show_case(context, case_id), context.locale
    emit({"case": found}, as_json=as_json, human=lambda _payload: _case(found, locale))


def act(
    case_id: CaseArgument,
    action: Annotated[str, typer.Argument(help="What to do; `tiffin cases show` names what can be done.")],
    *,
    say: Annotated[list[str] | None, typer.Option(help="NAME=TEXT that the action asks for; may be repeated.")] = None,
    version: Annotated[int | None, typer.Option(help="Refuse if the case is no longer at this version.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Act on a case. JSON: {"case": {...}}, as `tiffin cases show` gives it."""
    values = dict(_said(text) for text in say or ())
    with open_context(workspace, user=user) as context:
        found, locale = service.act(context, case_id, action, values, version=version), context.locale
    emit({"case": found}, as_json=as_json, human=lambda _payload: _case(found, locale))


def types(*, as_json: JsonOption = False) -> None:
    """List the sorts of cases with their states and actions. JSON: {"types": [{...}]}."""
    emit({"types": list(CASE_TYPES.values())}, as_json=as_json, human=lambda _payload: "\n".join(sorted(CASE_TYPES)))


def check(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Verify the log of all cases, and name what was tampered with; 1 is the exit code if anything was.

    JSON: {"check": {"cases", "events", "removed", "faults": [{"case_id", "fault": {"kind", "sequence", ...}}]}}.
    """
    with open_context(workspace, user=user) as context:
        require_steward(context)
        locale, total = context.locale, count_events(context)
        with progress(total, translate(locale, mark("Verifying events"))) as advance:
            found = check_log(context, on_progress=advance)
    emit({"check": found}, as_json=as_json, human=lambda _payload: "\n".join(fault_lines(found, locale)))
    if found.faults:
        count = len(found.faults)
        raise FailedCheck(Message("The log of cases is not as it was written: {count} faults.", count=count))


def rebuild(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Write anew what the queues hold of all cases, from their events. JSON: {"changed": 0}."""
    with open_context(workspace, user=user) as context:
        require_steward(context)
        changed, locale = rebuild_all(context), context.locale
    told = translate(locale, mark("Written anew: {count}."), count=changed)
    emit({"changed": changed}, as_json=as_json, human=lambda _payload: told)


def effects(
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Only those that failed too often.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List effects of cases that wait or failed. JSON: {"effects": [{"effect_id", "key", "attempts", "error"}]}."""
    with open_context(workspace, user=user) as context:
        require_steward(context)
        found, locale = waiting_effects(context, is_dead=dead), context.locale
    heads = [translate(locale, head) for head in (mark("Effect"), mark("Case"), mark("What"), mark("Said"))]
    rows = [(str(one.effect_id), str(one.case_id), one.name, one.error or "-") for one in found]
    emit({"effects": found}, as_json=as_json, human=lambda _payload: table_of(heads, rows))


def retry(
    effect_id: Annotated[int, typer.Argument(help="Number of the effect, as `tiffin cases effects` shows it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Let an effect that failed too often be tried again. JSON: {"effect": 7}."""
    with open_context(workspace, user=user) as context:
        require_steward(context)
        try_again(context, effect_id)
    emit({"effect": effect_id}, as_json=as_json, human=lambda _payload: str(effect_id))


def told_of(worked: Worked, locale: str) -> str:
    """Say what a worker did."""
    return translate(
        locale,
        mark("Effects done: {done}. Clocks that ran out: {fired}. Failed, to be tried again: {failed}."),
        done=worked.done,
        fired=worked.fired,
        failed=worked.failed,
    )


def _said(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise WrongUse(f"--say takes NAME=TEXT, such as --say reason='known outage'; found {text!r}.")
    return name.strip(), value.strip()


def _queue(found: tuple[CaseSummary, ...], locale: str) -> RenderableType:
    heads = (mark("Case"), mark("What"), mark("State"), mark("Severity"), mark("In hand of"), mark("Due"))
    rows = [
        (
            str(one.case_id),
            one.headline,
            word(one.state, locale),
            word(one.severity, locale),
            one.assignee,
            format_instant(one.due_at, locale) if one.due_at else None,
        )
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _case(found: CaseDetail, locale: str) -> RenderableType:
    one = found.summary
    heads = (mark("When"), mark("Who"), mark("What"), mark("Said"))
    trail = [
        (format_instant(event.at, locale), event.actor, word(event.action, locale), _values(event.values, locale))
        for event in found.trail
    ]
    actions = ", ".join(transition.action for transition in found.actions)
    return Group(
        Text(f"{one.case_id}: {one.headline}"),
        Text(f"{word(one.state, locale)} · {word(one.severity, locale)} · {one.assignee or '-'}"),
        table_of([translate(locale, head) for head in heads], trail),
        Text(translate(locale, mark("What you can do: {actions}"), actions=actions or "-")),
    )


def _values(values: Mapping[str, Any], locale: str) -> str:
    return "; ".join(f"{word(name, locale)}: {word(shown(value, locale), locale)}" for name, value in values.items())
