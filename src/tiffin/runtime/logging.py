"""The log: what happened, as events in the past tense with key-values, one JSON line each, in the workspace's folder.

It holds no personal values and names nobody; who did what is the audit trail's to keep. Events of a process that has
opened no workspace go nowhere.
"""

import json
import os
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

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


def configure_logging(folder: Path, *, level: str, now: datetime) -> None:
    """Send this process's events to a folder, one file a day, and remove the files that are past their time."""
    if _configured_for(folder, level):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("????-??-??.jsonl"):
        if old.stem < f"{now - KEPT:%Y-%m-%d}":
            old.unlink(missing_ok=True)
    structlog.configure(
        processors=[_without_personal_values, _with_time, _as_json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: _DayFiles(folder),
    )


def log(event: str, **values: Any) -> None:
    """Note that something happened.

    Parameters
    ----------
    event : str
        Past tense with its noun, such as ``facts_loaded``.
    values : Any
        Counts, identifiers of things, durations; nothing that tells of a person.
    """
    if structlog.is_configured():
        structlog.get_logger().info(event, **values)


def warn(event: str, **values: Any) -> None:
    """Note that something happened which somebody should look at."""
    if structlog.is_configured():
        structlog.get_logger().warning(event, **values)


def _configured_for(folder: Path, level: str) -> bool:
    """Tell whether the events go there already, and remember that they do from now on."""
    already = _destination == [folder, level]
    _destination[:] = [folder, level]
    return already


_destination: list[object] = []


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
