"""When a second person looks at a decision, and how long it can be undone: as shipped, or as the workspace states."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "judging.yaml"
EVERY = "*"
_NUMBERS = ("second_person_above_minor", "undo_min")
_PARTS = ("source", "country", *_NUMBERS)


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """What holds for decisions of people in a country.

    Parameters
    ----------
    second_person_above_minor : int
        Money, minor units of the country's currency, above which a second person confirms.
    undo_for : timedelta
        For so long after it a decision can be undone by whoever took it.
    """

    country: str
    second_person_above_minor: int
    undo_for: timedelta


def judging_rules(workspace: Workspace, country: str, day: date) -> JudgingRules:
    """Give what holds in a country on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/judging.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    own = workspace.overlay("parameters") / "judging.yaml"
    held = in_force(entries_of(SHIPPED, own, "judging", _PARTS, _rules), day, lambda one: one.country)
    found = held.get(country) or held.get(EVERY)
    if found is None:
        raise InvalidDefinition(
            Message(
                "No rules of judging hold on {day}. Give some for '*' an earlier date in {file}.", day=day, file=own
            )
        )
    return found


def _rules(entry: Entry) -> JudgingRules:
    said = entry.stated
    for name in _NUMBERS:
        if not isinstance(said[name], int) or isinstance(said[name], bool) or said[name] < 0:
            raise InvalidDefinition(
                Message(
                    "{place}: `{name}` is a whole number of at least 0; found {found}.",
                    place=entry.place,
                    name=name,
                    found=repr(said[name]),
                )
            )
    return JudgingRules(
        str(said["country"]), int(said["second_person_above_minor"]), timedelta(minutes=int(said["undo_min"]))
    )
