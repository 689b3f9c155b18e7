"""The command ``tiffin metrics …``: find, read, query, explain, check and export governed numbers."""

from collections.abc import Mapping
from typing import ClassVar

import typer

from tiffin.runtime.deferring import DeferredGroup


class Metrics(DeferredGroup):
    """What can be done with governed numbers; who asks one waits for nothing that only others need."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tiffin.capabilities.metrics.cli.asking": ("list", "show", "query"),
        "tiffin.capabilities.metrics.cli.explaining": ("explain",),
        "tiffin.capabilities.metrics.cli.checking": ("check", "cases"),
        "tiffin.capabilities.metrics.cli.exports": ("export",),
        "tiffin.capabilities.metrics.cli.interchange": ("import",),
        "tiffin.capabilities.metrics.cli.authoring": ("standards", "differ", "drafts"),
        "tiffin.capabilities.metrics.cli.tree": ("tree",),
        "tiffin.capabilities.metrics.cli.rollups": ("rollups",),
        "tiffin.capabilities.metrics.cli.ledger": ("publish", "rerun", "ledger"),
    }


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    told = "Governed numbers: what there is, what each means, the values."
    app.add_typer(typer.Typer(cls=Metrics, no_args_is_help=True, help=told), name="metrics")
