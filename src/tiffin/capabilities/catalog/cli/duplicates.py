"""``tiffin catalog duplicates``: metrics and tables that there are twice."""

from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Group, RenderableType

from tiffin.capabilities.catalog.service.lineage_duplicates import duplicates
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the command to the catalog's."""
    app.command("duplicates")(find)


def find(*, workspace: WorkspaceOption = None, user: UserOption = None, as_json: JsonOption = False) -> None:
    """Find metrics that tell the same number, and tables of which one holds what another does.

    JSON: {"metrics": [{"metric", "other"}], "tables": [{"part", "whole", "found", "columns": {column: partner},
    "is_whole"}], "too_large": [table], "compares_tables"}.
    """
    with open_context(workspace, user=user) as context:
        found = duplicates(context)
    payload = {
        "metrics": found.metrics,
        "tables": found.tables,
        "too_large": found.too_large,
        "compares_tables": found.compares_tables,
    }
    emit(payload, as_json=as_json, human=_told)


def _told(payload: Mapping[str, Any]) -> RenderableType:
    metrics = [(pair.metric, pair.other) for pair in payload["metrics"]]
    tables = [
        (pair.part, "copy of" if pair.is_whole else "part of", pair.whole, f"{pair.found:.0%}", len(pair.columns))
        for pair in payload["tables"]
    ]
    parts: list[RenderableType] = [
        table_of(("metric", "same as"), metrics) if metrics else "No two metrics tell the same number."
    ]
    if not payload["compares_tables"]:
        parts.append("Tables are compared for stewards of all cities only.")
    elif tables:
        parts.append(table_of(("table", "", "of", "found again", "columns"), tables))
    else:
        parts.append("No table holds what another does.")
    if payload["too_large"]:
        parts.append(f"Not compared, as too large: {', '.join(payload['too_large'])}.")
    return Group(*parts)
