"""The command ``tiffin liability …``; each module brings its own commands by ``register``."""

import pkgutil
from collections.abc import Iterable

import typer

from tiffin.runtime.deferring import DeferredGroup


class Liability(DeferredGroup):
    """What can be done about incidents of orders."""

    def modules(self) -> Iterable[str]:
        """Name every module here."""
        return sorted(f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__))


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    told = "Orders that went wrong: incidents, verdicts, penalties, appeals."
    app.add_typer(typer.Typer(cls=Liability, no_args_is_help=True, help=told), name="liability")
