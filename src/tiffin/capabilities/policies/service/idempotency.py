"""Answers under a sender's own key: the same request again gets the same answer, and is not decided again.

The key's row is laid down before anything is decided, so that of two requests at once the database lets the second wait
for the first and then answers it from what was kept. What fails keeps nothing, and may be sent again under its key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tiffin.capabilities.policies.models import ANSWERS
from tiffin.capabilities.policies.service.reading_rights import need_reader
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

KEPT = timedelta(hours=24)
"""How long an answer is kept under its key; the key is free again afterwards."""

_A = ANSWERS.c


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and whether it was kept from before."""

    text: str
    replayed: bool = False


def answered_once(context: Context, key: str | None, asked: bytes, make: Callable[[], str]) -> Answer:
    """Answer a request, or give what was answered when it was sent before under its key.

    Parameters
    ----------
    key : str or None
        The sender's own name for the request; None answers anew each time.
    asked : bytes
        What the answer follows from: address and body; the reader's language comes on top.
    make : callable
        Makes the answer.

    Raises
    ------
    Conflict
        The key stands for another request.
    Forbidden
        The actor may read no policy, or no longer.
    """
    need_reader(context)
    if key is None:
        return Answer(make())
    digest = hashlib.sha256(context.locale.encode() + b"\n" + asked).hexdigest()
    context.unit.execute(delete(ANSWERS).where(_A.asked_at < context.now - KEPT))
    if not _laid_down(context, key, digest):
        return _kept(context, key, digest)
    answer = Answer(make())
    context.unit.execute(update(ANSWERS).where(*_mine(context, key)).values(answer=answer.text))
    return answer


def _laid_down(context: Context, key: str, digest: str) -> bool:
    """Lay the key's row down; False where it lies there, for which a request that is under way is waited for."""
    values = {
        "idempotency_key": key,
        "actor": context.actor.name,
        "asked_sha256": digest,
        "asked_at": context.now,
        "answer": "",
    }
    dialect = postgresql if context.unit.engine.dialect.name == "postgresql" else sqlite
    laying = dialect.insert(ANSWERS).values(**values).on_conflict_do_nothing().returning(_A.idempotency_key)
    return context.unit.execute(laying).first() is not None


def _kept(context: Context, key: str, digest: str) -> Answer:
    row = context.unit.execute(select(ANSWERS).where(*_mine(context, key))).one()
    if row.asked_sha256 != digest:
        raise Conflict(
            Message(
                "The idempotency key {key} was used on {at} UTC for another request. A new request needs a new key.",
                key=key,
                at=f"{row.asked_at:%Y-%m-%d %H:%M}",
            )
        )
    return Answer(row.answer, replayed=True)


def _mine(context: Context, key: str) -> tuple[ColumnElement[bool], ...]:
    return (_A.idempotency_key == key, _A.actor == context.actor.name)
