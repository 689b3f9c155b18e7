"""Groups of commands that are imported when they are called: starting stays fast, however many there are."""

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup


class DeferredGroup(TyperGroup):
    """Commands of several modules; each module adds its own by ``register``."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Which module brings which commands. A command missing here is found too, but slower."""

    def modules(self) -> Iterable[str]:
        """Name every module that brings commands."""
        return self.known

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's own signature
        """Name every command; this imports all modules."""
        for module in self.modules():
            self._register(module)
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer's own signature
        """Find a command, importing as little as possible; its known owner is asked first."""
        for module in sorted(self.modules(), key=lambda name: cmd_name not in self.known.get(name, ())):
            if cmd_name in self.commands:
                break
            self._register(module)
        return self.commands.get(cmd_name)

    def _register(self, module: str) -> None:
        for name, command in commands_of(module).items():
            self.commands.setdefault(name, command)


@cache
def commands_of(module: str) -> Mapping[str, Any]:
    """Import one module and give the commands that it brings; they are put together once in a process."""
    app = typer.Typer()
    importlib.import_module(module).register(app)
    return MappingProxyType(typer.main.get_group(app).commands)
