"""Commands of the balance: ``tiffin daybook``, ``tiffin diagnose`` and ``tiffin shortfalls``."""

import typer

from tiffin.capabilities.balance.cli.daybooks import daybook
from tiffin.capabilities.balance.cli.diagnosing import diagnose
from tiffin.capabilities.balance.cli.shortfalls import shortfalls


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("daybook")(daybook)
    app.command("diagnose")(diagnose)
    app.command("shortfalls")(shortfalls)
