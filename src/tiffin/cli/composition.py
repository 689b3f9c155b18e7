"""Which command comes from where. A capability is imported only when a command of it is called: starting stays fast."""

import importlib.util
import pkgutil
from collections.abc import Iterator
from typing import Any

import typer

import tiffin.capabilities
from tiffin.runtime.deferring import DeferredGroup

OWN = {
    "tiffin.cli.up": ("up",),
    "tiffin.cli.serving": ("serve", "serve-engine"),
    "tiffin.cli.initiation": ("init",),
    "tiffin.cli.doctor": ("doctor",),
    "tiffin.cli.backup": ("backup", "restore"),
    "tiffin.cli.migration": ("migrate", "version"),
    "tiffin.cli.doors": ("serve-assistant", "serve-sql"),
    "tiffin.cli.working": ("cases",),
}
"""Commands of the platform as a whole."""

CAPABILITIES = {
    "tiffin.capabilities.access.cli": ("access", "users", "tokens", "audit", "people"),
    "tiffin.capabilities.adoption.cli": ("adoption",),
    "tiffin.capabilities.balance.cli": ("daybook", "diagnose", "roll-outs", "shortfalls", "marketplace", "strategies"),
    "tiffin.capabilities.cases.cli": ("cases",),
    "tiffin.capabilities.catalog.cli": ("catalog", "contracts"),
    "tiffin.capabilities.experiments.cli": ("experiments",),
    "tiffin.capabilities.facts.cli": ("load", "facts", "feeds"),
    "tiffin.capabilities.liability.cli": ("liability",),
    "tiffin.capabilities.metrics.cli": ("metrics",),
    "tiffin.capabilities.orders.cli": ("orders",),
    "tiffin.capabilities.policies.cli": ("policies",),
    "tiffin.capabilities.quality.cli": ("quality",),
    "tiffin.capabilities.rehearsals.cli": ("simulate", "demo", "truth", "rehearsals"),
    "tiffin.capabilities.scorecards.cli": ("scorecards",),
    "tiffin.capabilities.service.cli": ("links",),
}
"""Which capability owns which command: calling one imports one. A command missing here is found too, but slower."""

SUMMARY = (
    "Operations platform of an on-demand delivery marketplace: governed numbers, and the decisions made from them."
)


class Commands(DeferredGroup):
    """Every command of every capability."""

    known = OWN | CAPABILITIES

    def modules(self) -> Iterator[str]:
        """Name every module that brings commands, known here or not."""
        return modules()

    def list_commands(self, ctx: Any) -> list[str]:
        """Name every command by the alphabet; this imports all capabilities."""
        return sorted(super().list_commands(ctx))


def compose() -> Any:
    """Build the root command; called with arguments it runs one of its commands."""
    names = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(name="tiffin", cls=Commands, no_args_is_help=True, add_completion=False, context_settings=names)
    app.callback(help=SUMMARY)(_root)
    return typer.main.get_command(app)


def modules() -> Iterator[str]:
    """Name every module that brings commands."""
    yield from OWN
    for found in pkgutil.iter_modules(tiffin.capabilities.__path__):
        module = f"tiffin.capabilities.{found.name}.cli"
        if found.ispkg and importlib.util.find_spec(module) is not None:
            yield module


def _root() -> None:
    """Stand for the command line itself, which does nothing on its own."""
