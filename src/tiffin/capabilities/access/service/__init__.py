"""Use cases of access: accounts, grants, signing in and out, the audit trail. Nothing is allowed without a grant."""

from datetime import datetime
from functools import partial

from sqlalchemy import Engine, select

from tiffin.capabilities.access.domain.accounts import NAME_MAX, AccountView, clean_name
from tiffin.capabilities.access.domain.auditing import AuditView as AuditView
from tiffin.capabilities.access.domain.terms import Terms as Terms
from tiffin.capabilities.access.service.auditing import list_audit as list_audit
from tiffin.capabilities.access.service.granting import find_row, grant_view, require_admin
from tiffin.capabilities.access.service.granting import grant as grant
from tiffin.capabilities.access.service.granting import revoke as revoke
from tiffin.capabilities.access.service.parties import add_party as add_party
from tiffin.capabilities.access.service.parties import list_parties as list_parties
from tiffin.capabilities.access.service.parties import own_locale as own_locale
from tiffin.kernel.errors import Conflict, InvalidData
from tiffin.runtime import audit, backoff, sessions
from tiffin.runtime.actor import SignInNeeded
from tiffin.runtime.auth import active_account
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, mark
from tiffin.runtime.models import Account, AccountGrant
from tiffin.runtime.passwords import hash_password, password_matches

WRONG = mark("The name or the password is wrong. Mend them and try again.")
LOCKED = mark("Too many attempts to sign in under this name. Wait a while (15 minutes at most) and try again.")


def list_accounts(context: Context) -> tuple[AccountView, ...]:
    """List every account with its grants; for administrators.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    """
    require_admin(context)
    accounts = context.session.scalars(select(Account).order_by(Account.name)).all()
    return tuple(_view(context, account) for account in accounts)


def find_account(context: Context, name: str) -> AccountView:
    """Give one account; one's own, or any for administrators.

    Raises
    ------
    Forbidden
        It is another's, and the actor is no administrator.
    NotFound
        There is none of that name.
    """
    if name != context.actor.name:
        require_admin(context)
    return _view(context, find_row(context.session, name))


def add_account(context: Context, name: str, *, locale: str = "en", password: str | None = None) -> AccountView:
    """Make an account that may do nothing until it is granted something; without a password it signs in by a link.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    Conflict
        The name is taken.
    InvalidData
        The name, the language or the password cannot be.
    """
    require_admin(context)
    cleaned = clean_name(name)
    if locale not in LOCALES:
        raise InvalidData(f"An account's language is one of {', '.join(LOCALES)}; found {locale!r}.")
    if context.session.scalar(select(Account).where(Account.name == cleaned)) is not None:
        raise Conflict(f"There is an account named {cleaned!r} already. Choose another name, or use that one.")
    hashed = hash_password(password) if password is not None else None
    account = Account(name=cleaned, locale=locale, password_hash=hashed, is_owner=False, created_at=context.now)
    context.session.add(account)
    context.session.flush()
    audit.record(context, action="account_added", subject=cleaned)
    return _view(context, account)


def disable_account(context: Context, name: str) -> AccountView:
    """Bar an account from everything, and sign it out everywhere.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    NotFound
        There is none of that name.
    Conflict
        It is the owner's.
    """
    require_admin(context)
    account = find_row(context.session, name)
    if account.is_owner:
        raise Conflict(f"{name!r} owns this workspace; its account cannot be disabled, or nobody could mend anything.")
    if account.disabled_at is None:
        account.disabled_at = context.now
        sessions.end_sessions_of(context.session, account, now=context.now)
        audit.record(context, action="account_disabled", subject=name)
    return _view(context, account)


def enable_account(context: Context, name: str) -> AccountView:
    """Let a disabled account act again, with whatever grants are in force.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    NotFound
        There is none of that name.
    """
    require_admin(context)
    account = find_row(context.session, name)
    if account.disabled_at is not None:
        account.disabled_at = None
        audit.record(context, action="account_enabled", subject=name)
    return _view(context, account)


def set_password(context: Context, name: str, password: str) -> None:
    """Give an account a new password and sign it out everywhere; one's own, or any for administrators.

    Raises
    ------
    Forbidden
        It is another's, and the actor is no administrator.
    NotFound
        There is none of that name.
    InvalidData
        The password is too short, or one character over and over.
    """
    if name != context.actor.name:
        require_admin(context)
    account = find_row(context.session, name)
    account.password_hash = hash_password(password)
    sessions.end_sessions_of(context.session, account, now=context.now)
    audit.record(context, action="password_set", subject=name)


def make_sign_in_link(context: Context, name: str) -> str:
    """Give the token of a one-time link that signs an account in; one's own, or any for administrators.

    Raises
    ------
    Forbidden
        It is another's and the actor is no administrator, or it is disabled.
    NotFound
        There is none of that name.
    """
    if name != context.actor.name:
        require_admin(context)
    token = sessions.make_link(context.session, active_account(context.session, name), now=context.now)
    audit.record(context, action="sign_in_link_made", subject=name)
    return token


def sign_in(context: Context, name: str, password: str) -> str:
    """Sign in with a password and give the token of the new session.

    A wrong name and a wrong password look the same and take as long; after five failures in a row a name is locked,
    whether or not it has an account.

    Raises
    ------
    SignInNeeded
        Name or password is wrong, the account is disabled, or the name is locked for a while.
    """
    if backoff.locked_until(context.session, name, now=context.now) is not None:
        raise SignInNeeded(LOCKED)
    account = context.session.scalar(select(Account).where(Account.name == _folded(name)))
    matches = password_matches(account.password_hash if account else None, password)
    if account is None or not matches or account.disabled_at is not None:
        context.unit.afterwards(partial(_note_failure, name, context.now))
        raise SignInNeeded(WRONG)
    backoff.forget_failures(context.session, name)
    return _start(context, account, how="password")


def follow_sign_in_link(context: Context, token: str) -> str:
    """Sign in with a one-time link and give the token of the new session.

    Raises
    ------
    SignInNeeded
        The link was used, has run out, or is none of ours.
    """
    return _start(context, sessions.use_link(context.session, token, now=context.now), how="link")


def sign_out(context: Context, token: str | None) -> None:
    """End the session of a browser."""
    sessions.end_session(context.session, token, now=context.now)


def _folded(name: str) -> str:
    try:
        return clean_name(name)
    except InvalidData:
        return ""


def _note_failure(name: str, now: datetime, engine: Engine) -> None:
    backoff.note_failure(engine, name, now=now)
    audit.record_refusal(engine, actor="nobody", action="sign_in_refused", subject=name[:NAME_MAX], now=now)


def _start(context: Context, account: Account, *, how: str) -> str:
    token = sessions.start_session(context.session, account, now=context.now)
    audit.record(context, action="signed_in", subject=account.name, details={"how": how}, actor=account.name)
    return token


def _view(context: Context, account: Account) -> AccountView:
    held = select(AccountGrant).where(AccountGrant.account_id == account.account_id).order_by(AccountGrant.grant_id)
    return AccountView(
        name=account.name,
        locale=account.locale,
        is_owner=account.is_owner,
        is_disabled=account.disabled_at is not None,
        has_password=account.password_hash is not None,
        created_at=account.created_at,
        grants=tuple(grant_view(row, now=context.now) for row in context.session.scalars(held)),
    )
