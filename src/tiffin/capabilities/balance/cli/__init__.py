"""Commands of the balance: of day-books, diagnoses, the marketplace, roll-outs, shortfalls and strategies."""

import typer

from tiffin.capabilities.balance.cli import roll_outs, strategies
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
    strategies.register(app)
