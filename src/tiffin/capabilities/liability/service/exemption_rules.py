"""What exempts from blame on a day: as shipped, or as the workspace states it."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import ExemptionRule
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, Number, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "exemptions.yaml"
EVERY = "*"
_HOURS = Number(least=1, is_whole=True)
_RAIN = Number()


def severe_mm(workspace: Workspace, country: str, day: date) -> float:
    """Tell from how much rain in an hour the weather is severe in a country on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/exemptions.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    read = entries_of(SHIPPED, _own(workspace), "weather", ("country", "severe_mm", "source"), _weather)
    held = in_force(read, day, lambda one: one[0])
    if EVERY not in held:
        raise InvalidDefinition(
            Message("No threshold of weather for '*' holds on {day}. Give one an earlier date in {file}.",
                    day=day, file=_own(workspace))
        )  # fmt: skip
    return held.get(country, held[EVERY])[1]


def rules_on(workspace: Workspace, day: date) -> Mapping[Circumstance, ExemptionRule]:
    """Give what each circumstance exempts from on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/exemptions.yaml`` of the workspace is not what it should be.
    """
    needed = ("circumstance", "most_hours", "exempts", "source")
    read = entries_of(SHIPPED, _own(workspace), "circumstances", needed, _rule)
    return in_force(read, day, lambda rule: rule.circumstance)


def _own(workspace: Workspace) -> Path:
    return workspace.overlay("parameters") / "exemptions.yaml"


def _weather(entry: Entry) -> tuple[str, float]:
    if not _RAIN.takes(entry.stated["severe_mm"]):
        raise _wrong(entry, "severe_mm", str(_RAIN))
    return str(entry.stated["country"]), float(entry.stated["severe_mm"])


def _rule(entry: Entry) -> ExemptionRule:
    stated = entry.stated
    if stated["circumstance"] not in set(Circumstance):
        raise _wrong(entry, "circumstance", ", ".join(Circumstance))
    if not _HOURS.takes(stated["most_hours"]):
        raise _wrong(entry, "most_hours", str(_HOURS))
    if not isinstance(stated["exempts"], list) or not set(stated["exempts"]) <= set(Party):
        raise _wrong(entry, "exempts", ", ".join(Party))
    most = timedelta(hours=stated["most_hours"])
    return ExemptionRule(Circumstance(stated["circumstance"]), most, frozenset(Party(one) for one in stated["exempts"]))


def _wrong(entry: Entry, name: str, expected: str) -> InvalidDefinition:
    return InvalidDefinition(
        Message("{place}: `{name}` is {expected}; found {found}.", place=entry.place, name=name, expected=expected,
                found=repr(entry.stated[name]))
    )  # fmt: skip
