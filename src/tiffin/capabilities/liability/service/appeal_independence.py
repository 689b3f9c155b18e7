"""Who had no part in a verdict, and may therefore review it."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.verdicts import verdict_of
from tiffin.capabilities.policies.service.ledger import publications, texts_in_force
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account

_PLATFORM = Actor("platform", (Grant(Role.ADMIN, ("*",), ("*",)),))


def excluded_from(context: Context, verdict: Verdict, *, lodged_by: str) -> frozenset[str]:
    """Name who cannot review a verdict: its judges, who wrote and published its rule, and who lodged the appeal."""
    return frozenset({*_judges(context, verdict), *_writers(context, verdict), lodged_by})


def reviewers_left(context: Context, *, country: str, city_id: str, excluded: frozenset[str]) -> tuple[str, ...]:
    """Name who may review an appeal of a place: reviewers there who had no part in what was decided."""
    accounts = context.session.scalars(select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name))
    actors = [effective_actor(context.session, account, now=context.now) for account in accounts.all()]
    return tuple(
        one.name
        for one in actors
        if one.name not in excluded and Role.REVIEWER in roles_over(one, country=country, city_id=city_id)
    )


def those_who_answer(context: Context, *, country: str, city_id: str) -> tuple[str, ...]:
    """Name the stewards and administrators of a place: they are told what nobody else can see to."""
    accounts = context.session.scalars(select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name))
    actors = [effective_actor(context.session, account, now=context.now) for account in accounts.all()]
    return tuple(one.name for one in actors if "steward" in roles_over(one, country=country, city_id=city_id))


def _judges(context: Context, verdict: Verdict) -> Iterator[str]:
    one: Verdict | None = verdict
    while one is not None:
        if one.decider:
            yield one.decider
        one = verdict_of(context, one.supersedes) if one.supersedes else None


def _writers(context: Context, verdict: Verdict) -> Iterator[str]:
    """Name authors and publishers of what held of the policy when it decided; a shipped text has none here."""
    if not verdict.policy:
        return
    # Who wrote a rule is read for the platform: whoever appeals has no grant to read policies by.
    reading = replace(context, actor=_PLATFORM)
    on, known_at = verdict.incident.business_date, verdict.decided_at
    held = texts_in_force(reading, verdict.policy, on=on, known_at=known_at).values()
    numbers = {one.publication for one in held if one.publication}
    for one in publications(reading, verdict.policy):
        if one.number in numbers:
            yield from (*one.authors, one.published_by)
