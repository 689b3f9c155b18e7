"""Commands of adoption: ``tiffin adoption …``."""

import typer

from tiffin.capabilities.adoption.cli import requirements, usage


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    adoption = typer.Typer(no_args_is_help=True, help="What people ask of the data, who uses it, and what can go.")
    requirements.register(adoption)
    usage.register(adoption)
    app.add_typer(adoption, name="adoption")
