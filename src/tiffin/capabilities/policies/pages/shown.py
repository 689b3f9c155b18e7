"""What every page of a policy begins with: what it is called, and what holds where and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tiffin.capabilities.policies.domain.policy import Direction, Effective, Monotone, Policy, Statement
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.where import Where, in_words
from tiffin.capabilities.policies.pages.wording import HIT_POLICIES, PARTIES
from tiffin.capabilities.policies.service import drafting, library
from tiffin.capabilities.policies.service.drafting_rights import may_read_drafts
from tiffin.kernel.errors import InvalidDefinition, NotFound, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, mark, translate

RISES = {
    Direction.UP: mark("As {input} grows, {output} never falls."),
    Direction.DOWN: mark("As {input} grows, {output} never rises."),
}


@dataclass(frozen=True, slots=True)
class Titled:
    """A policy in the reader's language, apart from its rows.

    Parameters
    ----------
    promises : tuple of str
        What must hold of every case.
    people : str
        Whom it affects.
    """

    title: str
    question: str = ""
    owner: str = ""
    source: str = ""
    hit_policy: str = ""
    promises: tuple[str, ...] = ()
    people: str = ""


def titled(context: Context, name: str) -> Titled:
    """Tell a policy by its latest base file; by its name where that cannot be read or is only a draft.

    Raises
    ------
    NotFound
        There is no such policy, and no draft of it that the reader may see.
    """
    try:
        return told_statement(latest(library.find(context, name)), context.locale)
    except InvalidDefinition:
        return Titled(name)
    except NotFound:
        if may_read_drafts(context) and drafting.list_drafts(context, name, everything=True):
            return Titled(name)
        raise


def latest(policy: Policy) -> Statement:
    """Give what the base file that begins last says.

    Raises
    ------
    NotFound
        There is none.
    """
    for version in sorted(policy.versions, key=lambda one: one.from_date, reverse=True):
        if isinstance(version.stated, Statement):
            return version.stated
    raise NotFound(Message("The policy {policy} has no file that holds for all markets.", policy=policy.name))


def told_statement(stated: Statement, locale: str) -> Titled:
    """Tell what a base file says beside its rows."""
    return Titled(
        in_words(stated.title, locale),
        in_words(stated.question, locale),
        stated.owner,
        stated.source,
        translate(locale, HIT_POLICIES[stated.hit_policy]),
        tuple(_promises(stated, locale)),
        ", ".join(translate(locale, PARTIES.get(party, party)) for party in stated.people),
    )


def found_on(
    context: Context, name: str, where: Where, *, known_at: datetime | None = None, draft: int | None = None
) -> tuple[Effective | None, TiffinError | None]:
    """Give what holds on a day; or, where nothing does or it cannot be read, why."""
    try:
        return library.in_force(context, name, where.on, known_at=known_at, draft=draft), None
    except (NotFound, InvalidDefinition) as error:
        return None, error


def _promises(stated: Statement, locale: str) -> Iterator[str]:
    labels = {one.name: in_words(one.label, locale) for one in stated.inputs}
    labels |= {one.name: in_words(one.label, locale) for one in stated.outputs}
    for one in stated.sums:
        parts = " + ".join(labels[name] for name in one.outputs)
        yield translate(locale, "{parts} always add up to {total}.", parts=parts, total=Teller(locale).value(one.total))
    yield from (_monotone(one, labels, locale) for one in stated.monotone)
    for law in stated.law:
        bounds = (("at least {value}", law.at_least), ("at most {value}", law.at_most))
        told = " · ".join(translate(locale, text, value=given.text) for text, given in bounds if given is not None)
        market = format_country(law.market, locale)
        yield translate(
            locale,
            "{market}: {output} {bound} by law ({reference}).",
            market=market,
            output=labels.get(law.output, law.output),
            bound=told,
            reference=law.reference,
        )


def _monotone(one: Monotone, labels: dict[str, str], locale: str) -> str:
    return translate(locale, RISES[one.direction], input=labels[one.input], output=labels[one.output])
