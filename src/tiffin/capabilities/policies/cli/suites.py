"""The command ``tiffin policies suite``: the generated regression suite of a policy."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tiffin.capabilities.policies.domain.policy import MARKET
from tiffin.capabilities.policies.service.case_markets import CaseMarkets
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.suites import suite_rows, suite_text
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.kernel.errors import InvalidDefinition, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit

_WRITTEN = mark("{cases} cases that show every condition of {policy} are in {file}.")


def register(policies: typer.Typer) -> None:
    """Add the command to ``tiffin policies``."""
    policies.command("suite")(suite)


def suite(
    policy: Annotated[str, typer.Argument(help="Name of the policy, such as late-compensation.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="File for the cases: .csv, else JSON lines.")],
    on: Annotated[str | None, typer.Option("--on", help="As it is in force on a day like 2026-03-31.")] = None,
    user: UserOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write cases in which every condition matters, alone and at its boundaries, with what the policy makes of them.

    Cases of markets that do not exist are left out. `tiffin policies decide --input` reads the file again.

    JSON: {"policy", "version", "cases", "file"}.
    """
    with open_context(workspace, user=user) as context:
        found = in_force(context, policy, _day(on) or context.now.date())
        locale, markets = context.locale, CaseMarkets(context)
    try:
        rows = [one for one in suite_rows(found) if markets.has(one[MARKET] or "")]
    except NotPlain as reason:
        raise InvalidDefinition(
            Message("Cases are generated for tables with plain conditions only. {reason}", reason=str(reason))
        ) from None
    out.write_text(suite_text(rows, found, as_csv=out.suffix.lower() == ".csv"), encoding="utf-8")
    told = {"policy": policy, "version": found.digest, "cases": len(rows), "file": str(out)}
    emit(told, as_json=as_json, human=lambda shown: translate(locale, _WRITTEN, **shown))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(Message("A day like 2026-03-31 was expected; found {found}.", found=str(text))) from None
