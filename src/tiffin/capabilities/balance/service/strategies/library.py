"""The library of levers and the prices of markets, dated, as shipped or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.lever_findings import Figure, finding_from
from tiffin.capabilities.balance.domain.levers import (
    Condition,
    Guard,
    LeadTime,
    LeverDefinition,
    Price,
    Prices,
    Strengths,
    WorkedCase,
)
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[2] / "levers.yaml"
_NEEDED = ("lever", "lead_time", "pulled_by", "helps_when", "strengths", "paid", "decides", "guardrails", "source",
           "cases")  # fmt: skip
_PRICED = ("market", "currency", "source", "values")


def read_levers(workspace: Workspace, day: date) -> tuple[LeverDefinition, ...]:
    """Read the levers that hold on a day; the workspace's ``parameters/levers.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks a part or cannot be read, or one of its worked cases does not hold.
    """
    entries = entries_of(SHIPPED, _own(workspace), "levers", _NEEDED, _lever)
    chosen = in_force(entries, day, lambda one: one.lever)
    return tuple(chosen[lever] for lever in Lever if lever in chosen)


def read_prices(workspace: Workspace, market: str, day: date) -> Prices:
    """Read what things cost in a market on a day.

    Raises
    ------
    NotFound
        No prices of that market hold on the day.
    InvalidDefinition
        An entry lacks a part or cannot be read.
    """
    entries = entries_of(SHIPPED, _own(workspace), "prices", _PRICED, _prices)
    chosen = in_force(entries, day, lambda one: one.market)
    if market not in chosen:
        raise NotFound(
            Message(
                "Prices of the market {market} on {day} were expected, and there are none. Add some to {file}.",
                market=market,
                day=day,
                file=str(_own(workspace)),
            )
        )
    return chosen[market]


def _own(workspace: Workspace) -> Path:
    return workspace.overlay("parameters") / "levers.yaml"


def _prices(entry: Entry) -> Prices:
    stated = entry.stated
    values = stated["values"]
    if not isinstance(values, dict) or set(values) != {one.value for one in Price}:
        raise InvalidDefinition(f"{entry.place}: `values` must give {', '.join(one.value for one in Price)}.")
    wrong = [name for name, value in values.items() if type(value) is not int or value < 0]
    if wrong:
        raise InvalidDefinition(f"{entry.place}: {wrong[0]} must be whole minor units of at least 0.")
    minor = {Price(name): value for name, value in values.items()}
    return Prices(str(stated["market"]), str(stated["currency"]), minor, str(stated["source"]))


def _lever(entry: Entry) -> LeverDefinition:
    try:
        found = _read(entry.stated)
    except (TypeError, ValueError, KeyError) as fault:
        raise InvalidDefinition(f"{entry.place}: this lever cannot be read: {fault!r}.") from fault
    for number, case in enumerate(found.cases, start=1):
        if found.judge(case.finding, case.lead_time).holds != case.holds:
            expected = "was expected to hold" if case.holds else "was expected not to hold"
            raise InvalidDefinition(f"{entry.place}: worked case {number} of {found.lever} {expected}.")
    return found


def _read(stated: Mapping[str, Any]) -> LeverDefinition:
    sized, decides = stated["strengths"], stated["decides"]
    return LeverDefinition(
        lever=Lever(stated["lever"]),
        lead_times=frozenset(LeadTime(one) for one in stated["lead_time"]),
        pulled_by=frozenset(stated["pulled_by"]),
        helps_when=tuple(_condition(one) for one in stated["helps_when"]),
        strengths=Strengths(
            of=None if sized["of"] == "one" else Figure(sized["of"]),
            times=tuple(float(one) for one in sized["times"]),
            step=float(sized["step"]),
            least=float(sized["least"]),
            most=float(sized["most"]),
        ),
        paid=tuple(Price(one) for one in stated["paid"]),
        metric=str(decides["metric"]),
        smallest_effect=float(decides["smallest_effect"]),
        guardrails=tuple(Guard(str(one["metric"]), float(one["most_worse"])) for one in stated["guardrails"]),
        source=str(stated["source"]),
        cases=tuple(_case(one) for one in stated["cases"]),
    )


def _condition(stated: Mapping[str, Any]) -> Condition:
    figure = Figure(stated["figure"])
    hours = (int(stated["from"]), int(stated["to"])) if figure is Figure.HOUR else None
    limits = {name: float(stated[name]) for name in ("at_least", "at_most") if name in stated}
    if hours is None and not limits:
        missing = f"{figure} has no limit"
        raise ValueError(missing)
    return Condition(figure, tuple(Cause(one) for one in stated.get("causes", ())), hours=hours, **limits)


def _case(stated: Mapping[str, Any]) -> WorkedCase:
    finding = finding_from(stated["finding"])
    return WorkedCase(finding, LeadTime(stated.get("lead_time", "morning")), bool(stated["holds"]))
