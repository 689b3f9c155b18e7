"""The commands of access: ``tiffin users …``, ``tiffin tokens …``, ``tiffin audit`` and ``tiffin people …``."""

import typer

from tiffin.capabilities.access.cli import auditing, classification, masks, people, requests, tokens, users


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for part in (users, tokens, auditing, requests, classification, masks, people):
        part.register(app)
