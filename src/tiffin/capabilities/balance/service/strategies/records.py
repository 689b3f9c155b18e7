"""Strategies in the database: found, and only by those who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.lever_findings import Finding, finding_from
from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.engines.cases.declaration import Transition
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

AGREED, ON_TRIAL, KEPT = "strategy_agreed", "strategy_on_trial", "strategy_kept"
ROLLED_OUT, CLOSED, DROPPED = "strategy_rolled_out", "strategy_closed", "strategy_dropped"


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy as whoever may see it reads it.

    Parameters
    ----------
    option : str
        The option of its proposal.
    parameters : mapping
        Its levers as they are pulled: zones, seconds of the day, strengths.
    expected : mapping
        What its rehearsal said: minutes avoided, money, the ratio; simulated.
    trial : str or None
        Name of the trial that tries it.
    actions : tuple of Transition
        What the actor may do with it now.
    """

    case_id: int
    proposal: int
    option: str
    state: str
    country: str
    city_id: str
    day: date
    episode: int
    levers: tuple[Lever, ...]
    parameters: Mapping[str, Any]
    finding: Finding
    expected: Mapping[str, Any]
    owner: str
    team: str
    first: date
    last: date
    trial: str | None
    outcome: str | None
    created_at: datetime
    created_by: str
    due_at: datetime | None
    version: int
    actions: tuple[Transition, ...]
    case: CaseDetail


def seen_record(context: Context, case_id: int) -> StrategyRecord:
    """Find a strategy of a city that the actor may see.

    Raises
    ------
    NotFound
        There is none.
    """
    found = context.session.scalar(select(StrategyRecord).where(StrategyRecord.case_id == case_id))
    if found is None or not sees(context, found):
        raise NotFound(
            Message("There is no strategy {number} that you may see. `tiffin strategies list` names those.",
                    number=case_id)
        )  # fmt: skip
    return found


def sees(context: Context, record: StrategyRecord) -> bool:
    """Tell whether the actor sees the city of a strategy."""
    return context.actor.may_see_city(country=record.country, city_id=record.city_id)


def roles_of(context: Context, record: StrategyRecord) -> frozenset[str]:
    """Give the roles that the actor holds over the city of a strategy."""
    return roles_over(context.actor, country=record.country, city_id=record.city_id)


def strategy_of(context: Context, record: StrategyRecord) -> Strategy:
    """Give a strategy with where it stands and what the actor may do."""
    case = guided_case(context, record.case_id, roles=roles_of(context, record))
    return Strategy(
        case_id=record.case_id,
        proposal=record.proposal_id,
        option=record.option,
        state=case.summary.state,
        country=record.country,
        city_id=record.city_id,
        day=record.day,
        episode=record.episode,
        levers=tuple(Lever(one) for one in record.levers),
        parameters=record.parameters,
        finding=finding_from(record.finding),
        expected=record.expected,
        owner=record.owner,
        team=record.team,
        first=record.first_day,
        last=record.last_day,
        trial=record.trial,
        outcome=record.outcome,
        created_at=record.created_at,
        created_by=record.created_by,
        due_at=case.summary.due_at,
        version=case.summary.version,
        actions=case.actions,
        case=case,
    )
