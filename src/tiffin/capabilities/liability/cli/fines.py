"""The command ``tiffin liability fines``: a public appeals process, read as cases and held against our own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.liability.service.fines import fines_report
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit

_CONFORM = mark("{name}: {conforming} of {cases} cases ({events} events) follow it.")
_DEVIATES = mark("{cases} cases: '{action}' while '{state}'")
_ON_DAY = mark("Surcharges: {surcharged}, of which {on_day} came exactly 60 days after the notification.")
_NO_STAY = mark(
    "The process lacks a stay: of {open} appeals lodged before a surcharge, {surcharged} ({share}) were surcharged "
    "while open. Our own appeals over the same histories: {own} of {own_appeals}."
)
_SHOWN = 5


def register(liability: typer.Typer) -> None:
    """Add the command to ``tiffin liability``."""
    liability.command("fines")(fines)


def fines(
    file: Annotated[Path, typer.Argument(help="The log of traffic fines, as CSV, plain or gzip.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Read a log of traffic fines as cases; tell what conforms, how appeals ended, and the stay that is missing.

    JSON: {"surcharged", "surcharged_on_day", "outcomes": {"where: how": count}, "open_at_surcharge",
    "surcharged_while_open", "share_surcharged_while_open", "own_appeals", "own_surcharged_while_open",
    "conformance": {process: {"cases", "events", "conforming", "deviations": [{"state", "action", "cases"}]}}}.
    """
    with open_context(workspace, user=user) as context:
        locale = context.locale
    emit(fines_report(file), as_json=as_json, human=lambda shown: _told(shown, locale))


def _told(payload: Mapping[str, Any], locale: str) -> str:
    lines = []
    for name, one in payload["conformance"].items():
        lines.append(
            translate(locale, _CONFORM, name=name, **{key: one[key] for key in ("conforming", "cases", "events")})
        )
        lines += ["  " + translate(locale, _DEVIATES, **deviation) for deviation in one["deviations"][:_SHOWN]]
    on_day = translate(locale, _ON_DAY, surcharged=payload["surcharged"], on_day=payload["surcharged_on_day"])
    missing = translate(
        locale,
        _NO_STAY,
        open=payload["open_at_surcharge"],
        surcharged=payload["surcharged_while_open"],
        share=format_percent(payload["share_surcharged_while_open"], locale),
        own=payload["own_surcharged_while_open"],
        own_appeals=payload["own_appeals"],
    )
    return "\n".join([*lines, on_day, *(f"{how}: {count}" for how, count in payload["outcomes"].items()), missing])
