"""Strategies: an option of a proposal made somebody's own, agreed to by a second person, tried, kept or dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.strategy_ranking import NOTHING
from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.balance.service import find_city
from tiffin.capabilities.balance.service.strategies.library import read_levers
from tiffin.capabilities.balance.service.strategies.proposals import DONE, Proposal, find_proposal, proposals_of
from tiffin.capabilities.balance.service.strategies.records import (
    CLOSED,
    DROPPED,
    Strategy,
    roles_of,
    seen_record,
    sees,
    strategy_of,
)
from tiffin.capabilities.balance.service.strategies.trial_links import trial_is_over
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.domain.strategy_cases import STRATEGISTS, STRATEGY
from tiffin.capabilities.cases.service import act_as, open_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Strategy against the miss of {day} in {city}")
LONGEST_NAME = 80
AFTER_TRIAL = frozenset({"keep_strategy"})
"""Actions that have to wait for the end of the trial."""
BY_SERVICE = frozenset({"try_strategy"})
"""Actions that need more than words: a trial is drafted with them."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What somebody says who makes an option a strategy.

    Parameters
    ----------
    owner, team : str
        Whose it is; the owner is the actor where none is said.
    first, last : date
        Days on which it is to hold, both among them.
    """

    owner: str
    team: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StrategiesOfDay:
    """What was decided about a city's day, and what is being worked out."""

    strategies: tuple[Strategy, ...]
    proposals: tuple[Proposal, ...]


def adopt(context: Context, proposal: int, option: str, said: Adoption) -> Strategy:
    """Make an option of a proposal a strategy, and propose it to a second person.

    Raises
    ------
    NotFound
        There is no such proposal that the actor may see, or it has no such option.
    Forbidden
        He proposes no strategies in this city.
    Conflict
        It was not worked out yet, or is a strategy already.
    WrongUse
        Something that has to be said is missing or makes no sense.
    """
    found = find_proposal(context, proposal)
    if not roles_over(context.actor, country=found.country, city_id=found.city_id) & STRATEGISTS:
        raise Forbidden(Message("Strategies are proposed by analysts, city managers and stewards of the city."))
    if found.state != DONE:
        raise Conflict(Message("Proposal {number} was not worked out yet.", number=proposal))
    chosen = found.option(option)
    if option == NOTHING:
        raise WrongUse(Message("To do nothing needs no strategy. Choose another option."))
    owner = said.owner or context.actor.name
    _check(said, owner)
    record = _record(context, found, chosen, said, owner)
    audit.record(context, action="strategy_proposed", subject=_subject(record), details={"option": option})
    act_as(context, record.case_id, "propose_strategy", {}, role=_role(context, record, "propose_strategy"))
    record.state = "strategy_proposed"
    context.session.flush()
    return strategy_of(context, record)


def act(
    context: Context, case_id: int, action: str, values: Mapping[str, Any] | None = None, *, version: int | None = None
) -> Strategy:
    """Move a strategy on: propose, send back, agree, keep, drop, say that it is rolled out, close, add a note.

    Raises
    ------
    NotFound
        There is no such strategy that the actor may see.
    Forbidden
        It is not his to do, or he may not do both this and what he did before.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        Something that has to be said is missing.
    """
    record = seen_record(context, case_id)
    if action in BY_SERVICE:
        raise WrongUse(Message("A strategy is put on trial with the days of its trial."))
    if action in AFTER_TRIAL:
        _require_end(context, record)
    if action == "agree_strategy":
        _require_puller(context, record)
    return move(context, record, action, values or {}, version=version)


def move(
    context: Context, record: StrategyRecord, action: str, values: Mapping[str, Any], *, version: int | None = None
) -> Strategy:
    """Take one action on a strategy and keep what follows from it.

    Raises
    ------
    Forbidden, Conflict, WrongUse
        As `act`.
    """
    act_as(context, record.case_id, action, values, role=_role(context, record, action), version=version)
    found = strategy_of(context, record)
    record.state = found.state
    if found.state in (CLOSED, DROPPED):
        record.outcome = str(values.get("outcome") or values.get("reason") or "")
    audit.record(context, action="strategy_moved", subject=_subject(record), details={"action": action})
    context.session.flush()
    return strategy_of(context, record)


