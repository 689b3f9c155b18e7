"""The commands of access: ``tiffin users …``, ``tiffin tokens …`` and ``tiffin audit``."""

import typer

from tiffin.capabilities.access.cli import auditing, classification, requests, tokens, users


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for part in (users, tokens, auditing, requests, classification):
        part.register(app)
