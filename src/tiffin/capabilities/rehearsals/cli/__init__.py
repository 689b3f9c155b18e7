"""Commands of the rehearsals: ``tiffin simulate``, ``tiffin demo``, ``tiffin truth`` and ``tiffin rehearsals``."""

import typer

from tiffin.capabilities.rehearsals.cli import kept, loading, simulating, truth


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("simulate")(simulating.simulate)
    app.command("demo")(loading.demo)
    app.command("truth")(truth.truth)
    kept.register(app)
