"""What a notice about a verdict says: each value, written for its reader when its text asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tiffin.capabilities.liability.domain.notice_text import Piece, names_in
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.appeal_rules import local_day, rules_of
from tiffin.capabilities.liability.service.ledger_terms import terms_on
from tiffin.capabilities.liability.service.notice_library import NoticeText, parsed
from tiffin.capabilities.liability.service.notice_values import NO, SOME, Writer, key, prose, text
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import NOTHING
from tiffin.runtime.markets import find_market

SECONDS_A_MINUTE = 60
HOUR_S = 3600

Makers = Mapping[str, Callable[[], Piece]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says beside what the verdict itself tells.

    Parameters
    ----------
    until : datetime or None
        When the time of which it speaks is over, UTC.
    reason : mapping of str to str
        Why, by language; empty for the verdict's own.
    points, balance : int or None
        Points of which it speaks; None for the verdict's.
    money_minor : int or None
        None for the verdict's.
    occasion : str
        Which time it is that the same is told of the same verdict; the same occasion is told once.
    """

    until: datetime | None = None
    reason: Mapping[str, str] = field(default_factory=dict)
    points: int | None = None
    balance: int = 0
    money_minor: int | None = None
    occasion: str = ""


def pieces_for(
    context: Context, version: NoticeText, verdict: Verdict, party: Party, said: Told
) -> Mapping[str, Piece]:
    """Write every value that a text says, as its reader writes it."""
    makers = _makers(context, verdict, party, said, version.locale)
    return {name: makers[name]() for name in sorted(names_in(parsed(version.text)))}


def _makers(context: Context, verdict: Verdict, party: Party, said: Told, locale: str) -> Makers:
    """Tell how each value is made; only those that a text says are made."""
    incident, country = verdict.incident, verdict.incident.country
    market = find_market(country, context.workspace.overlay("markets"))
    write = Writer(locale, country, market.city("", "", day=context.now.date()).timezone)
    today = write.local_day(context.now)
    money = _money(verdict, party, said)
    points = verdict.points.get(party, 0) if said.points is None else said.points

    def last_day() -> date:
        decided_on = local_day(context, country, verdict.decided_at)
        return rules_of(context.workspace, country, decided_on).last_day(decided_on)

    def until() -> datetime:
        if said.until is None:
            raise InvalidData(Message("This notice speaks of a time that is over at some moment; say at which."))
        return said.until

    def lapsing() -> Piece:
        terms = terms_on(context.workspace, country, write.local_day(verdict.decided_at))
        ends = terms.of(party).points.expires_at(verdict.decided_at)
        return write.day(write.local_day(ends)) if ends else text(NOTHING)

    return {
        "order": lambda: text(incident.order_id),
        "incident": lambda: write.incident(incident.incident.value),
        "day": lambda: write.day(write.local_day(incident.happened_at)),
        "late": lambda: write.number(late_min(verdict)),
        "reason": lambda: prose(reason_in(said.reason or verdict.reason, locale)),
        "rule": lambda: text(f"{verdict.policy} / {verdict.row}"),
        "decided": lambda: key(verdict.decided_by.value),
        "share": lambda: write.share(verdict.shares.get(party, 0)),
        "points": lambda: write.number(points),
        "points_until": lapsing,
        "balance": lambda: write.number(said.balance),
        "recovery": lambda: key(SOME if money else NO),
        "money": lambda: write.money(money, verdict.currency or market.currency),
        "appeal_until": lambda: write.day(last_day()),
        "appeal_days": lambda: write.number(max(0, (last_day() - today).days)),
        "until": lambda: write.moment(until()),
        "days": lambda: write.number(max(0, (write.local_day(until()) - today).days)),
        "hours": lambda: write.number(max(0, round((until() - context.now).total_seconds() / HOUR_S))),
    }


def late_min(verdict: Verdict) -> int:
    """Give by how many whole minutes an order came late, as the verdict's facts tell; nought where they do not."""
    for name, unit_s in (("delay_min", SECONDS_A_MINUTE), ("late_min", SECONDS_A_MINUTE), ("delay_s", 1)):
        found = verdict.facts.get(name)
        if isinstance(found, int | float) and found > 0:
            return int(found * unit_s // SECONDS_A_MINUTE)
    return 0


def reason_in(said: Mapping[str, str], locale: str) -> str:
    """Give a statement of reasons in a language; what a person wrote in another one stays as he wrote it."""
    return said.get(locale) or said.get("en") or next(iter(said.values()), "")


def _money(verdict: Verdict, party: Party, said: Told) -> int:
    if said.money_minor is not None:
        return said.money_minor
    return verdict.compensation_minor if party is Party.CUSTOMER else verdict.recovery_minor.get(party, 0)
