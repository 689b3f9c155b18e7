"""What the main job remembers of its last run, so that it does nothing twice."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tiffin
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

NOTES = "up.json"
DEFINITIONS = (".py", ".yaml", ".html", ".css", ".po")
"""Kinds of file whose change makes a day-book or a check old."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Of which facts, definitions and code the standing day-books were made."""

    facts: str = ""
    definitions: str = ""
    daybooks: Mapping[str, str] = field(default_factory=dict)

    def is_of(self, context: Context) -> bool:
        """Tell whether nothing has changed since."""
        workspace = context.workspace
        return (self.facts, self.definitions) == (facts_state(context), definitions_state(workspace))


def read_notes(workspace: Workspace) -> Notes:
    """Read the notes of the last run; without any that can be read, everything is done anew."""
    try:
        noted = json.loads((workspace.state / NOTES).read_text(encoding="utf-8"))
        return Notes(str(noted["facts"]), str(noted["definitions"]), dict(noted["daybooks"]))
    except (OSError, ValueError, LookupError, TypeError):
        return Notes()


def write_notes(context: Context, daybooks: Mapping[str, Path]) -> None:
    """Note what this run has made, and of what; in one step, so that an interrupted run leaves the notes before."""
    content = {
        "facts": facts_state(context),
        "definitions": definitions_state(context.workspace),
        "daybooks": {name: str(path) for name, path in daybooks.items()},
    }
    path = context.workspace.state / NOTES
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.replace(path)


def facts_state(context: Context) -> str:
    """Name the facts by the versions of their tables."""
    return _digest(sorted(context.warehouse.versions().items()))


def definitions_state(workspace: Workspace) -> str:
    """Name code and definitions, shipped and the operator's own, by the times of their last change."""
    folders = (Path(tiffin.__file__).parent, *(workspace.root / kind for kind in ("metrics", "markets", "dashboards")))
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in DEFINITIONS)
    return _digest([(str(path), path.stat().st_mtime_ns) for path in sorted(files)])


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()
