"""The command ``tiffin policies …``: the library of decision tables, and what can be done with them."""

from collections.abc import Mapping
from typing import ClassVar

import typer

from tiffin.runtime.deferring import DeferredGroup


class Policies(DeferredGroup):
    """What can be done with policies; who decides one case waits for nothing that only others need."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tiffin.capabilities.policies.cli.library": ("list", "check"),
        "tiffin.capabilities.policies.cli.conformance": ("tck",),
        "tiffin.capabilities.policies.cli.deciding": ("decide",),
        "tiffin.capabilities.policies.cli.suites": ("suite",),
        "tiffin.capabilities.policies.cli.exchange": ("export", "import"),
        "tiffin.capabilities.policies.cli.replaying": ("gather", "backtest", "diff"),
        "tiffin.capabilities.policies.cli.shadow": ("shadow",),
        "tiffin.capabilities.policies.cli.publishing": ("drafts", "propose", "publish", "take-back", "history"),
    }


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    told = "Decision tables: what they decide, whether they are sound, what a change would have done."
    app.add_typer(typer.Typer(cls=Policies, no_args_is_help=True, help=told), name="policies")
