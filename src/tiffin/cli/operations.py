"""Commands of the platform as a whole."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("version")(version)


def version() -> None:
    """Print the version of Tiffin."""
    typer.echo("0.1.0")
