"""A workspace of its own over the tables of a benchmark, with definitions that only benchmarks need."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace, create_workspace

GRANTS = (Grant(Role.STEWARD, ("*",), ("*",)),)

_TEXTS = "{en: B, ar: ق, zh_Hans: 比, zh_Hant: 比, pt_BR: B}"
_COMMON = f"""
    label: {_TEXTS}
    meaning: {_TEXTS}
    version: 1
    since: 2025-01-01
    unit: orders
    direction: up
    level: operations
    owner: benchmark
    tier: draft
    example: {{rows: {{orders: []}}, gives: 0}}
"""
DEFINITIONS = f"""
metrics:
  orders_of_seven_days:
    kind: cumulative
    metric: orders
    window: 7 days{_COMMON}
  orders_a_week_before:
    kind: period_over_period
    metric: orders
    offset: 7 days
    gives: value{_COMMON}
"""


def workspace_over(tables: Path) -> Workspace:
    """Make a workspace whose tables, and roll-ups, are those of a folder; it goes with the temporary files."""
    folder = Path(tempfile.mkdtemp(prefix="tiffin-asking-"))
    workspace = create_workspace(folder / "workspace")
    workspace.state.mkdir()
    workspace.tables.symlink_to(tables)
    (workspace.overlay("metrics") / "benchmark.yaml").write_text(DEFINITIONS, encoding="utf-8")
    return workspace


@contextmanager
def asking(workspace: Workspace, *, engine: str = "duckdb", rollups: bool = False) -> Iterator[Context]:
    """Open a unit of work of somebody who may see everything."""
    config = {**workspace.config, "rollups": {"use": rollups, "checked_one_in": 0}}
    stated = replace(workspace, config=config)
    with open_unit(stated, lambda _: Actor("benchmark", GRANTS), now=datetime.now(UTC), engine=engine) as context:
        yield context
