"""Accounting for what a unit of work showed of the governed facts: one entry of the trail, however much it read."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from tiffin.runtime.context import Context

SHOWN = "numbers_seen"

COMMAND: ContextVar[str] = ContextVar("command", default="")
"""The command that runs, by its own words and none of its arguments; empty where a program opens what it needs."""


def told_of(context: Context, door: str, *, before: Iterable[str] = ()) -> dict[str, Any] | None:
    """Give what the trail tells of a unit of work: assets, days, places; None where nothing is left to account for.

    Parameters
    ----------
    door : str
        The pattern of an address, or a command: no parameter, no condition.
    before : iterable of str
        Assets that the door is known to show, whatever was read for them.
    """
    reading = context.unit.reading
    if not reading.assets or reading.is_accounted:
        return None
    days = [day.isoformat() for day in (reading.first, reading.last) if day is not None]
    subject = ", ".join(dict.fromkeys([*before, *reading.assets]))
    details = {"page": door, "days": days, "places": [*reading.places]}
    return {"action": SHOWN, "subject": subject, "details": details}


def account_for_command(context: Context) -> None:
    """Put on the trail what the command that runs has shown; it is written before the command prints it."""
    told = told_of(context, f"tiffin {COMMAND.get()}") if COMMAND.get() else None
    if told is not None:
        # Most commands read no facts, and do without the trail.
        from tiffin.runtime import audit  # noqa: PLC0415 - for the reason above

        audit.record_read(context, **told)
