"""How often verdicts of a row may fail on appeal: as shipped, or as the workspace states it."""

from datetime import date
from pathlib import Path

from tiffin.capabilities.liability.domain.row_standing import RowLimit
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "row_limits.yaml"
EVERY = "*"
_PARTS = ("source", "policy", "limit", "confidence")


def limit_of(workspace: Workspace, policy: str, day: date) -> RowLimit:
    """Give the limit that holds for rows of a policy on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/row_limits.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    own = workspace.overlay("parameters") / "row_limits.yaml"
    held = in_force(entries_of(SHIPPED, own, "row_limits", _PARTS, _limit), day, lambda one: one.policy)
    found = held.get(policy) or held.get(EVERY)
    if found is None:
        raise InvalidDefinition(
            Message("No limit of rows holds on {day}. Give one for '*' an earlier date in {file}.", day=day, file=own)
        )
    return found


def _limit(entry: Entry) -> RowLimit:
    said = entry.stated
    for name in ("limit", "confidence"):
        value = said[name]
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1:
            raise InvalidDefinition(
                Message(
                    "{place}: `{name}` is a share above 0 and below 1; found {found}.",
                    place=entry.place,
                    name=name,
                    found=repr(value),
                )
            )
    return RowLimit(str(said["policy"]), float(said["limit"]), float(said["confidence"]))
