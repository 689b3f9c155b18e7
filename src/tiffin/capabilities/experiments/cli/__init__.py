"""The command ``tiffin experiments …``."""

import typer

from tiffin.capabilities.experiments.cli import areas, reading, trials


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    experiments = typer.Typer(no_args_is_help=True, help="Trials: designed, assigned, watched, read out.")
    trials.register(experiments)
    reading.register(experiments)
    areas.register(experiments)
    app.add_typer(experiments, name="experiments")
