"""Gathering definition files into one library: from the beginning, or only what changed since an earlier one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from tiffin.capabilities.metrics.domain.reading import File, read_definitions
from tiffin.capabilities.metrics.service.shelf import FileRecord, Files, Shelved, States, touched, users_of
from tiffin.engines.metrics.building import Building
from tiffin.engines.metrics.definitions import Definitions, Dimension, Metric, Source, Tables
from tiffin.engines.metrics.leaves import Leaves
from tiffin.engines.metrics.model import Problem
from tiffin.engines.metrics.preparing import Sources
from tiffin.engines.metrics.versions import inputs_of
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.records import RecordedList, recorded

Value = TypeVar("Value")

FEW = 200
"""Metrics that are checked anew one by one; where more changed, everything is."""


def gathered(files: Files, before: Shelved | None, tables: Tables) -> Shelved:
    """Read and check the definitions; what is the same as before is taken over.

    Returns
    -------
    Shelved
        ``before`` itself where nothing changed.
    """
    if before is None:
        return _whole(files, tables)
    changed = touched(files, before)
    return (_in_part(files, before, changed, tables) or _whole(files, tables)) if changed else before


def _whole(files: Files, tables: Tables) -> Shelved:
    base, records = _read(files.shipped)
    over, more = _read(files.own)
    overlaid = _overlaid(base, over)
    built = Building(tables).with_all(overlaid)
    every = {metric.name: metric for metric in overlaid.metrics}
    inputs = {name: inputs_of(metric.formula, every) for name, metric in every.items()}
    homes: dict[str, tuple[str, ...]] = {}
    for path, record in {**records, **more}.items():
        homes |= {name: (*homes.get(name, ()), path) for name in record.metrics}
    return Shelved(
        built.model(),
        {**records, **more},
        inputs,
        users_of(inputs),
        homes,
        built.leaves.numbers,
        {name: tuple(found) for name, found in built.faults.items()},
    )


def _in_part(files: Files, before: Shelved, changed: frozenset[str], tables: Tables) -> Shelved | None:
    """Take over what did not change; None where so much may have that only a whole reading is sure."""
    was = {path: before.files[path] for path in changed if path in before.files}
    own, records = _read({path: files.own[path] for path in changed if path in files.own})
    change = _Change({metric.name: metric for metric in own.metrics}, was, records)
    is_ground = bool(own.dimensions or own.sources) or any(record.is_ground for record in was.values())
    is_twice = len(change.metrics) < len(own.metrics)
    if is_ground or is_twice or changed & files.shipped.keys() or not _is_alone(change, files, before):
        return None
    again = before.made_of(change.names)
    # What was unsound is not in the model: a change beneath it, or a name that it lacked, may mend it.
    is_mended = any(name in before.faults for name in again - change.metrics.keys())
    if len(again) > FEW or is_mended or (before.faults and not change.names <= before.homes.keys()):
        return None
    return _again(before, change, again, tables)


@dataclass(frozen=True, slots=True)
class _Change:
    """What changed files say now, and what they said before."""

    metrics: Mapping[str, Metric]
    was: Mapping[str, FileRecord]
    records: Mapping[str, FileRecord]

    @property
    def names(self) -> set[str]:
        return self.metrics.keys() | {name for record in self.was.values() for name in record.metrics}

    @property
    def gone(self) -> set[str]:
        return self.names - self.metrics.keys()


def _is_alone(change: _Change, files: Files, before: Shelved) -> bool:
    """Tell whether no other file defines the metrics, save those of the package that stay hidden."""
    touched = {*change.was, *change.records}
    for name in change.names:
        others = [path for path in before.homes.get(name, ()) if path not in touched]
        if name in change.gone and others:
            return False
        if any(path not in files.shipped for path in others):
            return False
    return True


def _again(before: Shelved, change: _Change, again: frozenset[str], tables: Tables) -> Shelved:
    model, names = before.model, again | change.metrics.keys()
    known = model.aggregates
    if not isinstance(known, RecordedList):
        known = RecordedList(recorded({str(number): leaf for number, leaf in enumerate(model.aggregates)}))
    every = recorded(model.metrics).changed(change.metrics, change.gone)
    leaves = Leaves(Sources((), model.dimensions, tables, model.sources), known, before.numbers)
    built = Building(tables).with_some(model, every, sorted(names), leaves)
    unsound = names - built.resolved.keys()
    now = replace(
        model,
        metrics=every.changed({}, unsound),
        resolved=recorded(model.resolved).changed(built.resolved, unsound),
        aggregates=known.with_more(leaves.more),
    )
    inputs = _without(before.inputs, change.gone)
    users = dict(before.users)
    for name in change.names:
        found = inputs_of(change.metrics[name].formula, every) if name in change.metrics else ()
        for used in {*before.inputs.get(name, ()), *found}:
            users[used] = tuple(sorted({*users.get(used, ())} - {name} | ({name} if used in found else set())))
        if name in change.metrics:
            inputs[name] = found
    homes = _without(before.homes, change.gone)
    for path, record in change.records.items():
        homes |= {name: tuple(dict.fromkeys((*homes.get(name, ()), path))) for name in record.metrics}
    faults = _without(before.faults, names | change.gone)
    faults |= {name: tuple(found) for name, found in built.faults.items()}
    files = {**_without(before.files, change.was), **change.records}
    return Shelved(now, files, inputs, users, homes, leaves.numbers, faults)


def _without(values: Mapping[str, Value], names: Iterable[str]) -> dict[str, Value]:
    kept = dict(values)
    for name in names:
        kept.pop(name, None)
    return kept


def _read(paths: States) -> tuple[Definitions, dict[str, FileRecord]]:
    dimensions: list[Dimension] = []
    sources: list[Source] = []
    metrics: list[Metric] = []
    records: dict[str, FileRecord] = {}
    for path, state in paths.items():
        found, problems = _one(Path(path))
        dimensions += found.dimensions
        sources += found.sources
        metrics += found.metrics
        names = tuple(metric.name for metric in found.metrics)
        digest = sha256(Path(path).read_bytes()).hexdigest()
        records[path] = FileRecord(*state, digest, names, bool(found.dimensions or found.sources), problems)
    return Definitions(tuple(dimensions), tuple(sources), tuple(metrics)), records


def _one(path: Path) -> tuple[Definitions, tuple[Problem, ...]]:
    try:
        return read_definitions([File(read_yaml(path), partial(place_of, path))])
    except InvalidDefinition as error:
        return Definitions(), (Problem(str(error), None),)


def _overlaid(base: Definitions, over: Definitions) -> Definitions:
    """Let the operator's definitions replace shipped ones of the same name."""
    return Definitions(
        _replaced(base.dimensions, over.dimensions),
        _replaced(base.sources, over.sources),
        _replaced(base.metrics, over.metrics),
    )


def _replaced(base: tuple, over: tuple) -> tuple:  # type: ignore[type-arg] # any of the three kinds, all named
    names = {item.name for item in over}
    return (*(item for item in base if item.name not in names), *over)
