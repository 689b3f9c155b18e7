"""Granting and taking back: every grant has a purpose, somebody who answers for it, and an end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiffin.capabilities.access.domain.accounts import (
    UNLIMITED,
    GrantView,
    Limits,
    check_grant,
    opened_classes,
    row_filters,
    scope,
    single_assets,
)
from tiffin.capabilities.access.domain.terms import Terms, cleaned_purpose, end_of
from tiffin.capabilities.access.service.masks import mask_rules
from tiffin.capabilities.access.service.rules import term_rules
from tiffin.capabilities.access.service.surroundings import all_alone
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.auth import grant_of
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.mask_key import mask_key
from tiffin.runtime.models import Account, AccountGrant


def grant(
    context: Context,
    name: str,
    role: Role,
    *,
    terms: Terms,
    countries: Sequence[str] = (),
    cities: Sequence[str] = (),
    limits: Limits = UNLIMITED,
) -> GrantView:
    """Grant an account a role over countries or cities, on terms, until it expires or is revoked.

    Raises
    ------
    Forbidden
        The actor is no administrator of that scope.
    NotFound
        There is no account of that name.
    InvalidData
        The scope is empty, a limit cannot be read, there is no purpose, or it would end before now or too late.
    """
    require_admin(context)
    asked = read_grant(role, countries=countries, cities=cities, limits=limits)
    if asked.assets:
        asked = replace(asked, assets=all_alone(context, asked.assets))
    check_grant(context.actor, asked)
    return grant_view(give(context, find_row(context.session, name), asked, terms), now=context.now)


def read_grant(role: Role, *, countries: Sequence[str], cities: Sequence[str], limits: Limits) -> Grant:
    """Read what somebody typed into a grant.

    Raises
    ------
    InvalidData
        A limit cannot be read.
    """
    opened = None if limits.opens is None else opened_classes(limits.opens)
    plain = Grant(role, scope([*countries]), scope([*cities]), row_filters(limits.rows), opened, limits.minimum_size)
    masked = tuple(name for name in opened_classes(limits.masked) if name not in plain.opened)
    return replace(plain, masked=masked, assets=single_assets(limits.assets))


def give(context: Context, account: Account, asked: Grant, terms: Terms) -> AccountGrant:
    """Write a grant whose giver was found entitled before.

    Raises
    ------
    InvalidData
        There is no purpose, or it would end before now or later than the rules allow.
    NotFound
        Nobody has the account that shall answer for it.
    Conflict
        The account is a rider's, a merchant's or a customer's.
    """
    if account.party_kind is not None:
        told = Message(
            "{name} is the account of a {kind}, who is granted nothing.", name=account.name, kind=account.party_kind
        )
        raise Conflict(told)
    if terms.owner is not None:
        find_row(context.session, terms.owner)
    masks = masks_for(context, asked)
    row = AccountGrant(
        account_id=account.account_id,
        role=asked.role.value,
        countries=list(asked.countries),
        cities=list(asked.cities),
        row_filters={name: list(values) for name, values in asked.rows},
        opens=list(asked.opened),
        minimum_size=asked.minimum_size,
        masks=masks,
        assets=list(asked.assets),
        granted_at=context.now,
        granted_by=context.actor.name,
        expires_at=end_of(term_rules(context), asked, terms.until, now=context.now),
        purpose=cleaned_purpose(terms.purpose),
        owner=terms.owner or context.actor.name,
        source=terms.source,
    )
    context.session.add(row)
    context.session.flush()
    audit.record(context, action="role_granted", subject=account.name, details=_told(row))
    return row


def masks_for(context: Context, asked: Grant) -> dict[str, dict[str, str]]:
    """Settle how a grant masks the classes that it opens masked, by the rules of today.

    Raises
    ------
    InvalidData
        No rule says how the role is told a class masked.
    """
    if not asked.masked:
        return {}
    rules, found = mask_rules(context), {}
    for name in asked.masked:
        masks = rules.get((asked.role, name))
        if not masks:
            raise InvalidData(
                Message(
                    "No rule says how columns that are {kind} are masked for the role {role}. Ask for them open, or "
                    "not at all.",
                    kind=name.value,
                    role=asked.role.value,
                )
            )
        found[name.value] = {shape.value: mask.text for shape, mask in masks.items()}
    mask_key(context)
    return found


def revoke(context: Context, grant_id: int) -> GrantView:
    """Take a grant back at once.

    Raises
    ------
    Forbidden
        The actor is no administrator of its scope.
    NotFound
        There is no such grant.
    Conflict
        It is what makes the owner administrator.
    """
    require_admin(context)
    row = context.session.get(AccountGrant, grant_id)
    if row is None:
        raise NotFound(f"There is no grant {grant_id}. `tiffin users list` shows the grants with their numbers.")
    check_grant(context.actor, grant_of(row))
    account = context.session.get_one(Account, row.account_id)
    if account.is_owner and row.role == Role.ADMIN:
        raise Conflict(f"{account.name!r} owns this workspace; it stays administrator, or nobody could mend anything.")
    take_back(context, row, account)
    return grant_view(row, now=context.now)


def take_back(context: Context, row: AccountGrant, account: Account) -> None:
    """End a grant now, by somebody who was found entitled before; one that has ended stays as it is."""
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = context.now, context.actor.name
        context.session.flush()
        details = {"grant": row.grant_id, "role": row.role}
        audit.record(context, action="role_revoked", subject=account.name, details=details)


def require_admin(context: Context) -> None:
    """Refuse whoever is no administrator.

    Raises
    ------
    Forbidden
        The actor is none.
    """
    if not context.actor.has_role(Role.ADMIN):
        raise Forbidden(
            Message("{name} is no administrator here. Ask one to do it, or to grant the role.", name=context.actor.name)
        )


def find_row(session: Session, name: str) -> Account:
    """Find an account by name.

    Raises
    ------
    NotFound
        There is none.
    """
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise NotFound(f"There is no account named {name!r} in this workspace. `tiffin users list` names them all.")
    return account


def grants_of(context: Context, account: Account) -> tuple[AccountGrant, ...]:
    """Give all grants of an account, oldest first."""
    held = select(AccountGrant).where(AccountGrant.account_id == account.account_id).order_by(AccountGrant.grant_id)
    return tuple(context.session.scalars(held))


def grant_view(row: AccountGrant, *, now: datetime) -> GrantView:
    """Give a grant as people see it."""
    state = mark("revoked") if row.revoked_at else mark("expired") if row.expires_at <= now else mark("in force")
    return GrantView(
        grant_id=row.grant_id,
        role=row.role,
        countries=tuple(row.countries),
        cities=tuple(row.cities),
        rows={name: tuple(values) for name, values in row.row_filters.items()},
        opens=grant_of(row).opened,
        minimum_size=row.minimum_size,
        masks={Classification(name): dict(masks) for name, masks in row.masks.items()},
        assets=tuple(row.assets),
        granted_at=row.granted_at,
        granted_by=row.granted_by,
        expires_at=row.expires_at,
        state=state,
        purpose=row.purpose,
        owner=row.owner,
        source=row.source,
    )


def _told(row: AccountGrant) -> dict[str, Any]:
    scope = ("grant_id", "role", "countries", "cities", "opens", "minimum_size", "masks", "assets")
    names = (*scope, "purpose", "owner", "source")
    return {name: getattr(row, name) for name in names} | {
        "rows": row.row_filters,
        "expires_at": str(row.expires_at),
    }
