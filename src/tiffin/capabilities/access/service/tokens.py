"""Use cases of access tokens: one's own are made and seen by oneself, and revoked by oneself or an administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit, tokens
from tiffin.runtime.actor import Role
from tiffin.runtime.auth import active_account
from tiffin.runtime.context import Context
from tiffin.runtime.models import AccessToken, Account

LONGEST_DAYS = 365
NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class TokenView:
    """An access token as people see it: never the token itself.

    Parameters
    ----------
    state : str
        ``in force``, ``expired`` or ``revoked``.
    """

    token_id: int
    account: str
    name: str
    created_at: datetime
    expires_at: datetime
    state: str


def make_token(context: Context, name: str, *, days: int) -> tuple[str, TokenView]:
    """Make a token that acts as the actor, within his grants; the token itself is told only now.

    Raises
    ------
    InvalidData
        It has no name, or would live for no day or too many.
    Forbidden
        The account is a rider's, a merchant's or a customer's, who read their pages themselves.
    """
    if context.actor.party is not None:
        raise Forbidden(Message("Programs act for people who work here alone; this account is not of one of them."))
    cleaned = name.strip()
    if not 0 < len(cleaned) <= NAME_MAX:
        raise InvalidData(f"A token has a name of 1 to {NAME_MAX} letters that says what it is for; found {name!r}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidData(f"A token lives for 1 to {LONGEST_DAYS} days; found {days}.")
    account = active_account(context.session, context.actor.name)
    expires_at = context.now + timedelta(days=days)
    token, number = tokens.make_token(context.session, account, cleaned, now=context.now, expires_at=expires_at)
    audit.record(
        context, action="token_made", subject=cleaned, details={"token": number, "expires_at": str(expires_at)}
    )
    return token, _view(context.session.get_one(AccessToken, number), account.name, now=context.now)


def list_tokens(context: Context) -> tuple[TokenView, ...]:
    """List the actor's tokens; for administrators everybody's."""
    wanted = select(AccessToken, Account.name).join(Account).order_by(AccessToken.token_id)
    if not context.actor.has_role(Role.ADMIN):
        wanted = wanted.where(Account.name == context.actor.name)
    return tuple(_view(row, name, now=context.now) for row, name in context.session.execute(wanted))


def revoke_token(context: Context, token_id: int) -> TokenView:
    """Make a token worthless at once.

    Raises
    ------
    NotFound
        There is no such token.
    Forbidden
        It is another's, and the actor is no administrator.
    """
    row = context.session.get(AccessToken, token_id)
    if row is None:
        raise NotFound(f"There is no token {token_id}. `tiffin tokens list` shows yours with their numbers.")
    account = context.session.get_one(Account, row.account_id)
    if account.name != context.actor.name and not context.actor.has_role(Role.ADMIN):
        raise Forbidden(f"The token {token_id} is another's. Only its owner and administrators may revoke it.")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = context.now, context.actor.name
        audit.record(context, action="token_revoked", subject=row.name, details={"token": token_id})
    return _view(row, account.name, now=context.now)


def _view(row: AccessToken, account: str, *, now: datetime) -> TokenView:
    state = "revoked" if row.revoked_at else "in force" if now < row.expires_at else "expired"
    return TokenView(row.token_id, account, row.name, row.created_at, row.expires_at, state)
