"""The commands ``tiffin policies shadow …``: drafts that decide new cases beside the version in force."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.policies.service.shadow import Shadow, begin_shadow, end_shadow, list_shadows, run_shadows
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

DraftArgument = Annotated[int, typer.Argument(help="Number of the draft.")]
CaseArgument = Annotated[int, typer.Argument(help="Number of the case that the shadow run is.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why it ends, for whoever reads it later.")]
EngineOption = Annotated[str | None, typer.Option("--engine", help="duckdb or spark; else the workspace's own.")]

_BEGUN = mark("Draft {draft} decides new cases in shadow; the run is case {case}.")
_ENDED = mark("The shadow run {case} has ended.")
_COLUMNS = (
    mark("Case"),
    mark("Policy"),
    mark("Draft"),
    mark("Cases"),
    mark("Different"),
    mark("Handed over"),
    mark("In force right"),
    mark("Draft right"),
    mark("Neither right"),
)


def register(policies: typer.Typer) -> None:
    """Add the commands to ``tiffin policies``."""
    group = typer.Typer(no_args_is_help=True, help="Drafts that decide new cases beside the version in force.")
    group.command("begin")(begin)
    group.command("run")(run)
    group.command("list")(show)
    group.command("end")(end)
    policies.add_typer(group, name="shadow")


def begin(
    draft: DraftArgument, *, user: UserOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Let a draft decide the cases that become known from now on, without effect.

    JSON: {"draft", "case"}.
    """
    with open_context(workspace, user=user) as context:
        case, locale = begin_shadow(context, draft), context.locale
    payload = {"draft": draft, "case": case}
    emit(payload, as_json=as_json, human=lambda shown: translate(locale, _BEGUN, **shown))


def run(
    *,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide, for every draft in shadow, what became known since; hand some of the differences to people.

    JSON: {"ran": [{"policy", "draft", "cases", "changed", "handed", "why"}]}.
    """
    with open_context(workspace, user=user, engine=engine) as context:
        ran, locale = run_shadows(context), context.locale
    columns = [*_COLUMNS[1:6], mark("Why not")]
    rows = [(one.policy, one.draft, one.cases, one.changed, one.handed, translate(locale, one.why)) for one in ran]
    emit({"ran": ran}, as_json=as_json, human=lambda _: table_of([translate(locale, one) for one in columns], rows))


def show(*, user: UserOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List what runs or ran in shadow, and what people said of the differences.

    JSON: {"shadows": [{"case_id", "policy", "draft", "begun_at", "until", "is_running", "cases", "changed", "handed",
    "judged"}]}.
    """
    with open_context(workspace, user=user) as context:
        found, locale = list_shadows(context), context.locale

    def told(_: Mapping[str, Any]) -> RenderableType:
        return table_of([translate(locale, one) for one in _COLUMNS], [_row(one) for one in found])

    emit({"shadows": found}, as_json=as_json, human=told)


def end(
    case: CaseArgument,
    *,
    reason: ReasonOption,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a shadow run.

    JSON: {"case"}.
    """
    with open_context(workspace, user=user) as context:
        end_shadow(context, case, reason)
        locale = context.locale
    emit({"case": case}, as_json=as_json, human=lambda shown: translate(locale, _ENDED, **shown))


def _row(one: Shadow) -> tuple[object, ...]:
    judged = (one.judged.get(name, 0) for name in ("in_force", "draft", "neither"))
    return one.case_id, one.policy, one.draft, one.cases, one.changed, one.handed, *judged
