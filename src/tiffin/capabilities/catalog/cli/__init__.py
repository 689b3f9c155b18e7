"""The commands ``tiffin catalog …`` and ``tiffin contracts …``: which data there is, and what is agreed of it."""

import pkgutil
from collections.abc import Iterable, Mapping
from typing import ClassVar

import typer

from tiffin.runtime.deferring import DeferredGroup


class Catalog(DeferredGroup):
    """What can be done with the catalog; each module here brings its commands by ``register``."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tiffin.capabilities.catalog.cli.listing": ("list", "show", "standards", "health"),
    }

    def modules(self) -> Iterable[str]:
        """Name every module of this package."""
        return [f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__) if found.name != "contracts"]


class Contracts(DeferredGroup):
    """What can be done with contracts, which have a command of their own."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = {f"{__name__}.contracts": ()}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    told = "Data assets: which there are, what they mean, who answers for them, how they stand."
    app.add_typer(typer.Typer(cls=Catalog, no_args_is_help=True, help=told), name="catalog")
    told = "Data contracts: check, compare and hand them on, and agree on what changes."
    app.add_typer(typer.Typer(cls=Contracts, no_args_is_help=True, help=told), name="contracts")
