"""The outbox: messages written as files and noted in the database, once under each key. Delivery is not done here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import or_, select

from tiffin.capabilities.scorecards.models import OutboxMessage
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.classes import confirmed_at, masks_changed_at
from tiffin.runtime.context import Context
from tiffin.runtime.tables import ACCOUNTS, GRANTS

SENDER = "tiffin@localhost"
FOLDER = "outbox"

WITHOUT_NUMBERS = ("contract", "emergency", "adoption")
"""Kinds of messages that tell of definitions and people's acts and hold no facts; they stay open to whom they went."""


MESSAGE = "message"
"""What the trail tells was read: a message of a kind, with numbers of its moment."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the outbox; ``is_new`` tells whether this writing put it there."""

    message_id: int
    recipient: str
    kind: str
    subject: str
    file: Path
    made_at: datetime
    is_new: bool = False


def post(context: Context, *, key: str, recipient: str, kind: str, subject: str, text: str, html: str) -> Posted:
    """Put a message into the outbox: an e-mail file, its HTML beside it, and a row; a second time nothing changes.

    Parameters
    ----------
    key : str
        Names what the message is about, such as the dashboard and the day: of two under one key there is one.
    text : str
        What is read where HTML is not shown.
    """
    whole = hashlib.sha256(f"{key}|{recipient}".encode()).hexdigest()
    row = context.session.scalar(select(OutboxMessage).where(OutboxMessage.dedup_key == whole))
    if row is not None:
        return _posted(context, row)
    folder = context.workspace.state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{context.now:%Y%m%dT%H%M%S}-{kind}-{whole[:12]}"
    row = OutboxMessage(
        dedup_key=whole, recipient=recipient, kind=kind, subject=subject, file=f"{name}.eml", made_at=context.now
    )
    context.session.add(row)
    context.session.flush()
    _write(folder / f"{name}.html", html.encode())
    _write(folder / f"{name}.eml", _email(context, recipient, subject, text, html))
    return _posted(context, row, is_new=True)


def list_outbox(context: Context, *, limit: int = 100) -> tuple[Posted, ...]:
    """List the newest messages: those to the actor, or all where he administers.

    What was sent to the actor is told as long as everything stands that he was granted then: a message holds numbers of
    its moment, and nobody can say afterwards which grant opened which of them.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    if not context.actor.grants:
        raise Forbidden("No grant of yours is in force. Ask an administrator for one.")
    wanted = select(OutboxMessage).order_by(OutboxMessage.message_id.desc()).limit(limit)
    if not context.actor.has_role_everywhere(Role.ADMIN):
        wanted = wanted.where(OutboxMessage.recipient == context.actor.name)
        wanted = wanted.where(or_(OutboxMessage.kind.in_(WITHOUT_NUMBERS), OutboxMessage.made_at > _last_end(context)))
    return tuple(_posted(context, row) for row in context.session.scalars(wanted))


def read_message(context: Context, message_id: int) -> str:
    """Give the HTML of a message to the actor.

    Raises
    ------
    NotFound
        There is no such message to him, or something that he was granted when it was made has ended.
    """
    for posted in list_outbox(context, limit=1000):
        if posted.message_id == message_id and posted.file.with_suffix(".html").is_file():
            if posted.kind not in WITHOUT_NUMBERS:
                context.unit.reading.add((f"{MESSAGE}:{posted.kind}",))
            return posted.file.with_suffix(".html").read_text(encoding="utf-8")
    raise NotFound(
        Message(
            "There is no such message to you in the outbox. What was sent to you before a grant of yours ended is "
            "closed: open the dashboard itself, which shows what you may see now."
        )
    )


def _last_end(context: Context) -> datetime:
    """Tell when something last closed to the actor: a grant that ended, a column not opened to him, a mask changed."""
    held = select(GRANTS.c.revoked_at, GRANTS.c.expires_at).join(ACCOUNTS).where(ACCOUNTS.c.name == context.actor.name)
    ends = [min(row.revoked_at or row.expires_at, row.expires_at) for row in context.unit.execute(held)]
    ends += [at for at, kind in confirmed_at(context) if any(kind not in one.opened for one in context.actor.grants)]
    ends += masks_changed_at(context)
    return max((one for one in ends if one <= context.now), default=datetime.min.replace(tzinfo=UTC))


def _email(context: Context, recipient: str, subject: str, text: str, html: str) -> bytes:
    message = EmailMessage()
    headers: Mapping[str, str] = {
        "Subject": subject,
        "From": SENDER,
        "To": recipient if "@" in recipient else f"{recipient}@localhost",
        "Date": format_datetime(context.now),
        "Auto-Submitted": "auto-generated",
    }
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _posted(context: Context, row: OutboxMessage, *, is_new: bool = False) -> Posted:
    file = context.workspace.state / FOLDER / row.file
    return Posted(row.message_id, row.recipient, row.kind, row.subject, file, row.made_at, is_new)
