"""Commands of the balance: ``daybook``, ``diagnose``, ``marketplace``, ``roll-outs`` and ``shortfalls``."""

import typer

from tiffin.capabilities.balance.cli import roll_outs
from tiffin.capabilities.balance.cli.daybooks import daybook
from tiffin.capabilities.balance.cli.diagnosing import diagnose
from tiffin.capabilities.balance.cli.shortfalls import shortfalls
from tiffin.capabilities.balance.cli.state import marketplace


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("daybook")(daybook)
    app.command("diagnose")(diagnose)
    app.command("marketplace")(marketplace)
    app.command("shortfalls")(shortfalls)
    roll_outs.register(app)
