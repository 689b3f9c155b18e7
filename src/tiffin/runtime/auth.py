"""Who is acting, and what he is granted at this moment."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Row, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.masks import Mask, Shape
from tiffin.runtime.actor import GUARDED, Actor, Grant, Party, Role
from tiffin.runtime.database import Unit, unit_of
from tiffin.runtime.tables import ACCOUNTS, GRANTS
from tiffin.runtime.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tiffin.runtime.models import Account, AccountGrant

EVERYWHERE = ("*",)
NAME_MAX = 80
OWNER_TERM = timedelta(days=365)
"""How long the owner's own grant holds before he confirms it anew; `tiffin access renew` does."""

EMERGENCY = "emergency"
"""How the source of a grant begins that somebody opened to himself: ``emergency:7``."""

OWNER_PURPOSE = "Owner of the workspace: administers it and grants to everybody else"

_ACCOUNT = ACCOUNTS.c
_GRANT = GRANTS.c
# Made once: to make a statement takes longer than to run it.
_OWNER = select(ACCOUNTS).where(_ACCOUNT.is_owner)
_NAMED = select(ACCOUNTS).where(_ACCOUNT.name == bindparam("known_as"))
_IN_FORCE = (
    select(GRANTS)
    .where(
        _GRANT.account_id == bindparam("of_account"),
        _GRANT.revoked_at.is_(None),
        _GRANT.expires_at > bindparam("at_moment"),
    )
    .order_by(_GRANT.grant_id)
)


@dataclass(frozen=True, slots=True)
class ActiveAccount:
    """An account that may act, as it is read; `tiffin.runtime.models.Account` is what changes."""

    account_id: int
    name: str
    locale: str
    party_kind: str | None = None
    party_city: str | None = None
    party_id: str | None = None


def effective_actor(database: "Unit | Session", account: "ActiveAccount | Account", *, now: datetime) -> Actor:
    """Give the actor that an account is at a moment: with the grants that are neither expired nor taken back."""
    held = database.execute(_IN_FORCE, {"of_account": account.account_id, "at_moment": now}).all()
    opened = [row.source.partition(":") for row in held]
    emergencies = tuple(int(number) for kind, _, number in opened if kind == EMERGENCY)
    grants = [grant_of(row) for row in held]
    return Actor(
        account.name,
        tuple(grant for grant in grants if not grant.assets),
        emergencies,
        tuple(grant for grant in grants if grant.assets),
        party_of(account),
    )


def party_of(account: "ActiveAccount | Account") -> Party | None:
    """Tell of which rider, merchant or customer an account is; None for everybody who works here."""
    if account.party_kind is None:
        return None
    return Party(account.party_kind, account.party_city or "", account.party_id or "")


def grant_of(row: "AccountGrant | Row[Any]") -> Grant:
    """Give what a row of the database grants."""
    return Grant(
        Role(row.role),
        tuple(row.countries),
        tuple(row.cities),
        tuple((name, tuple(values)) for name, values in sorted(row.row_filters.items())),
        tuple(Classification(name) for name in row.opens),
        row.minimum_size,
        tuple(Classification(name) for name in row.masks),
        tuple(row.assets),
        masks_of(row.masks) if row.masks else (),
    )


def masks_of(kept: Mapping[str, Mapping[str, str]]) -> tuple[tuple[Classification, Shape, Mask], ...]:
    """Read how a grant masks, as a row of the database keeps it: by class, then by what values are."""
    return tuple(
        (Classification(name), Shape(shape), Mask.parse(text))
        for name, masks in kept.items()
        for shape, text in masks.items()
    )


def local_actor(unit: Unit, workspace: Workspace, *, user: str | None, now: datetime) -> Actor:
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
    if owns_files(workspace):
        return effective_actor(unit, active_account(unit, user) if user else owner_account(unit, now=now), now=now)
    if user not in (None, person):
        raise Forbidden(
            f"Only the owner of the workspace's files may act as another account; {person!r} asked to act as "
            f"{user!r}. Leave --user out."
        )
    return effective_actor(unit, active_account(unit, person), now=now)


def active_account(database: "Unit | Session", name: str) -> ActiveAccount:
    """Find an account that may act.

    Raises
    ------
    NotFound
        There is none of that name.
    Forbidden
        It is disabled.
    """
    found = database.execute(_NAMED, {"known_as": name}).one_or_none()
    if found is None:
        raise NotFound(
            f"There is no account named {name!r} in this workspace. `tiffin users list` names them all; "
            "`tiffin users add` makes one."
        )
    if found.disabled_at is not None:
        raise Forbidden(
            f"The account {name!r} is disabled. An administrator can enable it with `tiffin users enable {name}`."
        )
    return _account(found)


def owner_account(unit: Unit, *, now: datetime) -> ActiveAccount:
    """Give the owner's account; a workspace without one gets it now, named after the person at this machine."""
    found = unit.execute(_OWNER).one_or_none()
    if found is None:
        _make_owner(unit.engine, now=now)
        found = unit.execute(_OWNER).one()
    return _account(found)


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
    everything: dict[str, Any] = {"countries": [*EVERYWHERE], "cities": [*EVERYWHERE], "opens": [*GUARDED]}
    everything |= {"role": Role.ADMIN.value, "row_filters": {}, "minimum_size": 1, "masks": {}, "assets": []}
    owner = login_name()
    everything |= {"purpose": OWNER_PURPOSE, "owner": owner, "source": "owner", "expires_at": now + OWNER_TERM}
    try:
        with unit_of(engine) as unit:
            row = insert(ACCOUNTS).values(name=owner, is_owner=True, created_at=now)
            account_id = unit.execute(row.returning(_ACCOUNT.account_id)).scalar_one()
            unit.execute(insert(GRANTS).values(account_id=account_id, granted_at=now, granted_by=owner, **everything))
    except IntegrityError:
        return


def _account(row: Row[Any]) -> ActiveAccount:
    return ActiveAccount(row.account_id, row.name, row.locale, row.party_kind, row.party_city, row.party_id)
