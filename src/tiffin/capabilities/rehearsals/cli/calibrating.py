"""``tiffin rehearsals calibration``: how true the simulated city is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals.cli.telling import SIMULATED, SeedOption
from tiffin.capabilities.rehearsals.service.calibration import (
    SEED,
    calibrate,
    find_report,
    keep_report,
    write_report,
)
from tiffin.capabilities.rehearsals.service.calibration_files import SOURCES
from tiffin.capabilities.rehearsals.service.calibration_views import lines_of
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of


def calibration(
    *,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of the real files, one folder a source: calibrate anew.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be given again.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the new report there, and leave the workspace's as it is.")
    ] = None,
    seed: SeedOption = SEED,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Set the simulated city against real files: each quantity side by side, with the distance.

    Without --data the report that was made last is shown. JSON: {"made_on", "command", "sources": [...], "quantities":
    [{"key", "real", "given", "calibrated": {"distance"}, ...}], "parameters": [...], "assumptions": [...]}.
    """
    with open_context(workspace, user=user) as context:
        if data is None:
            report = find_report(context)
        else:
            with progress(1.0, "Calibrating") as advance:
                report = calibrate(
                    data, on=context.now.date(), sources=tuple(source or SOURCES), seed=seed, progress=advance
                )
            if out is None:
                keep_report(context, report)
            else:
                write_report(report, out)
        locale = context.locale
    emit(report, as_json=as_json, human=lambda payload: _told(payload, locale))


def _told(report: Mapping[str, Any], locale: str) -> RenderableType:
    rows = [
        (one.key, one.real_n, one.simulated_n, one.real, one.simulated, one.given, one.moved, one.of_spread, one.gap)
        for one in lines_of(dict(report), locale)
    ]
    title = f"{SIMULATED} Made on {report['made_on']}; distances: Wasserstein-1, or the difference of shares."
    columns = ("quantity", "n real", "n simulated", "real", "simulated", "given values", "fitted", "of spread", "KS")
    return table_of(columns, rows, title=title, written_numbers=range(1, len(columns)))
