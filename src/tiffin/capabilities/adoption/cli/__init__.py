"""Commands of adoption: ``tiffin adoption …``."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    adoption = typer.Typer(no_args_is_help=True, help="What people ask of the data, who uses it, and what can go.")
    app.add_typer(adoption, name="adoption")
