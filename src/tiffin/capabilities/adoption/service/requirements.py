"""Requirements: asked, shown, listed, and moved on by whoever has the next step."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tiffin.capabilities.adoption.domain.items import Ask, Item, Requirement, RequirementDetail
from tiffin.capabilities.adoption.domain.scoring import Need, Scoring, Worth, score
from tiffin.capabilities.adoption.domain.states import ASKER, HOLDERS, REQUIREMENT, Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.checks import check_said
from tiffin.capabilities.adoption.service.parameters import read_scoring
from tiffin.capabilities.adoption.service.readiness import needs_met
from tiffin.capabilities.adoption.service.records import (
    TEXT_MAX,
    NewItem,
    act,
    chosen,
    find,
    item_of,
    open_item,
    require_grant,
    roles_of,
    standing_of,
    trail_of,
)
from tiffin.capabilities.adoption.service.telling import tell_author
from tiffin.capabilities.metrics.service.cities import unseen_city, visible_cities
from tiffin.engines.cases.acting import offered
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

LISTED = 500
MOST_PEOPLE = 1_000_000
_SILENT = frozenset({"note", "estimate"})
"""Actions of which the asker is not told by message."""


def ask(context: Context, asked: Ask) -> RequirementDetail:
    """Ask for something in business words.

    Raises
    ------
    Forbidden
        The actor has no grant.
    WrongUse
        The decision is not said, a number makes no sense, or the rhythm is unknown.
    NotFound
        There is no such city that the actor may see.
    """
    require_grant(context)
    seen = {city.city_id: city.country for city in visible_cities(context)}
    _check(asked, read_scoring(context.workspace, context.now.date()))
    for city in asked.cities:
        if city not in seen:
            raise unseen_city(city)
    told = asdict(asked) | {"wanted_by": asked.wanted_by.isoformat() if asked.wanted_by else None}
    details = {"ask": told | {"cities": list(asked.cities)}, "places": [[seen[city], city] for city in asked.cities]}
    headline = " ".join(asked.decision.split())
    record = open_item(context, NewItem(Kind.REQUIREMENT, headline, details=details))
    return _detail(context, record)


def show(context: Context, item_id: int) -> RequirementDetail:
    """Show a requirement with its score, its time line and what the actor may do with it now."""
    return _detail(context, find(context, item_id, kind=Kind.REQUIREMENT))


def list_requirements(
    context: Context, *, states: tuple[str, ...] = (), author: str | None = None
) -> tuple[Requirement, ...]:
    """List requirements, the highest score first."""
    require_grant(context)
    scoring = read_scoring(context.workspace, context.now.date())
    rows = context.session.scalars(chosen(Kind.REQUIREMENT, states=states, author=author).limit(LISTED))
    listed = [_summary(row, scoring) for row in rows]
    return tuple(sorted(listed, key=lambda one: (-one.score.total, one.item.item_id)))


def decide(
    context: Context,
    item_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
) -> RequirementDetail:
    """Take an action on a requirement; whoever asked is told.

    Raises
    ------
    NotFound
        There is no such requirement.
    Conflict
        Somebody else acted meanwhile, or the action cannot be taken in this state.
    Forbidden
        The actor may not, or would approve what he built himself.
    WrongUse
        A value is missing or makes no sense.
    """
    record = find(context, item_id, kind=Kind.REQUIREMENT)
    said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
    details = {**record.details, **check_said(context, record, action, said)}
    act(context, record, action, said, version=version, details=details)
    if action not in _SILENT:
        reason = str(said.get("reason") or said.get("done") or said.get("notes") or said.get("by") or "")
        tell_author(context, record, said=reason, address=f"/adoption/requirements/{item_id}")
    return _detail(context, record)


def ask_of(item: Item) -> Ask:
    """Give what was asked."""
    told = dict(item.details["ask"])
    wanted = told.get("wanted_by")
    return Ask(
        **told
        | {"cities": tuple(told.get("cities") or ()), "wanted_by": date.fromisoformat(wanted) if wanted else None}
    )


def _check(asked: Ask, scoring: Scoring) -> None:
    if not asked.decision.strip() or len(asked.decision) > TEXT_MAX:
        raise WrongUse(
            Message("Say in a sentence which decision you want to take, in at most {most} characters.", most=TEXT_MAX)
        )
    if asked.rhythm not in scoring.times_a_month:
        known = ", ".join(scoring.times_a_month)
        raise WrongUse(f"How often is one of {known}; found {asked.rhythm!r}.")
    numbers = (asked.minutes_saved, asked.amount)
    if not 1 <= asked.people <= MOST_PEOPLE or any(one is not None and not 0 <= one < float("inf") for one in numbers):
        raise WrongUse(
            Message("People are counted from 1; minutes and money are numbers of at least 0. Mend them and ask again.")
        )
    if max(len(asked.who), len(asked.today)) > TEXT_MAX:
        raise WrongUse(Message("At most {most} characters were expected. Say it shorter.", most=TEXT_MAX))


def _summary(record: AdoptionItem, scoring: Scoring) -> Requirement:
    item = item_of(record)
    return Requirement(item, score(_worth(item, scoring), scoring), _holder(item))


def _worth(item: Item, scoring: Scoring) -> Worth:
    asked = ask_of(item)
    rhythm = asked.rhythm if asked.rhythm in scoring.times_a_month else next(iter(scoring.times_a_month))
    return Worth(
        rhythm=rhythm,
        people=asked.people,
        minutes_saved=asked.minutes_saved,
        amount=asked.amount,
        effort_days=item.details.get("effort_days"),
        readiness=item.details.get("readiness"),
    )


def _holder(item: Item) -> str:
    holder = HOLDERS.get(item.state, "")
    if holder == "builder":
        return item.assignee or ""
    return item.author if holder == ASKER else holder


def _detail(context: Context, record: AdoptionItem) -> RequirementDetail:
    scoring = read_scoring(context.workspace, context.now.date())
    summary = _summary(record, scoring)
    asked = ask_of(summary.item)
    needs: tuple[Need, ...] = needs_met(context, record.details.get("needs") or (), asked.cities)
    actions = offered(
        REQUIREMENT,
        standing_of(context, record),
        actor=context.actor.name,
        roles=roles_of(context.actor, record),
    )
    return RequirementDetail(summary, asked, needs, trail_of(context, record.item_id), actions)
