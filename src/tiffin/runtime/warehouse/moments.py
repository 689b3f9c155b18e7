"""Which version of a table stood at an instant."""

from collections.abc import Sequence
from datetime import datetime

from tiffin.kernel.errors import WrongUse
from tiffin.runtime.warehouse.snapshot import Commit


def version_at(history: Sequence[Commit], instant: datetime) -> int | None:
    """Give the newest version written at or before an instant, None where there was none yet.

    Raises
    ------
    WrongUse
        The instant has no time zone.
    """
    if instant.tzinfo is None:
        raise WrongUse(f"An instant with a time zone was expected, {instant.isoformat()} has none. Add +00:00 for UTC.")
    return max((commit.version for commit in history if commit.at <= instant), default=None)
