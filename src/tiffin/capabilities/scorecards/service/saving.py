"""Questions that people saved: for themselves, or shared with everybody of a role."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from tiffin.capabilities.scorecards.models import SavedQuestion
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

NAME_MAX = 120
ADDRESS_MAX = 4000


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved question; ``address`` is what follows the question mark."""

    question_id: int
    name: str
    owner: str
    address: str
    role: str | None
    saved_at: datetime


def list_saved(context: Context) -> tuple[Saved, ...]:
    """List the actor's own questions, and those that are shared with a role of his; numbers are his in any case."""
    roles = [role.value for role in Role if context.actor.has_role(role)]
    wanted = select(SavedQuestion).where(or_(SavedQuestion.owner == context.actor.name, SavedQuestion.role.in_(roles)))
    rows = context.session.scalars(wanted.order_by(SavedQuestion.name, SavedQuestion.owner))
    return tuple(_saved(row) for row in rows)


def every_saved(context: Context) -> tuple[Saved, ...]:
    """List the questions of everybody, for counting what an edit touches; only `list_saved` is for showing."""
    return tuple(_saved(row) for row in context.session.scalars(select(SavedQuestion)))


def save_question(context: Context, *, name: str, address: str, role: str | None) -> Saved:
    """Save a question under a name; the same name of the same person is replaced.

    Raises
    ------
    WrongUse
        The name is empty or too long, or there is no such role.
    """
    told = " ".join(name.split())
    if not told or len(told) > NAME_MAX:
        raise WrongUse(Message("A name of 1 to {most} characters was expected.", most=NAME_MAX))
    if len(address) > ADDRESS_MAX:
        raise WrongUse("The question is too long to be saved. Ask for fewer metrics.")
    if role and role not in tuple(Role):
        raise WrongUse(f"There is no role {role!r}. Share with one of {', '.join(Role)}.")
    row = context.session.scalar(
        select(SavedQuestion).where(SavedQuestion.owner == context.actor.name, SavedQuestion.name == told)
    )
    if row is None:
        row = SavedQuestion(owner=context.actor.name, name=told)
        context.session.add(row)
    row.address, row.role, row.saved_at = address, role or None, context.now
    context.session.flush()
    audit.record(context, action="question_saved", subject=told, details={"address": address, "role": role})
    return _saved(row)


def remove_question(context: Context, question_id: int) -> None:
    """Take a question of one's own away.

    Raises
    ------
    NotFound
        The actor has saved no such question.
    """
    row = context.session.get(SavedQuestion, question_id)
    if row is None or row.owner != context.actor.name:
        raise NotFound("You have saved no such question.")
    context.session.delete(row)
    audit.record(context, action="question_removed", subject=row.name)


def _saved(row: SavedQuestion) -> Saved:
    return Saved(row.question_id, row.name, row.owner, row.address, row.role, row.saved_at)
