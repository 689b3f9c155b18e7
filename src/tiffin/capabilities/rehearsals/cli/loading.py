"""``tiffin demo``: the demo marketplace, loaded."""

from dataclasses import asdict
from typing import Annotated

import typer

from tiffin.capabilities.rehearsals import service
from tiffin.capabilities.rehearsals.cli.telling import SeedOption, told
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_SEED
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress


def demo(
    *,
    city: Annotated[list[str] | None, typer.Option("--city", help="Only this demo city; may be given again.")] = None,
    seed: SeedOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Load the demo marketplace: six simulated cities over two weeks, with disruptions planted.

    JSON: {"seed", "cities", "first_day", "last_day", "orders", "disruptions", "unchanged", "is_simulated"}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "Simulating") as advance:
        report = service.load_demo(
            context, seed=DEMO_SEED if seed is None else seed, cities=tuple(city or DEMO_CITIES), progress=advance
        )
    emit({**asdict(report), "is_simulated": True}, as_json=as_json, human=told)
