"""Which command comes from where. A capability is imported only when one of its commands is called, so that starting stays fast."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator

import typer
from typer.core import TyperGroup

import tiffin.capabilities

OWN = "tiffin.cli.operations"
"""Commands of the platform as a whole: up, init, serve, doctor and the like."""

COMMANDS = {
    "access": ("users", "audit"),
    "balance": ("daybook", "diagnose"),
    "facts": ("load", "facts"),
    "metrics": ("metrics",),
    "rehearsals": ("simulate", "demo"),
    "scorecards": ("scorecards",),
}
"""Which capability owns which command, so that calling one imports one. A command that is not here is still found, only slower."""


class Commands(TyperGroup):
    """Every command of every capability, imported when called."""

    def list_commands(self, ctx: typer.Context) -> list[str]:
        """Name every command; this imports all capabilities."""
        for module in _modules():
            self._register(module)
        return sorted(self.commands)

    def get_command(self, ctx: typer.Context, cmd_name: str):
        """Find a command, importing as little as possible."""
        for module in sorted(_modules(), key=lambda name: not _owns(name, cmd_name)):
            if cmd_name in self.commands:
                break
            self._register(module)
        return self.commands.get(cmd_name)

    def _register(self, module: str) -> None:
        app = typer.Typer()
        importlib.import_module(module).register(app)
        for name, command in typer.main.get_group(app).commands.items():
            self.commands.setdefault(name, command)


def compose():
    """Build the root command."""
    app = typer.Typer(
        name="tiffin",
        cls=Commands,
        no_args_is_help=True,
        add_completion=False,
        help="Operations platform of an on-demand delivery marketplace: governed numbers, and the decisions made from them.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    return typer.main.get_command(app)


def _root() -> None:
    """Operations platform of an on-demand delivery marketplace: governed numbers, and the decisions made from them."""


def _modules() -> Iterator[str]:
    yield OWN
    for found in pkgutil.iter_modules(tiffin.capabilities.__path__):
        module = f"tiffin.capabilities.{found.name}.cli"
        if importlib.util.find_spec(module) is not None:
            yield module


def _owns(module: str, command: str) -> bool:
    capability = module.split(".")[2]
    return command in COMMANDS.get(capability, ()) or (
        module == OWN and not any(command in names for names in COMMANDS.values())
    )
