"""The command ``tiffin liability publish``: what was decided goes among the facts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from tiffin.capabilities.liability.service.outcomes import publish_outcomes
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit


def register(liability: typer.Typer) -> None:
    """Add the command to those of liability."""
    liability.command("publish")(publish)


def publish(
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that was ever decided, not only what is new.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Bring verdicts, penalties and appeals among the facts, where metrics read them; run it after judging.

    JSON: {"verdicts", "penalties", "appeals"}: rows of each table that were looked at.
    """
    with open_context(workspace, user=user) as context:
        done = publish_outcomes(context, everything=everything)
    emit(asdict(done), as_json=as_json, human=_told)


def _told(found: Mapping[str, Any]) -> RenderableType:
    return Text(", ".join(f"{name}: {count:,}" for name, count in found.items()))
