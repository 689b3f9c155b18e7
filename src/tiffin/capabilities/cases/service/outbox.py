"""Effects that wait or failed, for those who look after the platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.cases.models import CaseEffect
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

SHOWN = 500
_EFFECTS: Any = CaseEffect.__table__
_PLAIN = ("effect_id", "key", "case_id", "case_type", "name", "created_at", "due_at", "attempts", "error")


@dataclass(frozen=True, slots=True)
class WaitingEffect:
    """An effect that is not done.

    Parameters
    ----------
    due_at : datetime
        When it is tried next.
    error : str or None
        What it failed of last.
    """

    effect_id: int
    key: str
    case_id: int
    case_type: str
    name: str
    created_at: datetime
    due_at: datetime
    attempts: int
    error: str | None
    is_dead: bool


def require_steward(context: Context) -> None:
    """Let nobody pass who does not look after everything.

    Raises
    ------
    Forbidden
        He has no such grant.
    """
    roles = (Role.ADMIN, Role.STEWARD)
    if not any(grant.role in roles and "*" in (*grant.countries, *grant.cities) for grant in context.actor.grants):
        raise Forbidden(
            Message(
                "{name} may not look into the log of all cases: that takes a steward or an administrator of "
                "everything.",
                name=context.actor.name,
            )
        )


def waiting_effects(context: Context, *, is_dead: bool = False) -> tuple[WaitingEffect, ...]:
    """List effects that are not done, the oldest first."""
    wanted = select(_EFFECTS).where(_EFFECTS.c.done_at.is_(None)).order_by(_EFFECTS.c.effect_id).limit(SHOWN)
    if is_dead:
        wanted = wanted.where(_EFFECTS.c.dead_at.is_not(None))
    rows = context.session.execute(wanted).all()
    plain: list[dict[str, Any]] = [{name: getattr(row, name) for name in _PLAIN} for row in rows]
    return tuple(WaitingEffect(**one, is_dead=row.dead_at is not None) for one, row in zip(plain, rows, strict=True))


def try_again(context: Context, effect_id: int) -> None:
    """Let an effect that failed too often be tried again at once.

    Raises
    ------
    NotFound
        There is no such effect, or it is not dead.
    """
    dead = (_EFFECTS.c.effect_id == effect_id) & _EFFECTS.c.dead_at.is_not(None)
    fresh = {"dead_at": None, "attempts": 0, "due_at": context.now, "leased_by": None, "leased_until": None}
    done: Any = context.session.execute(update(_EFFECTS).where(dead).values(**fresh))
    if not done.rowcount:
        raise NotFound(
            Message(
                "Effect {number} has not failed for good. `tiffin cases effects --dead` names those that have.",
                number=effect_id,
            )
        )
    audit.record(context, action="effect_retried", subject=str(effect_id), details={"effect": effect_id})
