"""Under which names statements read roll-ups: table and version, so that a statement says exactly what it read."""

import re

FOLDER = ".rollups"
"""Where a store keeps the tables of its roll-ups."""

PREFIX = "rollup_"
_NAME = re.compile(rf"({PREFIX}[A-Za-z0-9_]+)_v(\d+)")


def rollup_read(name: str) -> str:
    """Tell which roll-up a name in a statement means."""
    found = _NAME.fullmatch(name)
    return found[1] if found else name


def version_read(name: str) -> int | None:
    """Tell which version of a roll-up a name in a statement means; None where it names no roll-up."""
    found = _NAME.fullmatch(name)
    return int(found[2]) if found else None


def place_of(name: str) -> str:
    """Give the folder in the store of a table that a statement names."""
    found = _NAME.fullmatch(name)
    return f"{FOLDER}/{found[1]}" if found else name
