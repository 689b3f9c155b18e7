"""The commands ``tiffin policies list`` and ``tiffin policies check``."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.policies.service.checking import CheckReport, check_file, check_policies
from tiffin.capabilities.policies.service.listing import entries_as_plain
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_country, format_date, format_number, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

FAILED, INVALID = 1, 3
HEALTH: Mapping[str, str] = {
    "sound": mark("sound"),
    "failing": mark("a worked case fails"),
    "faulty": mark("cannot be read"),
    "coming": mark("not in force yet"),
}
_COLUMNS = (
    mark("policy"),
    mark("title"),
    mark("owner"),
    mark("in force since"),
    mark("other rules in"),
    mark("rows"),
    mark("health"),
)
_CHECKED = mark(
    "Policies checked: {policies}; cannot be read: {faults}. Worked cases run: {cases}; come out otherwise: {wrong}. "
    "Faults that the proof found: {findings}."
)


def register(policies: typer.Typer) -> None:
    """Add the commands to ``tiffin policies``."""
    policies.command("list")(list_all)
    policies.command("check")(check)


def list_all(
    *,
    on: Annotated[
        str | None, typer.Option("--on", help="As in force on this day, like 2026-04-01; else today.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List every policy with its owner, the version in force, where other rules hold, and its health.

    JSON: {"policies": [{"name", "title", "question", "owner", "since", "version", "markets", "cities", "rows",
    "worked_cases", "health", "fault"}]}.
    """
    with open_context(workspace, user=user) as context:
        listed = entries_as_plain(context, _day(on))
        locale = context.locale
    emit({"policies": listed}, as_json=as_json, human=lambda _: _listed(listed, locale))


def check(
    policy: Annotated[str | None, typer.Argument(help="Policy, or a file of one; else all.")] = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Check policies: they can be read, worked cases come out, the proof finds nothing, what shipped is unchanged.

    Exit code 3 when something cannot be read or was changed, 1 when a worked case comes out otherwise or the proof
    finds a gap, a contradiction, a row that never decides, or a promise that does not hold.

    JSON: {"checked": [{"policy", "on", "fault", "wrong": [[case, why]], "findings", "worked_cases", "rows"}],
    "altered": [...], "replaced": [...]}.
    """
    with open_context(workspace, user=user) as context:
        is_file = policy is not None and policy.endswith((".yaml", ".yml"))
        report = check_file(context, Path(str(policy))) if is_file else check_policies(context, policy)
        locale = context.locale
    emit(asdict(report), as_json=as_json, human=lambda _: _told(report, locale))
    if report.is_invalid or report.is_failing:
        raise typer.Exit(INVALID if report.is_invalid else FAILED)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            Message("`{key}` is a day like 2026-03-31; found {found}.", key="--on", found=str(text))
        ) from None


def _listed(listed: list[dict[str, Any]], locale: str) -> RenderableType:
    rows = [
        [
            one["name"],
            one["title"],
            one["owner"],
            format_date(date.fromisoformat(one["since"]), locale) if one["since"] else "",
            ", ".join([*(format_country(market, locale) for market in one["markets"]), *one["cities"]]),
            format_number(one["rows"], locale) if one["rows"] else "",
            translate(locale, HEALTH[one["health"]]) + (f": {one['fault']}" if one["fault"] else ""),
        ]
        for one in listed
    ]
    return table_of([translate(locale, one) for one in _COLUMNS], rows, written_numbers=(5,))


def _told(report: CheckReport, locale: str) -> str:
    lines = [translate(locale, one) for one in (*report.altered, *report.replaced)]
    for one in report.checked:
        on = format_date(one.on, locale)
        if one.fault:
            lines.append(f"{one.policy}, {on}: {translate(locale, one.fault)}")
        lines += [f"{one.policy}, {on}, {title}: {translate(locale, why)}" for title, why in one.wrong]
        lines += [f"{one.policy}, {on}: {translate(locale, said)}" for said in one.findings]
    counts = {
        "policies": len({one.policy for one in report.checked}),
        "cases": sum(one.worked_cases for one in report.checked),
        "faults": sum(1 for one in report.checked if one.fault),
        "wrong": sum(len(one.wrong) for one in report.checked),
        "findings": sum(len(one.findings) for one in report.checked),
    }
    numbers = {name: format_number(count, locale) for name, count in counts.items()}
    return "\n".join([*lines, translate(locale, _CHECKED, **numbers)])
