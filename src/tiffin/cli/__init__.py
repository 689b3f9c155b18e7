"""The command line: composes the commands of every capability and turns expected failures into exit codes."""

from tiffin.cli.entry import main

__all__ = ["main"]
