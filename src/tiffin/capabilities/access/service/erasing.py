"""Erasing a person: asked by one officer with a reason, decided by another. What follows is done step by step."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.access.domain.erasing import (
    ACCOUNT,
    ErasureView,
    SoughtPerson,
    State,
    cleaned_reason,
    halved,
    joined,
)
from tiffin.capabilities.access.domain.fact_texts import FactTexts, decision
from tiffin.capabilities.access.models.erasures import Erasure
from tiffin.capabilities.access.service.people_facts import kind_of
from tiffin.capabilities.access.service.people_names import known_as
from tiffin.capabilities.access.service.people_rights import require_officer
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account


def ask_erasure(context: Context, person: SoughtPerson, reason: str) -> ErasureView:
    """Ask that a person be erased; somebody else decides.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    WrongUse
        There is no reason, no such kind of person, or a word by which everybody would be found.
    Conflict
        A word is an account's name, or a word of the platform's own; the account owns the workspace.
    NotFound
        There is no such account.
    """
    require_officer(context)
    kind_of(person.kind)
    whole = known_as(context, person)
    _refuse_words_of_others(context, whole)
    half, other = halved(whole, secrets.token_bytes)
    row = Erasure(
        kind=person.kind,
        half=half,
        other_half=other,
        reason=cleaned_reason(reason),
        state=State.ASKED.value,
        asked_by=context.actor.name,
        asked_at=context.now,
        remark="",
        steps={},
    )
    context.session.add(row)
    context.session.flush()
    note(context, row, "erasure_asked", reason=whole.sought.without(row.reason, dict.fromkeys(whole.sought.words, "…")))
    return view(context, row)


def approve_erasure(
    context: Context, erasure_id: int, *, left_out: Sequence[str] = (), why_left_out: str = ""
) -> ErasureView:
    """Agree that a person be erased; from then on it cannot be stopped.

    Parameters
    ----------
    left_out : sequence of str
        Keys of texts of the facts that only seem to name him, and stay as they are.
    why_left_out : str
        Why they do; needed where there are any.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data, or asked for it himself.
    NotFound
        There is no such request.
    Conflict
        It was decided before.
    WrongUse
        Texts are left out without a reason.
    """
    row = _to_decide(context, erasure_id)
    if left_out:
        person = joined(row.half, row.other_half)
        said = cleaned_reason(why_left_out)
        told = person.sought.without(said, dict.fromkeys(person.sought.words, "…")) if person else said
        row.left_out = decision(left_out, told, context.actor.name)
    _decide(context, row, State.APPROVED)
    note(context, row, "erasure_approved", **({"left_out": len(set(left_out))} if left_out else {}))
    return view(context, row)


def texts_to_rewrite(context: Context, erasure_id: int) -> FactTexts | None:
    """Give the texts of the facts that name the person of a request; None where he is no longer known here.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    NotFound
        There is no such request.
    """
    row = find_row(context, erasure_id)
    person = joined(row.half, row.other_half)
    if person is None:
        return None
    from tiffin.capabilities.access.service.erasing_texts import texts_of  # noqa: PLC0415 - files take a while to import

    found = texts_of(context, row, person)
    told = {"texts": found.count, "rows": found.rows}
    audit.record_read(context, action="fact_texts_seen", subject=f"{row.kind}, request {row.erasure_id}", details=told)
    return found


def refuse_erasure(context: Context, erasure_id: int, reason: str) -> ErasureView:
    """Refuse that a person be erased, and say why; who he is, is forgotten here at once.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data, or asked for it himself.
    NotFound
        There is no such request.
    Conflict
        It was decided before.
    WrongUse
        There is no reason.
    """
    row = _to_decide(context, erasure_id)
    person = joined(row.half, row.other_half)
    told = cleaned_reason(reason)
    row.remark = person.sought.without(told, dict.fromkeys(person.sought.words, "…")) if person else told
    _decide(context, row, State.REFUSED)
    note(context, row, "erasure_refused", reason=row.remark)
    return view(context, row)


def withdraw_erasure(context: Context, erasure_id: int) -> ErasureView:
    """Take a request back that nobody has decided yet.

    Raises
    ------
    Forbidden
        Somebody else asked.
    NotFound
        There is no such request.
    Conflict
        It was decided before.
    """
    row = find_row(context, erasure_id)
    if row.asked_by != context.actor.name:
        raise Forbidden(Message("Only {name}, who asked for it, can take it back.", name=row.asked_by))
    _require_open(row)
    _decide(context, row, State.WITHDRAWN)
    note(context, row, "erasure_withdrawn")
    return view(context, row)


def list_erasures(context: Context) -> tuple[ErasureView, ...]:
    """List all requests, newest first.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    """
    require_officer(context)
    found = context.session.scalars(select(Erasure).order_by(Erasure.erasure_id.desc()))
    return tuple(view(context, row) for row in found)


def unfinished(context: Context) -> tuple[int, ...]:
    """Name the requests that were approved and are not carried out to the end."""
    waiting = select(Erasure.erasure_id).where(Erasure.state == State.APPROVED.value).order_by(Erasure.erasure_id)
    return tuple(context.session.scalars(waiting))


def show_erasure(context: Context, erasure_id: int) -> ErasureView:
    """Give one request.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    NotFound
        There is no such request.
    """
    return view(context, find_row(context, erasure_id))


def find_row(context: Context, erasure_id: int) -> Erasure:
    """Give the row of a request.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    NotFound
        There is no such request.
    """
    require_officer(context)
    row = context.session.get(Erasure, erasure_id)
    if row is None:
        raise NotFound(
            Message(
                "There is no request {number} to erase a person. `tiffin people erasures` lists them all.",
                number=erasure_id,
            )
        )
    return row


def note(context: Context, row: Erasure, action: str, **details: Any) -> None:
    """Put on the trail what happened to a request; whom it is about is never told there."""
    audit.record(context, action=action, subject=f"{row.kind}, request {row.erasure_id}", details=details)


def certificate_of(one: ErasureView) -> dict[str, Any]:
    """Give what was done as plain values; the number stands for the person, whom nothing here names."""
    return {
        "request": one.erasure_id,
        "kind": one.kind,
        "reason": one.reason if one.person is None else "",
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
        "state": one.state,
        "erased_at": one.erased_at,
        "remark": one.remark,
        "steps": one.steps,
    }


def view(context: Context, row: Erasure) -> ErasureView:
    """Give a request as officers see it."""
    is_open, is_own = row.state == State.ASKED, row.asked_by == context.actor.name
    steps: Mapping[str, Mapping[str, Any]] = row.steps
    return ErasureView(
        erasure_id=row.erasure_id,
        kind=row.kind,
        person=joined(row.half, row.other_half),
        reason=row.reason,
        state=State(row.state),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        remark=row.remark,
        steps=steps,
        erased_at=row.erased_at,
        may_decide=is_open and not is_own,
        may_withdraw=is_open and is_own,
    )


def _to_decide(context: Context, erasure_id: int) -> Erasure:
    row = find_row(context, erasure_id)
    if row.asked_by == context.actor.name:
        raise Forbidden(
            Message(
                "{name} asked for this himself; somebody else who answers for personal data decides.",
                name=context.actor.name,
            )
        )
    _require_open(row)
    return row


def _require_open(row: Erasure) -> None:
    if row.state != State.ASKED:
        raise Conflict(
            Message("Request {number} was decided meanwhile. Look at how it stands now.", number=row.erasure_id)
        )


def _decide(context: Context, row: Erasure, state: State) -> None:
    halves = {} if state is State.APPROVED else {"half": "", "other_half": ""}
    decided = {"state": state.value, "decided_by": context.actor.name, "decided_at": context.now, **halves}
    context.session.flush()
    is_open = (Erasure.erasure_id == row.erasure_id) & (Erasure.state == State.ASKED.value)
    done = context.unit.execute(update(Erasure).where(is_open).values(decided))
    context.session.refresh(row)
    if done.rowcount != 1:
        _require_open(row)


def _refuse_words_of_others(context: Context, person: SoughtPerson) -> None:
    """Refuse what would rename somebody else, or a word on which the platform itself stands."""
    words = {word.casefold() for word in person.sought.words}
    own = {*(role.value for role in Role), "platform", "nobody", "owner"} & words
    accounts = {name.casefold() for name in context.session.scalars(select(Account.name))} & words
    if person.kind == ACCOUNT:
        accounts -= {person.identifier.casefold()}
    for word in (*sorted(own), *sorted(accounts)):
        raise Conflict(
            Message(
                "'{word}' is the name of an account or a word of the platform's own, and would be replaced everywhere. "
                "Leave it out; an account is erased by itself, under the kind account.",
                word=word,
            )
        )
