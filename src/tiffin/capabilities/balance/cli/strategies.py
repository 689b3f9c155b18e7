"""The command ``tiffin strategies …``."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from tiffin.capabilities.balance.cli.days import day_of
from tiffin.capabilities.balance.cli.working_out import run_proposal
from tiffin.capabilities.balance.domain.levers import LeadTime
from tiffin.capabilities.balance.service.strategies.evidence import evidence_so_far
from tiffin.capabilities.balance.service.strategies.files import plain_lever, plain_proposal, plain_strategy
from tiffin.capabilities.balance.service.strategies.library import read_levers
from tiffin.capabilities.balance.service.strategies.proposals import Proposal, ask, find_proposal
from tiffin.capabilities.balance.service.strategies.questions import REPLICATIONS, ask_about
from tiffin.capabilities.balance.service.strategies.strategies import (
    Adoption,
    act,
    adopt,
    find_strategy,
    list_strategies,
)
from tiffin.capabilities.balance.service.strategies.telling import not_holding, paragraph, rows
from tiffin.capabilities.balance.service.strategies.trying import put_on_trial
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress

USUAL_DAYS = 28
Said = Annotated[
    list[str] | None, typer.Option("--say", help="name=value that the action has to say; may stand again.")
]
Case = Annotated[int, typer.Argument(metavar="CASE", help="Number of the strategy's case.")]
Number = Annotated[int, typer.Argument(metavar="PROPOSAL", help="Number of the proposal.")]
First = Annotated[str, typer.Option("--from", help="First day, such as 2026-03-02; tomorrow if not said.")]
Last = Annotated[str, typer.Option("--until", help="Last day; four weeks later if not said.")]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    strategies = typer.Typer(no_args_is_help=True, help="What is done about misses: proposed, agreed to, tried.")
    for name, command in (
        ("list", list_kept),
        ("show", show),
        ("propose", propose),
        ("run", run),
        ("adopt", adopt_option),
        ("act", act_on),
        ("try", try_out),
        ("levers", levers),
    ):
        strategies.command(name)(command)
    app.add_typer(strategies, name="strategies")


def list_kept(
    *,
    city: Annotated[str, typer.Option(help="Only of this city.")] = "",
    state: Annotated[str, typer.Option(help="Only in this state.")] = "",
    lever: Annotated[str, typer.Option(help="Only with this lever.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List strategies, the newest first. JSON: {"strategies": [{"case", "option", "state", "city", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = [plain_strategy(one) for one in list_strategies(context, city=city, state=state, lever=lever)]
    emit({"strategies": found}, as_json=as_json, human=lambda _: "\n".join(_lines(found)))


def show(
    case: Case, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a strategy. JSON: as one of `list`."""
    with open_context(workspace, user=user) as context:
        found = plain_strategy(find_strategy(context, case))
    emit(found, as_json=as_json, human=lambda _: "\n".join(_lines([found])))


