"""Proposals: asked for once, worked out by a process of their own, kept with what they came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.balance.models.strategies import ProposalRecord
from tiffin.capabilities.balance.service.strategies.questions import Question, question_from
from tiffin.capabilities.rehearsals.service.run_scenarios import may_rehearse, require_runner
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

WAITING, RUNNING, DONE, FAILED, INTERRUPTED = "waiting", "running", "done", "failed", "interrupted"
STALE_AFTER = timedelta(seconds=120)
"""A run of which nothing was heard for so long has been interrupted; its first day may need the compiler."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands at the moment.

    Parameters
    ----------
    done, total : int
        Steps of its rehearsal.
    answer : mapping
        Ranked options with quantities, minutes and money, plain; empty before it is done.
    """

    number: int
    city_id: str
    country: str
    day: date
    episode: int
    question: Question
    state: str
    done: int
    total: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    failure: str | None
    answer: Mapping[str, Any]
    receipt: Mapping[str, Any]
    may_act: bool

    @property
    def is_under_way(self) -> bool:
        """Tell whether it waits or runs."""
        return self.state in (WAITING, RUNNING)

    @property
    def options(self) -> tuple[Mapping[str, Any], ...]:
        """Give the ranked options, the best first."""
        return tuple(self.answer.get("options", ()))

    def option(self, name: str) -> Mapping[str, Any]:
        """Find an option by name.

        Raises
        ------
        NotFound
            There is none of that name.
        """
        found = next((one for one in self.options if one["name"] == name), None)
        if found is None:
            names = ", ".join(str(one["name"]) for one in self.options)
            raise NotFound(
                Message("Proposal {number} has no option {name}. There are: {names}.",
                        number=self.number, name=repr(name), names=names)
            )  # fmt: skip
        return found


def ask(context: Context, question: Question) -> tuple[Proposal, bool]:
    """Keep a question, or find it where it was asked before; tell whether somebody has to work it out.

    Raises
    ------
    Forbidden
        The actor may not rehearse that city.
    """
    finding = question.finding
    require_runner(context, country=finding.country, city_id=finding.city_id)
    record = _by_fingerprint(context, question.fingerprint)
    if record is None:
        record = _kept(context, question)
        audit.record(context, action="options_asked", subject=_subject(record))
    found = _view(context, record)
    return found, found.state in (WAITING, FAILED, INTERRUPTED)


def find_proposal(context: Context, number: int) -> Proposal:
    """Find a proposal by its number.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    return _view(context, _seen(context, number))


def proposal_for(context: Context, question: Question) -> Proposal | None:
    """Find the proposal that answers a question, if it was asked."""
    record = _by_fingerprint(context, question.fingerprint)
    return None if record is None else _view(context, record)


def proposals_of(context: Context, city_id: str, day: date) -> tuple[Proposal, ...]:
    """List the proposals for a city's day that the actor may see, the newest first."""
    asked = select(ProposalRecord).where(ProposalRecord.city_id == city_id, ProposalRecord.day == day)
    rows = context.session.scalars(asked.order_by(ProposalRecord.proposal_id.desc()))
    return tuple(_view(context, row) for row in rows if _may_see(context, row))


def done_proposals(context: Context) -> tuple[Proposal, ...]:
    """List all proposals that were worked out, of cities that the actor may see, the newest first."""
    asked = select(ProposalRecord).where(ProposalRecord.state == DONE).order_by(ProposalRecord.proposal_id.desc())
    return tuple(_view(context, row) for row in context.session.scalars(asked) if _may_see(context, row))


def begin(context: Context, number: int, *, runner: str, total: int) -> Question:
    """Take a proposal in hand; from now on only this runner writes how far it is.

    Raises
    ------
    NotFound
        There is none of that number.
    Forbidden
        The actor may not rehearse that city.
    Conflict
        It runs already, or is done.
    """
    row = _seen(context, number)
    require_runner(context, country=row.country, city_id=row.city_id)
    if _state(context, row) not in (WAITING, FAILED, INTERRUPTED):
        raise Conflict(Message("Proposal {number} is being worked out, or done.", number=number))
    row.state, row.runner, row.done, row.total, row.failure = RUNNING, runner, 0, total, None
    row.heard_at = context.now
    return question_from(row.question)


def advance(context: Context, number: int, *, runner: str, done: int) -> bool:
    """Note how far a proposal is; False where another process has taken it over."""
    row = _in_hand(context, number, runner)
    if row is None:
        return False
    row.done, row.heard_at = min(done, row.total), context.now
    return True


def finish(
    context: Context, number: int, *, runner: str, answer: Mapping[str, Any], receipt: Mapping[str, Any]
) -> bool:
    """Keep what a proposal came to; False where another process has taken it over."""
    row = _in_hand(context, number, runner)
    if row is None:
        return False
    row.answer, row.receipt = dict(answer), dict(receipt)
    row.state, row.done = DONE, row.total
    row.heard_at = row.ended_at = context.now
    audit.record(context, action="options_rehearsed", subject=_subject(row))
    return True


def fail(context: Context, number: int, *, runner: str, why: str) -> None:
    """Note why a proposal could not be worked out."""
    row = _in_hand(context, number, runner)
    if row is not None:
        row.state, row.failure, row.ended_at = FAILED, why, context.now


def _kept(context: Context, question: Question) -> ProposalRecord:
    finding = question.finding
    record = ProposalRecord(
        fingerprint=question.fingerprint,
        country=finding.country,
        city_id=finding.city_id,
        day=finding.day,
        episode=finding.episode,
        question=question.plain(),
        state=WAITING,
        done=0,
        total=1,
        heard_at=context.now,
        asked_by=context.actor.name,
        asked_at=context.now,
    )
    try:
        with context.session.begin_nested():
            context.session.add(record)
            context.session.flush()
    except IntegrityError:
        # Somebody else asked the same at the same moment; his is the one.
        found = _by_fingerprint(context, question.fingerprint)
        if found is None:
            raise
        return found
    return record


def _by_fingerprint(context: Context, fingerprint: str) -> ProposalRecord | None:
    return context.session.scalar(select(ProposalRecord).where(ProposalRecord.fingerprint == fingerprint))


def _seen(context: Context, number: int) -> ProposalRecord:
    row = context.session.get(ProposalRecord, number)
    if row is None or not _may_see(context, row):
        raise NotFound(Message("There is no proposal {number} that you may see.", number=number))
    return row


def _may_see(context: Context, row: ProposalRecord) -> bool:
    return context.actor.may_see_city(country=row.country, city_id=row.city_id)


def _in_hand(context: Context, number: int, runner: str) -> ProposalRecord | None:
    row = context.session.get(ProposalRecord, number, with_for_update=True, populate_existing=True)
    return row if row is not None and row.runner == runner and row.state == RUNNING else None


def _state(context: Context, row: ProposalRecord) -> str:
    if row.state == RUNNING and context.now - row.heard_at > STALE_AFTER:
        return INTERRUPTED
    return row.state


def _view(context: Context, row: ProposalRecord) -> Proposal:
    return Proposal(
        number=row.proposal_id,
        city_id=row.city_id,
        country=row.country,
        day=row.day,
        episode=row.episode,
        question=question_from(row.question),
        state=_state(context, row),
        done=row.done,
        total=row.total,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        failure=row.failure,
        answer=row.answer or {},
        receipt=row.receipt or {},
        may_act=may_rehearse(context, country=row.country, city_id=row.city_id),
    )


def _subject(row: ProposalRecord) -> str:
    return f"proposal {row.proposal_id} of {row.city_id} on {row.day}"
