"""Commands of the rehearsals: ``tiffin simulate``, ``tiffin demo`` and ``tiffin rehearsals``."""

import typer

from tiffin.capabilities.rehearsals.cli import kept, loading, simulating


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("simulate")(simulating.simulate)
    app.command("demo")(loading.demo)
    kept.register(app)
