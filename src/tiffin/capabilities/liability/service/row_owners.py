"""Who answers for a policy, and how one of its rows is written now."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.library import in_force
from tiffin.kernel.errors import NotFound
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account
from tiffin.runtime.teams import is_of, members_of

_PLATFORM = Actor("platform", (Grant(Role.ADMIN, ("*",), ("*",)),))


def is_row_owner(context: Context, policy: str) -> bool:
    """Tell whether the actor answers for a policy: its owner, one of the team that owns it, or a steward everywhere."""
    held = _effective(context, policy)
    is_owner = held is not None and is_of(context, held.stated.owner)
    return (is_owner and bool(context.actor.grants)) or context.actor.has_role_everywhere(Role.STEWARD)


def owners_of(context: Context, policy: str) -> tuple[str, ...]:
    """Name who answers for a policy: its owner's people, or the stewards of everything where it has none here."""
    held = _effective(context, policy)
    people = members_of(context, held.stated.owner) if held else ()
    return people or tuple(_stewards(context))


def row_digest(context: Context, policy: str, row: str) -> str:
    """Name a row as it is written today, with the numbers that it rests on; empty where there is none of its name."""
    held = _effective(context, policy)
    written = [] if held is None else _written(held, row)
    return hashlib.sha256("\n".join(written).encode()).hexdigest() if written else ""


def _written(held: Effective, row: str) -> list[str]:
    rows = zip(held.table.row_ids, held.table.table.rows, strict=True)
    found = [repr((one.tests, one.results)) for name, one in rows if name == row]
    named = sorted(name for name in held.table.parameters if any(f"'{name}'" in text for text in found))
    return found + [f"{name}={held.table.parameters[name]!r}" for name in named] if found else []


def _effective(context: Context, policy: str) -> Effective | None:
    """Give a policy in force today as the platform reads it: whoever appeals has no grant to read policies by."""
    try:
        return in_force(replace(context, actor=_PLATFORM), policy, context.now.date())
    except NotFound:
        return None


def _stewards(context: Context) -> Iterator[str]:
    accounts = context.session.scalars(select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name))
    for account in accounts.all():
        if effective_actor(context.session, account, now=context.now).has_role_everywhere(Role.STEWARD):
            yield account.name
