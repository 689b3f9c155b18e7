"""Commands of requirements: ask, list, show, decide, launch."""

from datetime import date
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.adoption.domain.items import Ask, Near, Requirement, RequirementDetail
from tiffin.capabilities.adoption.service import nearness
from tiffin.capabilities.adoption.service import requirements as service
from tiffin.capabilities.adoption.service.words import word
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_instant, format_number, language_of, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

NumberArgument = Annotated[int, typer.Argument(help="Number of the requirement, as `tiffin adoption list` shows it.")]
VersionOption = Annotated[int | None, typer.Option(help="Refuse if it is no longer at this version.")]


def register(adoption: typer.Typer) -> None:
    """Add the commands."""
    adoption.command("ask")(ask)
    adoption.command("list")(list_requirements)
    adoption.command("show")(show)
    adoption.command("decide")(decide)
    adoption.command("launch")(launch)


def ask(  # noqa: PLR0913 - one parameter an option of the command
    decision: Annotated[str, typer.Argument(help="Which decision somebody wants to take.")],
    *,
    rhythm: Annotated[str, typer.Option(help="several_a_day, daily, weekly, monthly, quarterly or once.")] = "weekly",
    people: Annotated[int, typer.Option(help="How many take it, the asker included.")] = 1,
    who: Annotated[str, typer.Option(help="Who else: roles or teams.")] = "",
    city: Annotated[list[str] | None, typer.Option(help="A city that it is for; may be repeated.")] = None,
    wanted_by: Annotated[str | None, typer.Option(help="By when, as 2026-02-20.")] = None,
    today: Annotated[str, typer.Option(help="What is done today instead.")] = "",
    minutes: Annotated[float | None, typer.Option(help="Minutes saved, each person, each time.")] = None,
    amount: Annotated[float | None, typer.Option(help="Money a month, in the currency of the scoring.")] = None,
    solved_by: Annotated[str | None, typer.Option(help="What exists and answers it already.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Ask for something. JSON: {"requirement": {...}, "near": [{"asset", "label", "likeness"}]}."""
    told = Ask(
        decision=decision,
        rhythm=rhythm,
        people=people,
        who=who,
        cities=tuple(city or ()),
        wanted_by=_day(wanted_by),
        today=today,
        minutes_saved=minutes,
        amount=amount,
    )
    with open_context(workspace, user=user) as context:
        near, locale = nearness.near(context, decision), context.locale
        found = service.ask(context, told)
        if solved_by:
            found = service.decide(context, found.requirement.item.item_id, "solve", {"by": solved_by})
    emit({"requirement": found, "near": near}, as_json=as_json, human=lambda _payload: _asked(found, near, locale))


def list_requirements(
    *,
    state: Annotated[list[str] | None, typer.Option(help="Only those in this state; may be repeated.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only those that the actor asked for.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List requirements, the highest score first. JSON: {"requirements": [{"item", "score", "holder"}]}."""
    with open_context(workspace, user=user) as context:
        author = context.actor.name if mine else None
        found = service.list_requirements(context, states=tuple(state or ()), author=author)
        locale = context.locale
    emit({"requirements": found}, as_json=as_json, human=lambda _payload: _listed(found, locale))


def show(
    number: NumberArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a requirement. JSON: {"requirement": {"requirement", "ask", "needs", "trail", "actions"}}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.show(context, number), context.locale
    emit({"requirement": found}, as_json=as_json, human=lambda _payload: _shown(found, locale))


def decide(
    number: NumberArgument,
    action: Annotated[str, typer.Argument(help="What to do; `tiffin adoption show` names what can be done.")],
    *,
    say: Annotated[list[str] | None, typer.Option(help="NAME=TEXT that the action asks for; may be repeated.")] = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Act on a requirement: estimate, accept, decline, build, deliver, approve. JSON: as `tiffin adoption show`."""
    said = dict(_said(text) for text in say or ())
    with open_context(workspace, user=user) as context:
        found, locale = service.decide(context, number, action, said, version=version), context.locale
    emit({"requirement": found}, as_json=as_json, human=lambda _payload: _shown(found, locale))


def launch(  # noqa: PLR0913 - one parameter an option of the command
    number: NumberArgument,
    *,
    notes: Annotated[str, typer.Option(help="What is new, in a few sentences.")],
    owner: Annotated[str, typer.Option(help="Account that answers for it.")],
    target: Annotated[int, typer.Option(help="Users a week that are aimed at.")],
    role: Annotated[str, typer.Option(help="Role that it is for: viewer, analyst, city_manager or steward.")],
    places: Annotated[str, typer.Option(help="Countries that it is for, such as 'SA BR'; none for all.")] = "",
    training: Annotated[str, typer.Option(help="Training material: an address or a few steps.")] = "",
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Launch what was approved. JSON: as `tiffin adoption show`."""
    said = {"notes": notes, "owner": owner, "target_users": str(target), "role": role}
    said |= {"places": places, "training": training}
    with open_context(workspace, user=user) as context:
        found, locale = service.decide(context, number, "launch", said, version=version), context.locale
    emit({"requirement": found}, as_json=as_json, human=lambda _payload: _shown(found, locale))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongUse(f"--wanted-by takes a day as 2026-02-20 is written; found {text!r}.") from error


def _said(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise WrongUse(f"--say takes NAME=TEXT, such as --say reason='worth a week of work'; found {text!r}.")
    return name.strip(), value.strip()


def _asked(found: RequirementDetail, near: tuple[Near, ...], locale: str) -> RenderableType:
    heads = [translate(locale, head) for head in (mark("This exists already"), mark("Name"))]
    return Group(_shown(found, locale), table_of(heads, [(one.label, one.asset) for one in near]))


def _listed(found: tuple[Requirement, ...], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("Decision"), mark("Score"), mark("State"), mark("Next step"))
    rows = [
        (
            str(one.item.item_id),
            one.item.headline,
            format_number(one.score.total, locale, decimals=1),
            word(one.item.state, locale),
            word(one.holder, locale),
        )
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows, written_numbers=(2,))


def _shown(found: RequirementDetail, locale: str) -> RenderableType:
    item, language = found.requirement.item, language_of(locale)
    parts = [
        (word(part.name, locale), str(part.points), part.reason.get(language, ""))
        for part in found.requirement.score.parts
    ]
    trail = [
        (format_instant(one.at, locale), one.actor, word(one.action, locale), _values(one.values))
        for one in found.trail
    ]
    actions = ", ".join(one.action for one in found.actions)
    heads = [translate(locale, head) for head in (mark("Part of the score"), mark("Points"), mark("Why"))]
    events = [translate(locale, head) for head in (mark("When"), mark("Who"), mark("What"), mark("Said"))]
    return Group(
        Text(f"{item.item_id}: {item.headline}"),
        Text(f"{word(item.state, locale)} · {word(found.requirement.holder, locale) or '-'}"),
        table_of(heads, parts),
        table_of(events, trail),
        Text(translate(locale, mark("What you can do: {actions}"), actions=actions or "-")),
    )


def _values(values: object) -> str:
    return "; ".join(str(value) for value in values.values()) if isinstance(values, dict) else ""
