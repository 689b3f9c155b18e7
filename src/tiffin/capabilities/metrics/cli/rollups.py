"""The command ``tiffin metrics rollups …``: plan, build, list and prove what is added up beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.metrics.service import rollups as service
from tiffin.capabilities.metrics.service.rollup_planning import plan_rollups
from tiffin.capabilities.metrics.service.rollups import RollupState
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say, table_of

ValuesOption = Annotated[
    int | None, typer.Option("--values", min=0, help="Values that all roll-ups may hold together, rows times columns.")
]
FAILED = 1
PERCENT = 100.0


def register(metrics: typer.Typer) -> None:
    """Add the commands to ``tiffin metrics``."""
    rollups = typer.Typer(no_args_is_help=True, help="Facts added up beforehand, from which answers come quickly.")
    rollups.command("plan")(plan)
    rollups.command("build")(build)
    rollups.command("list")(list_)
    rollups.command("verify")(verify)
    metrics.add_typer(rollups, name="rollups")


def plan(
    *,
    values: ValuesOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show which roll-ups are worth their room, from the definitions and from what was asked so far.

    JSON: {"rollups": [{"name", "source", "split_by", "rows", "values", "is_built"}]}.
    """
    with open_context(workspace, user=user) as context:
        found = plan_rollups(context, values=values)
        language = context.locale
    listed = [
        {
            "name": item.rollup.name,
            "source": item.rollup.source,
            "split_by": item.rollup.columns,
            "rows": item.rows,
            "values": item.values,
            "is_built": item.is_built,
        }
        for item in found
    ]
    emit({"rollups": listed}, as_json=as_json, human=lambda payload: _planned(payload["rollups"], language))


def build(
    *,
    values: ValuesOption = None,
    anew: Annotated[bool, typer.Option("--anew", help="Add up everything again, also where nothing changed.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Build the planned roll-ups, and remove those that are no longer worth their room.

    JSON: as `tiffin metrics rollups list`.
    """
    with open_context(workspace, user=user) as context:
        language = context.locale
        tell = partial(_tell, language, mark("Adding up {name} …"))
        with progress(PERCENT, "roll-ups") as advance:
            found = service.build_rollups(
                context, values=values, anew=anew, progress=tell, told=lambda share: advance(share * PERCENT)
            )
    _emit_states(found, language, as_json=as_json)


def list_(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the roll-ups, and whether each stands for the newest facts.

    JSON: {"rollups": [{"name", "source", "columns", "rows", "stands_for", "facts_version", "quarantined", "built_at"}]}
    """
    with open_context(workspace, user=user) as context:
        found = service.list_rollups(context)
        language = context.locale
    _emit_states(found, language, as_json=as_json)


def verify(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Add up the facts anew and compare every roll-up with them; exit status 1 where one differs, which is then unused.

    JSON: {"proofs": [{"name", "differing", "first"}]}.
    """
    with open_context(workspace, user=user) as context:
        language = context.locale
        found = service.verify_rollups(context, progress=partial(_tell, language, mark("Comparing {name} …")))
    payload = {"proofs": [asdict(proof) for proof in found]}
    emit(payload, as_json=as_json, human=lambda told: _proved(told["proofs"], language))
    if any(proof.differing for proof in found):
        raise typer.Exit(FAILED)


def _tell(locale: str, message: str, name: str) -> None:
    say(translate(locale, message, name=name))


def _emit_states(found: Sequence[RollupState], locale: str, *, as_json: bool) -> None:
    payload = {"rollups": [asdict(state) for state in found]}
    emit(payload, as_json=as_json, human=lambda _: _listed(found, locale))


def _planned(listed: Sequence[Mapping[str, Any]], locale: str) -> RenderableType:
    headings = (mark("Source"), mark("Split by"), mark("Rows"), mark("Values"), mark("Built"))
    yes, no = translate(locale, "yes"), translate(locale, "no")
    rows = [
        [
            item["source"],
            ", ".join(item["split_by"]),
            format_number(item["rows"], locale),
            format_number(item["values"], locale),
            yes if item["is_built"] else no,
        ]
        for item in listed
    ]
    return table_of([translate(locale, heading) for heading in headings], rows)


def _listed(found: Sequence[RollupState], locale: str) -> RenderableType:
    headings = (mark("Source"), mark("Split by"), mark("Rows"), mark("State"))
    rows = [
        [state.source, ", ".join(state.columns), format_number(state.rows, locale), _state(state, locale)]
        for state in found
    ]
    return table_of([translate(locale, heading) for heading in headings], rows)


def _state(state: RollupState, locale: str) -> str:
    if state.quarantined:
        return translate(locale, "quarantined: it differed from its facts")
    if state.stands_for == state.facts_version:
        return translate(locale, "in use")
    return translate(locale, "behind its facts")


def _proved(proofs: Sequence[Mapping[str, Any]], locale: str) -> RenderableType:
    headings = (mark("Roll-up"), mark("Rows that differ"), mark("First of them"))
    rows = [[item["name"], format_number(item["differing"], locale), item["first"]] for item in proofs]
    return table_of([translate(locale, heading) for heading in headings], rows)