def propose(
    city: Annotated[str, typer.Argument(help="City, as the console names it.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="Such as 2026-02-20, or `last`.")],
    *,
    episode: Annotated[int, typer.Option(min=1, help="Which miss of the day-book.")] = 1,
    lead: Annotated[LeadTime, typer.Option(help="When there is time to act.")] = LeadTime.MORNING,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Rehearse what could be done about a miss, ranked by lateness avoided per unit of money; simulated.

    JSON: {"proposal", "state", "question": {...}, "answer": {"options": [{"name", "rank", "avoided_min", ...}]}}.
    """
    with open_context(workspace, user=user) as context:
        question = ask_about(context, city, day_of(context, city, day), episode=episode, lead_time=lead)
        asked, is_to_do = ask(context, question)
    if is_to_do:
        with progress(REPLICATIONS, "Rehearsing the options") as told:
            run_proposal(workspace, asked.number, user=user, told=told)
    _show_proposal(asked.number, workspace=workspace, as_json=as_json, user=user)


def run(
    number: Number, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Work out a proposal that waits, failed or was interrupted. JSON: as of `propose`."""
    with open_context(workspace, user=user) as context:
        wanted = find_proposal(context, number).question.replications
    with progress(wanted, "Rehearsing the options") as told:
        run_proposal(workspace, number, user=user, told=told)
    _show_proposal(number, workspace=workspace, as_json=as_json, user=user)


def adopt_option(  # noqa: PLR0913 - one parameter an option of the command
    number: Number,
    option: Annotated[str, typer.Argument(help="Option, as `propose` names it.")],
    *,
    team: Annotated[str, typer.Option(help="Team that carries it out.")],
    owner: Annotated[str, typer.Option(help="Whose it is; yours if not said.")] = "",
    first: First = "",
    last: Last = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Make an option a strategy; a second person agrees to it. JSON: as one of `list`."""
    with open_context(workspace, user=user) as context:
        days = _days(context.now.date(), first, last)
        found = plain_strategy(adopt(context, number, option, Adoption(owner, team, *days)))
    emit(found, as_json=as_json, human=lambda _: "\n".join(_lines([found])))


def act_on(
    case: Case,
    action: Annotated[str, typer.Argument(help="Such as agree_strategy, as `show` lists them.")],
    *,
    say: Annotated[
        list[str] | None, typer.Option(help="name=value that the action has to say; may stand again.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Move a strategy on. JSON: as one of `list`."""
    said = dict(_pair(one) for one in say or ())
    with open_context(workspace, user=user) as context:
        found = plain_strategy(act(context, case, action, said))
    emit(found, as_json=as_json, human=lambda _: "\n".join(_lines([found])))


def try_out(
    case: Case,
    *,
    first: First = "",
    last: Last = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Draft the trial of an agreed strategy. JSON: as one of `list`."""
    with open_context(workspace, user=user) as context:
        days = _days(context.now.date(), first, last)
        found = plain_strategy(put_on_trial(context, case, first=days[0], last=days[1]))
    emit(found, as_json=as_json, human=lambda _: "\n".join(_lines([found])))


def levers(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the library of levers with what is known of each. JSON: {"levers": [{"lever", "helps_when", ...}]}."""
    with open_context(workspace, user=user) as context:
        evidence = evidence_so_far(context)
        library = read_levers(context.workspace, context.now.date())
        found = [plain_lever(one, evidence[one.lever]) for one in library]
    emit({"levers": found}, as_json=as_json, human=lambda _: "\n".join(map(_lever_line, found)))


def _show_proposal(number: int, *, workspace: WorkspaceOption, as_json: bool, user: UserOption) -> None:
    with open_context(workspace, user=user) as context:
        found = find_proposal(context, number)
    emit(plain_proposal(found), as_json=as_json, human=lambda _: "\n".join(_told(found)))


def _told(found: Proposal) -> Iterator[str]:
    yield f"Proposal {found.number}: {found.city_id} on {found.day}, miss {found.episode} ({found.state}, simulated)"
    for row in rows(found, "en"):
        name = f"{row['label']} ({row['strength']})" if row["strength"] else row["label"]
        ratio = row["ratio"] or "-"
        mark = " [another avoids more for less]" if row["is_dominated"] else ""
        yield f"  {row['rank']}. {name} [{row['name']}]: {row['avoided']} for {row['outlay']}; {ratio} a unit{mark}"
    yield from paragraph(found, "en")
    for lever, reasons in not_holding(found.question.judged, "en"):
        yield f"  {lever} does not help. {' '.join(reasons)}"


def _lines(found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield "No strategy yet. Make one: tiffin strategies propose CITY DAY, then tiffin strategies adopt."
    for one in found:
        yield (
            f"{one['case']}: {one['option']} in {one['city']} against the miss of {one['day']}, {one['state']}; "
            f"{one['owner']} ({one['team']}), {one['first']} to {one['last']}"
        )


def _lever_line(one: Mapping[str, Any]) -> str:
    cities = ", ".join(each["city"] for each in one["rehearsals"]) or "none yet"
    trials = ", ".join(each["trial"] for each in one["trials"]) or "none yet"
    return f"{one['lever']}: rehearsed (simulated) in {cities}; trials: {trials}"


def _days(today: date, first: str, last: str) -> tuple[date, date]:
    begins = read_day(first) if first else today + timedelta(days=1)
    return begins, read_day(last) if last else begins + timedelta(days=USUAL_DAYS - 1)


def _pair(text: str) -> tuple[str, str]:
    name, is_there, value = text.partition("=")
    if not is_there:
        raise WrongUse(f"name=value was expected; found {text!r}.")
    return name.strip(), value.strip()
