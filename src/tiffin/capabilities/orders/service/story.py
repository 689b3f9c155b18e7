"""What happened to an order, told in order and in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tiffin.capabilities.orders.domain.order_file import Milestone, OrderFile, milestones_of
from tiffin.capabilities.orders.domain.sight import Told
from tiffin.capabilities.orders.service import words
from tiffin.capabilities.orders.service.order_file import order_file
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Party
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import digits_of, format_money, format_number, translate

_SAID = {
    Milestone.PLACED: Message("The customer placed the order."),
    Milestone.ACCEPTED: Message("The merchant accepted the order."),
    Milestone.READY: Message("The goods were ready."),
    Milestone.ASSIGNED: Message("A rider took the order."),
    Milestone.ARRIVED_AT_MERCHANT: Message("The rider came to the merchant."),
    Milestone.PICKED_UP: Message("The rider left with the goods."),
    Milestone.ARRIVED_AT_CUSTOMER: Message("The rider came to the customer."),
    Milestone.DELIVERED: Message("The order was handed over."),
    Milestone.RETURNED: Message("The goods came back."),
}


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing that happened.

    Parameters
    ----------
    kind : str
        ``milestone``, ``promise``, ``late``, ``offer``, ``contact``, ``refund``, ``evidence``, ``merchant`` or
        ``rating``.
    said : str
        In the reader's language.
    """

    at: datetime
    kind: str
    said: str


def order_story(context: Context, city_id: str, order_id: str, for_party: Party | None = None) -> tuple[StoryStep, ...]:
    """Tell what happened to an order, as the actor is told it, or as a party would be.

    Raises
    ------
    NotFound
        There is no such order that the actor, or the party, may see.
    """
    reader = replace(context, actor=replace(context.actor, grants=(), party=for_party)) if for_party else context
    return story_of(order_file(reader, city_id, order_id), context.locale)


def story_of(file: OrderFile, locale: str) -> tuple[StoryStep, ...]:
    """Tell what happened from a file that was read, oldest first; of one instant the milestone first."""
    steps = [*_milestones(file, locale), *_promises(file, locale), *_others(file, locale)]
    return tuple(sorted(steps, key=lambda one: (one.at, one.kind != "milestone")))


def clock_of(at: datetime, file: OrderFile, locale: str) -> str:
    """Write an instant as the clock of the order's city."""
    local = at.astimezone(ZoneInfo(file.city.timezone))
    return f"{local:%H:%M}".translate(str.maketrans("0123456789", digits_of(locale)))


def _milestones(file: OrderFile, locale: str) -> Iterator[StoryStep]:
    for milestone, at in milestones_of(file.order, file.rows("order_stages")).items():
        said = _SAID.get(milestone) or _cancelled(file.order, locale)
        yield StoryStep(at, "milestone", translate(locale, said))


def _cancelled(order: Told, locale: str) -> Message:
    if order["cancelled_by"] is None:
        return Message("The order was cancelled.")
    return Message(
        "The order was cancelled by {who}: {why}.",
        who=words.said(words.PEOPLE, order["cancelled_by"], locale),
        why=words.said(words.REASONS, order["cancel_reason"], locale),
    )


def _promises(file: OrderFile, locale: str) -> Iterator[StoryStep]:
    for number, row in enumerate(file.rows("promises")):
        time = clock_of(row["promised_at"], file, locale)
        why = words.said(words.REASONS, row["reason"], locale)
        said = (
            Message("The customer was promised the order by {time}.", time=time)
            if number == 0
            else Message("The promise was moved to {time}: {why}.", time=time, why=why)
        )
        yield StoryStep(row["made_at"], "promise", translate(locale, said))
    promised = file.order["promised_at"]
    if promised is not None and file.late_min is not None and file.late_min > 0:
        yield StoryStep(promised, "late", translate(locale, Message("The promised time passed.")))


def _others(file: OrderFile, locale: str) -> Iterator[StoryStep]:
    yield from _offers(file, locale)
    for row in file.rows("contacts"):
        channel = words.said(words.CHANNELS, row["channel"], locale)
        why = words.said(words.REASONS, row["reason"], locale)
        said = Message("The customer was in touch {channel}: {why}.", channel=channel, why=why)
        yield StoryStep(row["contacted_at"], "contact", translate(locale, said))
    for row in file.rows("refunds"):
        yield StoryStep(row["refunded_at"], "refund", translate(locale, _refunded(row, file, locale)))
    for row in file.rows("evidence"):
        who = words.said(words.PEOPLE, row["provided_by"], locale)
        kind = words.said(words.EVIDENCE, row["kind"], locale)
        said = Message("Evidence came from {who}: {kind}.", who=who, kind=kind)
        yield StoryStep(row["recorded_at"], "evidence", translate(locale, said))
    for row in file.rows("merchant_states"):
        state = words.said(words.MERCHANT_STATES, row["state"], locale)
        yield StoryStep(
            row["at"], "merchant", translate(locale, Message("The merchant was set to {state}.", state=state))
        )
    for row in file.rows("ratings"):
        stars = format_number(row["stars"], locale)
        said = Message("The customer gave {stars} of 5 stars.", stars=stars)
        yield StoryStep(row["rated_at"], "rating", translate(locale, said))


def _offers(file: OrderFile, locale: str) -> Iterator[StoryStep]:
    """Tell the offers that came to nothing; the one that was taken is a milestone."""
    for row in file.rows("dispatch_offers"):
        why = words.said(words.REASONS, row["decline_reason"], locale)
        said = {
            "declined": Message("A rider declined the order: {why}.", why=why),
            "expired": Message("A rider did not answer the offer."),
            "withdrawn": Message("An offer to a rider was withdrawn."),
        }.get(str(row["outcome"]))
        if said is not None:
            yield StoryStep(row["answered_at"] or row["offered_at"], "offer", translate(locale, said))


def _refunded(row: Told, file: OrderFile, locale: str) -> Message:
    why = words.said(words.REASONS, row["reason"], locale)
    if "amount_minor" in row.hidden or row["amount_minor"] is None:
        return Message("Money was given back: {why}.", why=why)
    currency = str(row["currency"] or file.order["currency"] or "")
    return Message(
        "{amount} was given back: {why}.", amount=format_money(row["amount_minor"], currency, locale), why=why
    )
