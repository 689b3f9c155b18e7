"""Who is acting, and what he is granted at this moment."""

import getpass
import os
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import GUARDED, Actor, Grant, Role
from tiffin.runtime.database import transaction
from tiffin.runtime.models import Account, AccountGrant
from tiffin.runtime.workspace import Workspace

EVERYWHERE = ("*",)
NAME_MAX = 80

_OWNER = select(Account).where(Account.is_owner)


def effective_actor(session: Session, account: Account, *, now: datetime) -> Actor:
    """Give the actor that an account is at a moment: with the grants that are neither expired nor taken back."""
    in_force = select(AccountGrant).where(
        AccountGrant.account_id == account.account_id,
        AccountGrant.revoked_at.is_(None),
        or_(AccountGrant.expires_at.is_(None), AccountGrant.expires_at > now),
    )
    held = session.scalars(in_force.order_by(AccountGrant.grant_id))
    return Actor(account.name, tuple(grant_of(row) for row in held))


def grant_of(row: AccountGrant) -> Grant:
    """Give what a row of the database grants."""
    return Grant(
        Role(row.role),
        tuple(row.countries),
        tuple(row.cities),
        tuple((name, tuple(values)) for name, values in sorted(row.row_filters.items())),
        tuple(Classification(name) for name in row.opens),
        row.minimum_size,
    )


def local_actor(session: Session, workspace: Workspace, *, user: str | None, now: datetime) -> Actor:
    """Give the actor of a command that a person runs at this machine.

    Whoever owns the workspace's files (or is the machine's root) acts as its owner account, or as any account he
    names: the files would let him do as much. Everybody else acts as the account that bears his operating-system name,
    and as no other.

    Raises
    ------
    Forbidden
        The person has no account, or names another than his own.
    NotFound
        There is no account of that name.
    """
    person = login_name()
    if not owns_files(workspace):
        if user not in (None, person):
            raise Forbidden(
                f"Only the owner of the workspace's files may act as another account; {person!r} asked to act as "
                f"{user!r}. Leave --user out."
            )
        return effective_actor(session, active_account(session, person), now=now)
    return effective_actor(session, active_account(session, user) if user else owner_account(session, now=now), now=now)


def active_account(session: Session, name: str) -> Account:
    """Find an account that may act.

    Raises
    ------
    NotFound
        There is none of that name.
    Forbidden
        It is disabled.
    """
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise NotFound(
            f"There is no account named {name!r} in this workspace. `tiffin users list` names them all; "
            "`tiffin users add` makes one."
        )
    if account.disabled_at is not None:
        raise Forbidden(
            f"The account {name!r} is disabled. An administrator can enable it with `tiffin users enable {name}`."
        )
    return account


def owner_account(session: Session, *, now: datetime) -> Account:
    """Give the owner's account; a workspace without one gets it now, named after the person at this machine."""
    account = session.scalar(_OWNER)
    if account is None:
        _make_owner(session.get_bind().engine, now=now)
        account = session.scalars(_OWNER).one()
    return account


def owns_files(workspace: Workspace) -> bool:
    """Tell whether the person at this machine owns the workspace's files, or is the machine's root."""
    if not hasattr(os, "getuid"):  # where files have no such owner, whoever reaches them owns them
        return True
    return os.getuid() in (0, workspace.root.stat().st_uid)


def login_name() -> str:
    """Name of the person at this machine as an account's name; ``owner`` where the machine has none for him."""
    try:
        name = getpass.getuser().strip().casefold()
    except (KeyError, OSError):
        return "owner"
    return "".join(mark if mark.isalnum() or mark in "._@-" else "-" for mark in name)[:NAME_MAX] or "owner"


def _make_owner(engine: Engine, *, now: datetime) -> None:
    """Make the owner's account in a transaction of its own: two first commands may run at once, and one makes it."""
    try:
        with transaction(engine) as session:
            owner = Account(name=login_name(), is_owner=True, created_at=now)
            session.add(owner)
            session.flush()
            everything: dict[str, Any] = {"countries": [*EVERYWHERE], "cities": [*EVERYWHERE], "opens": [*GUARDED]}
            everything |= {"role": Role.ADMIN.value, "row_filters": {}, "minimum_size": 1}
            session.add(AccountGrant(account_id=owner.account_id, granted_at=now, granted_by=owner.name, **everything))
    except IntegrityError:
        return
