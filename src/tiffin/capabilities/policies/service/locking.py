"""Whether policies that ship still say what they said when they first shipped: ``digests.yaml`` beside them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tiffin.capabilities.policies.domain.policy import Parameter
from tiffin.capabilities.policies.domain.versions import named_so
from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.capabilities.policies.service.parameter_files import PARAMETERS_FILE, parameters_in
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import read_yaml, without_lines

LOCK = "digests.yaml"


def broken_locks(folder: Path = SHIPPED) -> tuple[Message, ...]:
    """Tell which shipped files changed since they were locked, are gone, or were never locked.

    Entries may be added to a file of parameters; those that are locked stay as they are, in their order.
    """
    locked: Mapping[str, Mapping[str, Any]] = without_lines(read_yaml(folder / LOCK)) or {}
    found: list[Message] = []
    for policy in sorted({*locked, *(one.name for one in folder.iterdir() if one.is_dir())}):
        found += _broken(folder / policy, locked.get(policy, {}))
    return tuple(found)


def locks_of(folder: Path) -> dict[str, Any]:
    """Give what a policy's files are locked with."""
    files = {path.name: _digest(path.read_bytes()) for path in sorted(folder.glob("*.yaml")) if named_so(path.name)}
    entries = parameters_in(folder / PARAMETERS_FILE)
    return {**files, PARAMETERS_FILE: _locked_entries(entries)} if entries else files


def _broken(folder: Path, locked: Mapping[str, Any]) -> Iterator[Message]:
    found = locks_of(folder) if folder.is_dir() else {}
    for name in sorted({*locked, *found}):
        file = f"{folder.name}/{name}"
        if name not in locked:
            yield Message("{file} is not locked yet: add {digest} to {lock}.", file=file, digest=found[name], lock=LOCK)
        elif name not in found:
            yield Message("{file} has shipped and is gone: what was in force stays readable for ever.", file=file)
        elif name == PARAMETERS_FILE:
            entries = parameters_in(folder / PARAMETERS_FILE)
            if _locked_entries(entries[: int(locked[name]["entries"])]) != locked[name]:
                yield _changed(file)
        elif found[name] != locked[name]:
            yield _changed(file)


def _changed(file: str) -> Message:
    return Message("{file} has shipped and was changed since. Put it back, and write a file of a later day.", file=file)


def _locked_entries(entries: Sequence[Parameter]) -> dict[str, Any]:
    said = "\n".join(
        f"{one.name}|{one.since}|{literal_of(one.value)}|{one.unit}|{one.market}|{one.city}" for one in entries
    )
    return {"entries": len(entries), "sha256": _digest(said.encode())}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
