"""Closing the account of somebody who is erased: nobody signs in by it, and nothing of its own leads to it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Delete, delete, update

from tiffin.capabilities.access.domain.erasing import SoughtPerson
from tiffin.capabilities.adoption.service.surveys import forget_respondent
from tiffin.runtime import backoff
from tiffin.runtime.context import Context
from tiffin.runtime.models import AccessToken, Account, AccountGrant, SignInLink, SignInSession
from tiffin.runtime.tables import ACCOUNTS


def close_account(context: Context, person: SoughtPerson) -> Mapping[str, Any]:
    """Disable an account, end its grants, sessions, tokens and links, and take its survey answers off it.

    Its row stays under the mark, so that what it owned and did still has one owner and one doer.
    """
    account = context.session.query(Account).filter(ACCOUNTS.c.name == person.identifier).one_or_none()
    if account is None:
        return {}
    account.disabled_at, account.password_hash = account.disabled_at or context.now, None
    ended = update(AccountGrant).where(AccountGrant.account_id == account.account_id, AccountGrant.revoked_at.is_(None))
    done = {"grants": context.session.execute(ended.values(revoked_at=context.now, revoked_by=context.actor.name))}
    for name, statement in _closing(account).items():
        done[name] = context.session.execute(statement)
    backoff.forget_failures(context.session, account.name)
    counts: dict[str, Any] = {name: int(getattr(result, "rowcount", 0)) for name, result in done.items()}
    return counts | {"answers": forget_respondent(context, account.name)}


def _closing(account: Account) -> Mapping[str, Delete]:
    number = account.account_id
    return {
        "sessions": delete(SignInSession).where(SignInSession.account_id == number),
        "tokens": delete(AccessToken).where(AccessToken.account_id == number),
        "links": delete(SignInLink).where(SignInLink.account_id == number),
    }
