"""The log: what happened, as events in the past tense with key-values, one JSON line each, in the workspace's folder.

It holds no personal values and names nobody; who did what is the audit trail's to keep. Events of a process that has
opened no workspace go nowhere.
"""

import json
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

KEPT = timedelta(days=30)
"""A day's file is removed this long after its day."""

WITHHELD = "[withheld]"

PERSONAL = frozenset(
    (
        "actor",
        "address",
        "customer_id",
        "email",
        "latitude",
        "longitude",
        "name",
        "password",
        "person",
        "phone",
        "rider_id",
        "token",
        "user",
    )
)
"""Keys whose values never reach the log, whoever passes them."""


@dataclass(slots=True)
class _Destination:
    """Where this process's events go, once it has opened a workspace."""

    folder: Path | None = None
    level: str = "info"
    is_open: bool = False


_destination = _Destination()


def configure_logging(folder: Path, *, level: str) -> None:
    """Send this process's events to a folder from now on, one file a day."""
    if (_destination.folder, _destination.level) != (folder, level):
        _destination.folder, _destination.level, _destination.is_open = folder, level, False


def log(event: str, **values: Any) -> None:
    """Note that something happened.

    Parameters
    ----------
    event : str
        Past tense with its noun, such as ``facts_loaded``.
    values : Any
        Counts, identifiers of things, durations; nothing that tells of a person.
    """
    _write("info", event, values)


def warn(event: str, **values: Any) -> None:
    """Note that something happened which somebody should look at."""
    _write("warning", event, values)


def _write(level: str, event: str, values: Mapping[str, Any]) -> None:
    if _destination.folder is None:
        return
    # Importing it costs a quarter of a second, and many a command has nothing to log.
    import structlog  # noqa: PLC0415 - for the reason above

    if not _destination.is_open:
        folder = _destination.folder
        _open_folder(folder)
        structlog.configure(
            processors=[_without_personal_values, _with_time, _as_json],
            wrapper_class=structlog.make_filtering_bound_logger(_destination.level),
            logger_factory=lambda *_names: _DayFiles(folder),
        )
        _destination.is_open = True
    getattr(structlog.get_logger(), level)(event, **values)


def _open_folder(folder: Path) -> None:
    """Make the folder, and remove the files that are past their time."""
    folder.mkdir(parents=True, exist_ok=True)
    oldest = f"{datetime.now(UTC) - KEPT:%Y-%m-%d}"
    for past in folder.glob("????-??-??.jsonl"):
        if past.stem < oldest:
            past.unlink(missing_ok=True)


class _DayFiles:
    """Appends lines to the file of the day; one ``write`` a line, so that several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def msg(self, line: str) -> None:
        path = self._folder / f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode() + b"\n")
        finally:
            os.close(handle)

    debug = info = warning = error = msg


def _without_personal_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: WITHHELD if key in PERSONAL else value for key, value in event.items()}


def _with_time(_logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": method, **event}


def _as_json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)
