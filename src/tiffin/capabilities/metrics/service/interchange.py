"""Definitions that come from other semantic layers or go to them.

An import lands in one file of the workspace's ``metrics`` folder, as drafts. Only what reads and compiles here is kept;
everything else is told with its reason, so that an import can neither break the workspace nor lose something silently.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from tiffin import capabilities
from tiffin.capabilities.metrics.domain.interchange.dbt_reading import read_dbt
from tiffin.capabilities.metrics.domain.interchange.found import SECTIONS, Fate, Found, Remark, clean
from tiffin.capabilities.metrics.domain.interchange.osi_reading import read_osi
from tiffin.capabilities.metrics.domain.interchange.osi_writing import osi_model
from tiffin.capabilities.metrics.service.foreign import import_manifest
from tiffin.capabilities.metrics.service.library import known_tables, notice, unchecked_library
from tiffin.engines.metrics.model import Problem
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import (
    place_of,
    read_yaml,
    read_yaml_documents,
    without_lines,
    yaml_text,
)
from tiffin.runtime.workspace import Workspace

Definitions = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought.

    Parameters
    ----------
    file : Path or None
        The file that was written; None where there was nothing new.
    taken : mapping of str to tuple of str
        Names by section.
    untranslated : int
        Texts that stand in English only, for people to translate.
    """

    file: Path | None
    taken: Mapping[str, tuple[str, ...]]
    untranslated: int
    remarks: tuple[Remark, ...]


def export_osi(context: Context, name: str = "tiffin") -> tuple[dict[str, Any], tuple[Remark, ...]]:
    """Write every definition of the workspace in the open format, and say what only our extension carries."""
    return osi_model(name, definitions_of(context.workspace), known_tables())


def import_osi(context: Context, file: Path) -> ImportReport:
    """Import the models of an Open Semantic Interchange document (YAML or JSON).

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    NotFound, InvalidDefinition
        There is no such file, or it is no such document.
    """
    found = _begun(context, f"Open Semantic Interchange: {file.name}")
    for document in read_yaml_documents(file):
        read_osi(without_lines(document), found)
    return _kept(context, found, clean(file.stem))


def import_dbt(context: Context, folder: Path) -> ImportReport:
    """Import the semantic models and metrics of a dbt project or manifest.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    NotFound, InvalidDefinition
        There is no such folder, or a file in it cannot be read.
    """
    found = _begun(context, f"dbt: {folder.name}")
    read_dbt(import_manifest(folder).manifest, found)
    return _kept(context, found, clean(folder.name))


def definitions_of(workspace: Workspace) -> Definitions:
    """Give all definitions of a workspace as its files say them: the operator's over the shipped, defaults applied."""
    merged: Definitions = {section: {} for section in SECTIONS}
    own = workspace.overlay("metrics")
    folders = sorted(Path(capabilities.__path__[0]).glob("*/metrics"))
    for path in chain(*map(definition_files, folders), definition_files(own) if own.is_dir() else ()):
        for section, entries in _definitions_in(path).items():
            merged[section].update(entries)
    return merged


def _definitions_in(path: Path) -> Definitions:
    content = without_lines(read_yaml(path))
    found = {section: dict(content.get(section) or {}) for section in SECTIONS}
    defaults = content.get("defaults") or {}
    found["metrics"] = {name: {**defaults, **entry} for name, entry in found["metrics"].items()}
    return found


def _begun(context: Context, origin: str) -> Found:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"Only a steward of all cities may import definitions; {context.actor.name} is none. Ask an administrator."
        )
    return Found(origin, known_tables(), context.now.date())


def _kept(context: Context, found: Found, name: str) -> ImportReport:
    own = context.workspace.overlay("metrics")
    target = own / f"imported_{name}.yaml"
    if target.exists():
        raise Conflict(f"{target} is there from an earlier import. Remove or rename it, then import again.")
    found.add_cities()
    _settle(found, definitions_of(context.workspace), name)
    content = _sound(context.workspace, found, target)
    if not content["metrics"]:
        return ImportReport(None, {}, 0, tuple(found.remarks))
    own.mkdir(parents=True, exist_ok=True)
    target.write_text(_text(found, content), encoding="utf-8")
    notice(context.workspace, target)
    taken = {section: tuple(content[section]) for section in SECTIONS}
    details = {section: len(names) for section, names in taken.items()}
    audit.record(context, action="definitions_imported", subject=found.origin, details=details)
    texts = [
        entry[key]
        for part in content.values()
        for entry in part.values()
        for key in ("label", "meaning")
        if key in entry
    ]
    return ImportReport(target, taken, sum(set(text) == {"en"} for text in texts), tuple(found.remarks))


