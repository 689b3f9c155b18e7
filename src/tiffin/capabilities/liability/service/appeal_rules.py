"""Who may appeal in a country, and until when: as shipped, or as the workspace states it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tiffin.capabilities.liability.domain.appeals import AppealRules, Silence
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.markets import find_market
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "appeals.yaml"
EVERYWHERE = "*"
_PARTS = ("country", "source", "parties", "lodge_days", "silence")
_LONGEST_DAYS = 3660


def rules_of(workspace: Workspace, country: str, decided_on: date) -> AppealRules:
    """Give the rules that hold in a country for verdicts of a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/appeals.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    own = workspace.overlay("parameters") / "appeals.yaml"
    held = in_force(entries_of(SHIPPED, own, "appeals", _PARTS, _rules), decided_on, lambda one: one.country)
    found = held.get(country) or held.get(EVERYWHERE)
    if found is None:
        raise InvalidDefinition(
            Message(
                "No rules of appeals hold on {day}. Give those for '*' an earlier date in {file}.",
                day=decided_on,
                file=own,
            )
        )
    return found


def check_may_lodge(context: Context, verdict: Verdict, party: Party) -> None:
    """Refuse an appeal of a party that has none in this country, or that comes too late.

    Raises
    ------
    Forbidden
        The country's rules give the party no appeal.
    Conflict
        The last day is over.
    """
    country = verdict.incident.country
    decided_on = local_day(context, verdict.incident.country, verdict.decided_at)
    rules = rules_of(context.workspace, country, decided_on)
    if party not in rules.parties:
        raise Forbidden(
            Message(
                "In {country} an appeal can be lodged by {known}, and not by a {party}.",
                country=country,
                known=", ".join(rules.parties),
                party=party.value,
            )
        )
    last = rules.last_day(decided_on)
    if local_day(context, country, context.now) > last:
        raise Conflict(
            Message(
                "The verdict is of {decided}; an appeal against it could be lodged until {last}. It is too late now.",
                decided=decided_on,
                last=last,
            )
        )


def local_day(context: Context, country: str, at: datetime) -> date:
    """Give the calendar day of a country at an instant; of one that is unknown, the day in UTC."""
    try:
        market = find_market(country, context.workspace.overlay("markets"))
    except NotFound:
        return at.date()
    return at.astimezone(ZoneInfo(market.city("", "", day=at.date()).timezone)).date()


def _rules(entry: Entry) -> AppealRules:
    said = entry.stated
    return AppealRules(
        country=str(said["country"]),
        parties=_parties(entry),
        lodge_days=_days(entry),
        silence=_silence(entry),
        source=str(said["source"]),
        is_to_be_verified=said.get("verify") is True,
    )


def _parties(entry: Entry) -> tuple[Party, ...]:
    named: Any = entry.stated["parties"]
    known = (Party.RIDER, Party.MERCHANT, Party.CUSTOMER)
    if not isinstance(named, list) or not named or set(named) - {one.value for one in known}:
        raise InvalidDefinition(
            Message(
                "{place}: `parties` lists some of {known}; found {found}.",
                place=entry.place,
                known=", ".join(known),
                found=repr(named),
            )
        )
    return tuple(Party(one) for one in named)


def _days(entry: Entry) -> int:
    days = entry.stated["lodge_days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= _LONGEST_DAYS:
        raise InvalidDefinition(
            Message(
                "{place}: `lodge_days` is a whole number above nought; found {found}.",
                place=entry.place,
                found=repr(days),
            )
        )
    return days


def _silence(entry: Entry) -> Silence:
    said = entry.stated["silence"]
    if said not in {one.value for one in Silence}:
        raise InvalidDefinition(
            Message(
                "{place}: `silence` is one of {known}; found {found}.",
                place=entry.place,
                known=", ".join(Silence),
                found=repr(said),
            )
        )
    return Silence(said)
