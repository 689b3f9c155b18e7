"""Definitions that were read and checked before, kept in this person's own cache so that thousands are there at once.

What lies on the shelf is what the files said when they had certain digests, and what came of checking it. A file that
changed since is read again, and only its metrics and those made of them are checked anew. Records are opened by pickle:
they lie in a folder that only this person can write, outside any workspace, which somebody else may have made.
"""

import os
import pickle
import stat
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import tiffin
from tiffin.engines.metrics.definitions import Dimension, Metric
from tiffin.engines.metrics.model import Leaf, Model, PreparedSource, Problem, Resolved
from tiffin.runtime.records import Recorded, RecordedList, write

_HEAD = 8
_KEPT_FILES = 64


States = Mapping[str, tuple[int, int]]
"""Definition files by path, each with the moment of its last change (nanoseconds since 1970) and its size."""


@dataclass(frozen=True, slots=True)
class Files:
    """The definition files of a workspace: the package's, and the operator's, which replace them name by name."""

    shipped: States
    own: States


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What one definition file held.

    Parameters
    ----------
    modified, size : int
        Nanoseconds since 1970, and bytes, when it was read.
    metrics : tuple of str
        Names that it defines.
    is_ground : bool
        Whether it also defines dimensions or sources, on which everything may rest.
    problems : tuple of Problem
        What could not be read.
    """

    modified: int
    size: int
    digest: str
    metrics: tuple[str, ...]
    is_ground: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A library as it stands on the shelf.

    Parameters
    ----------
    files : mapping of str to FileRecord
        By path.
    inputs : mapping of str to tuple of str
        Metrics that each metric is made of.
    users : mapping of str to tuple of str
        Metrics that each metric goes into.
    homes : mapping of str to tuple of str
        Files that define each metric.
    numbers : mapping of str to int
        Numbers of the aggregates by what they mean.
    faults : mapping of str to tuple of Problem
        What is wrong with each metric; under an empty name what is wrong with sources.
    """

    model: Model
    files: Mapping[str, FileRecord]
    inputs: Mapping[str, tuple[str, ...]]
    users: Mapping[str, tuple[str, ...]]
    homes: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    faults: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, each once."""
        unread = (problem for record in self.files.values() for problem in record.problems)
        unsound = (problem for found in self.faults.values() for problem in found)
        return tuple(dict.fromkeys((*unread, *unsound)))

    def made_of(self, names: Iterable[str]) -> frozenset[str]:
        """Name the metrics that are made of some, however far up, those themselves included."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.users.get(name, ())
        return frozenset(found)


_PLAIN = ("files", "inputs", "users", "homes", "numbers", "faults")
"""What of a library is read at once."""


def users_of(inputs: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Turn round which metrics are made of which."""
    users: dict[str, tuple[str, ...]] = {}
    for name, found in inputs.items():
        users |= {used: (*users.get(used, ()), name) for used in found}
    return users


def touched(files: Files, shelved: Shelved) -> frozenset[str]:
    """Name the files that changed, came or went since a library was made of them."""
    every = {**files.shipped, **files.own}
    changed = {path for path, state in every.items() if _is_changed(path, state, shelved.files.get(path))}
    return frozenset(changed | (shelved.files.keys() - every.keys()))


def _is_changed(path: str, state: tuple[int, int], known: FileRecord | None) -> bool:
    if known is None or known.size != state[1]:
        return True
    return known.modified != state[0] and sha256(Path(path).read_bytes()).hexdigest() != known.digest


def take(name: str) -> Shelved | None:
    """Take a library from the shelf; None where there is none that this code can read."""
    folder = _folder()
    if folder is None:
        return None
    try:
        held = (folder / _title(name)).read_bytes()
        start = int.from_bytes(held[:_HEAD], "big")
        index = pickle.loads(held[start:])  # noqa: S301 - from this person's own folder
    except (OSError, ValueError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError):
        return None
    metrics: Recorded[Metric] = Recorded(held, index["metrics"])
    resolved: Recorded[Resolved] = Recorded(held, index["resolved"])
    leaves: Recorded[Leaf] = Recorded(held, index["leaves"])
    sources: Recorded[PreparedSource] = Recorded(held, index["sources"])
    dimensions: Recorded[Dimension] = Recorded(held, index["dimensions"])
    model = Model(dimensions, sources, metrics, RecordedList(leaves), resolved)
    return Shelved(model, *(index[name] for name in _PLAIN))


def put(name: str, shelved: Shelved) -> None:
    """Put a library on the shelf, beside whatever the program does; where that fails there is none next time."""
    threading.Thread(target=_put, args=(name, shelved), name="tiffin-shelf").start()


def _put(name: str, shelved: Shelved) -> None:
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError):
        model = shelved.model
        leaves = {str(number): leaf for number, leaf in enumerate(model.aggregates)}
        index: dict[str, object] = {name: getattr(shelved, name) for name in _PLAIN}
        whole: list[bytes] = []
        place = _HEAD
        for section, values in (
            ("metrics", model.metrics),
            ("resolved", model.resolved),
            ("leaves", leaves),
            ("sources", model.sources),
            ("dimensions", model.dimensions),
        ):
            parts, spans = write(values, place)
            place = max((end for _, end in spans.values()), default=place)
            whole += parts
            index[section] = spans
        _write(folder / _title(name), [place.to_bytes(_HEAD, "big"), *whole, pickle.dumps(index, protocol=5)])
        _clear_out(folder)


def _write(path: Path, parts: list[bytes]) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.writelines(parts)
    Path(file.name).replace(path)


def _clear_out(folder: Path) -> None:
    """Let go of the libraries that were put there longest ago."""
    files = sorted(folder.glob("*.records"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_KEPT_FILES:]:
        path.unlink(missing_ok=True)


def _folder() -> Path | None:
    """Give the folder of this person's cache, made if need be; None where others could write there."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
        folder = Path(base) / "tiffin" / "definitions"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return folder if is_own and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else None


def _title(name: str) -> str:
    return sha256(f"{name}\n{_code()}".encode()).hexdigest()[:32] + ".records"


@cache
def _code() -> str:
    """Tell one state of the code that reads definitions from another."""
    root = Path(tiffin.__path__[0])
    read = [*root.glob("engines/metrics/**/*.py"), *root.glob("capabilities/metrics/domain/*.py")]
    read += [root / "kernel/facts/registry.py", *root.glob("capabilities/facts/contracts/*.yaml")]
    states = [(str(path), found.st_mtime_ns, found.st_size) for path in sorted(read) for found in (path.stat(),)]
    return sha256(repr((sys.version, _library(), states)).encode()).hexdigest()


def _library() -> object:
    """Tell one release of the library that reads SQL from another, without starting it."""
    found = find_spec("sqlglot")
    state = Path(found.origin).stat() if found and found.origin else None
    return state and (state.st_mtime_ns, state.st_size)