def list_strategies(context: Context, *, city: str = "", state: str = "", lever: str = "") -> tuple[Strategy, ...]:
    """List the strategies of cities that the actor may see, the newest first."""
    asked = select(StrategyRecord).order_by(StrategyRecord.strategy_id.desc())
    if city:
        asked = asked.where(StrategyRecord.city_id == city)
    if state:
        asked = asked.where(StrategyRecord.state == state)
    rows = [row for row in context.session.scalars(asked) if sees(context, row)]
    return tuple(strategy_of(context, row) for row in rows if not lever or lever in row.levers)


def find_strategy(context: Context, case_id: int) -> Strategy:
    """Find a strategy by the number of its case.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    return strategy_of(context, seen_record(context, case_id))


def strategies_of_day(context: Context, city_id: str, day: date) -> StrategiesOfDay:
    """Give the strategies that answer a miss of a city's day, and the proposals for it, the newest first."""
    asked = select(StrategyRecord).where(StrategyRecord.city_id == city_id, StrategyRecord.day == day)
    rows = context.session.scalars(asked.order_by(StrategyRecord.strategy_id.desc()))
    strategies = tuple(strategy_of(context, row) for row in rows if sees(context, row))
    return StrategiesOfDay(strategies, proposals_of(context, city_id, day))


def _record(context: Context, found: Proposal, chosen: Mapping[str, Any], said: Adoption, owner: str) -> StrategyRecord:
    city = find_city(context, found.city_id)
    key = f"strategy|{found.number}|{chosen['name']}"
    same = select(StrategyRecord).where(
        StrategyRecord.proposal_id == found.number, StrategyRecord.option == chosen["name"]
    )
    earlier = context.session.scalars(same).all()
    alive = [one for one in earlier if one.state not in (CLOSED, DROPPED)]
    if alive:
        raise Conflict(Message("This option is strategy {number} already.", number=alive[0].case_id))
    case = open_case(
        context,
        NewCase(
            case_type=STRATEGY.name,
            key=f"{key}|{len(earlier)}",
            headline=HEADLINE,
            values={"day": {"days": [found.day.isoformat(), found.day.isoformat()]}, "city": city.name},
            country=found.country,
            city_id=found.city_id,
            subject=str(chosen["lever"]),
            severity=Severity.MINOR,
            timezone=city.timezone,
        ),
    )
    record = StrategyRecord(
        case_id=case.case_id,
        proposal_id=found.number,
        option=chosen["name"],
        state=STRATEGY.first,
        country=found.country,
        city_id=found.city_id,
        day=found.day,
        episode=found.episode,
        levers=[chosen["lever"]],
        parameters={"pulls": chosen["pulls"], "lead_time": found.question.lead_time.value},
        finding=found.question.finding.plain(),
        expected={**chosen, "currency": found.answer["currency"], "is_simulated": True},
        owner=owner,
        team=said.team,
        first_day=said.first,
        last_day=said.last,
        created_at=context.now,
        created_by=context.actor.name,
    )
    context.session.add(record)
    context.session.flush()
    return record


def _check(said: Adoption, owner: str) -> None:
    if said.last < said.first:
        raise WrongUse(Message("The last day of a strategy lies after its first."))
    if not said.team.strip():
        raise WrongUse(Message("Say which team carries the strategy out."))
    if max(len(owner), len(said.team)) > LONGEST_NAME:
        raise WrongUse(Message("Names of at most {most} letters were expected.", most=LONGEST_NAME))


def _role(context: Context, record: StrategyRecord, action: str) -> str:
    held = roles_of(context, record)
    wanted = {role for one in STRATEGY.transitions if one.action == action for role in one.roles}
    role = next(iter(sorted(held & wanted)), None)
    if role is None:
        raise Forbidden(Message("{name} may look at this strategy and not do that.", name=context.actor.name))
    return role


def _require_puller(context: Context, record: StrategyRecord) -> None:
    """Refuse whoever may not pull every lever of a strategy."""
    held = roles_of(context, record)
    for one in read_levers(context.workspace, record.day):
        if one.lever in {Lever(name) for name in record.levers} and not held & one.pulled_by:
            raise Forbidden(Message("{name} may not pull this lever here.", name=context.actor.name))


def _require_end(context: Context, record: StrategyRecord) -> None:
    if record.trial is not None and not trial_is_over(context, record.trial):
        raise Conflict(Message("Trial '{name}' is not over yet. Judge it first, then keep or drop the strategy.",
                               name=record.trial))  # fmt: skip


def _subject(record: StrategyRecord) -> str:
    return f"strategy {record.case_id} in {record.city_id}"
