"""Secrets of receivers and senders: they follow from one key of the workspace, so that none of them is stored."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.service.models.webhooks import Receiver, Sender
from tiffin.runtime.context import Context
from tiffin.runtime.models import Setting

KEY_NAME = "links_key"
"""How the settings name the key; it leaves the database in no other way than as secrets made of it."""

_BYTES = 32


def secret_of(context: Context, owner: Receiver | Sender, *, number: int | None = None) -> bytes:
    """Give the secret of a receiver or sender; of an earlier number, the one that it had then."""
    kind, named = ("receiver", owner.receiver_id) if isinstance(owner, Receiver) else ("sender", owner.sender_id)
    told = f"{kind}|{named}|{owner.secret_number if number is None else number}"
    return hmac.new(_key(context), told.encode(), sha256).digest()


def signing_secrets(context: Context, receiver: Receiver, *, now: datetime) -> tuple[bytes, ...]:
    """Give the secrets under which a message to a receiver is signed now: while one is changed, both."""
    own = secret_of(context, receiver)
    if receiver.former_until is None or receiver.former_until <= now:
        return (own,)
    return (own, secret_of(context, receiver, number=receiver.secret_number - 1))


def _key(context: Context) -> bytes:
    found = context.session.get(Setting, KEY_NAME)
    if found is not None:
        return bytes.fromhex(str(found.value))
    value = secrets.token_hex(_BYTES)
    made = Setting(name=KEY_NAME, value=value, changed_at=context.now, changed_by="platform")
    try:
        with context.session.begin_nested():
            context.session.add(made)
    except IntegrityError:  # somebody else was first
        return bytes.fromhex(str(context.session.get_one(Setting, KEY_NAME).value))
    return bytes.fromhex(value)