def _settle(found: Found, known: Definitions, name: str) -> None:
    """Part what is there already from what is new: nothing of the workspace is replaced by an import."""
    for dimension, entry in list(found.dimensions.items()):
        if dimension in known["dimensions"]:
            _settle_dimension(found, dimension, entry, known["dimensions"][dimension])
    renamed = _settle_sources(found, known, name)
    for metric, entry in list(found.metrics.items()):
        found.metrics[metric] = _with_sources(entry, renamed)
        if metric not in known["metrics"]:
            continue
        if known["metrics"][metric] == found.metrics.pop(metric):
            found.remarks.append(Remark(Fate.UNCHANGED, f"metric {metric}", "it is here already, as it is there."))
        else:
            found.leave_out(f"metric {metric}", "another metric of this name is here already. Rename one of them.")


def _settle_sources(found: Found, known: Definitions, name: str) -> Mapping[str, str]:
    renamed = {}
    for source, entry in list(found.sources.items()):
        if known["sources"].get(source) == entry:
            del found.sources[source]
        elif source in known["sources"]:
            renamed[source] = f"{name}_{source}"
            found.sources[renamed[source]] = found.sources.pop(source)
            found.note(f"source {source}", f"named {renamed[source]}, since another {source} is here already.")
    return renamed


def _settle_dimension(found: Found, name: str, entry: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    del found.dimensions[name]
    if entry["type"] == here["type"]:
        return
    found.leave_out(f"dimension {name}", f"it is {entry['type']}, and the dimension of that name here {here['type']}.")
    for source in found.sources.values():
        source["dimensions"] = {key: text for key, text in source["dimensions"].items() if key != name}


def _with_sources(entry: Any, renamed: Mapping[str, str]) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {
        key: renamed.get(value, value) if key == "source" and isinstance(value, str) else _with_sources(value, renamed)
        for key, value in entry.items()
    }


def _sound(workspace: Workspace, found: Found, target: Path) -> Definitions:
    """Leave out, with the reason, whatever does not read or compile here, until all that remains does."""
    while True:
        content = _needed(found)
        with tempfile.TemporaryDirectory() as folder:
            problems, entries = _tried(workspace, Path(folder), target.name, _text(found, content))
        blamed = {
            entries[place]: problem for problem in problems if (place := _entry_at(problem, target.name, entries))
        }
        if not blamed:
            if problems:
                raise InvalidDefinition(f"What was imported does not go together with what is here: {problems[0]}")
            return content
        for (section, name), problem in blamed.items():
            del found.section(section)[name]
            found.leave_out(f"{section.removesuffix('s')} {name}", problem.message)


def _needed(found: Found) -> Definitions:
    """Give the metrics, and the sources and dimensions that they rest on."""
    used = {source for entry in found.metrics.values() for source in _sources_in(entry)}
    sources = {name: entry for name, entry in found.sources.items() if name in used}
    named = {dimension for entry in sources.values() for dimension in entry["dimensions"]}
    dimensions = {name: entry for name, entry in found.dimensions.items() if name in named or "of" in entry}
    return {"dimensions": dimensions, "sources": sources, "metrics": found.metrics}


def _sources_in(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        if isinstance(entry.get("source"), str):
            yield entry["source"]
        for value in entry.values():
            yield from _sources_in(value)


def _tried(
    workspace: Workspace, folder: Path, name: str, text: str
) -> tuple[tuple[Problem, ...], dict[int, tuple[str, str]]]:
    """Read a file among the workspace's own, elsewhere; give the new problems, and the file's entries by line."""
    before = {problem.message for problem in unchecked_library(workspace).problems}
    trial = Workspace(folder, {})
    own = workspace.overlay("metrics")
    if own.is_dir():
        shutil.copytree(own, trial.overlay("metrics"))
    trial.overlay("metrics").mkdir(exist_ok=True)
    file = trial.overlay("metrics") / name
    file.write_text(text, encoding="utf-8")
    found = tuple(problem for problem in unchecked_library(trial).problems if problem.message not in before)
    content = read_yaml(file)
    lines = {
        place_of(file, content[section], entry).line or 0: (section, entry)
        for section in SECTIONS
        for entry in without_lines(content.get(section) or {})
    }
    return found, lines


def _entry_at(problem: Problem, file: str, entries: Mapping[int, tuple[str, str]]) -> int | None:
    if problem.place is None or Path(problem.place.file).name != file or problem.place.line is None:
        return None
    line = problem.place.line
    return max((start for start in entries if start <= line), default=None)


def _text(found: Found, content: Definitions) -> str:
    kept = {section: entries for section, entries in content.items() if entries}
    todo = "Complete the drafts: texts in every language, units, worked examples."
    return f"# Imported from {found.origin}. {todo}\n{yaml_text(kept)}"
