"""What systems outside tell us: taken once, signed, under the sender's own name, within its account's grants."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.capabilities.liability.service.disputes import open_dispute
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.service.domain.inbound import Inbound, Told, read_message
from tiffin.capabilities.service.domain.signing import check_signature
from tiffin.capabilities.service.models.webhooks import InboundMessage, Sender
from tiffin.capabilities.service.service.secrets import secret_of
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.auth import active_account, effective_actor
from tiffin.runtime.context import Context

ID_MAX = 128


@dataclass(frozen=True, slots=True)
class Taken:
    """What is answered, and whether it was kept from before."""

    answer: Mapping[str, Any]
    replayed: bool = False


def take(context: Context, name: str, headers: Mapping[str, str], body: bytes) -> Taken:
    """Do what a message asks, or give what was answered when it came before.

    Raises
    ------
    Forbidden
        There is no such sender, it is switched off, its signature is wrong, or its account may not do that.
    InvalidData
        The message says nothing that is understood.
    Conflict
        Its name stands for another message.
    """
    sender = context.session.scalar(select(Sender).where(Sender.name == name))
    # Whether a sender exists is told to nobody who cannot sign for it: an unknown one fails like a wrong signature.
    secrets = [secret_of(context, sender)] if sender is not None and sender.disabled_at is None else []
    message_id = check_signature(secrets, headers, body, now=context.now)
    if sender is None or len(message_id) > ID_MAX:
        raise Forbidden(Message("The header webhook-id has at most {most} characters.", most=ID_MAX))
    digest = hashlib.sha256(body).hexdigest()
    known = _known(context, sender, message_id)
    if known is not None:
        if known.body_sha256 != digest:
            raise Conflict(
                Message("The message {name} came before with another body. A new message needs a new webhook-id.",
                        name=message_id)
            )  # fmt: skip
        return Taken(known.answer, replayed=True)
    told = read_message(body)
    account = active_account(context.unit, sender.account)
    acting = replace(context, actor=effective_actor(context.unit, account, now=context.now))
    answer = _DOING[told.kind](acting, told)
    context.session.add(
        InboundMessage(
            sender_id=sender.sender_id,
            message_id=message_id,
            kind=told.kind.value,
            body_sha256=digest,
            received_at=context.now,
            answer=dict(answer),
        )
    )
    context.session.flush()
    return Taken(answer)


def _known(context: Context, sender: Sender, message_id: str) -> InboundMessage | None:
    wanted = select(InboundMessage).where(
        InboundMessage.sender_id == sender.sender_id, InboundMessage.message_id == message_id
    )
    return context.session.scalar(wanted)


def _report(context: Context, told: Told) -> Mapping[str, Any]:
    kinds = [one.value for one in IncidentType]
    if told.text("incident") not in kinds:
        raise InvalidData(
            Message("`incident` is one of {kinds}; found {found}.", kinds=", ".join(kinds), found=told.text("incident"))
        )
    facts = told.data.get("facts", {})
    incident = Incident(
        city_id=told.text("city_id"),
        country=told.text("country"),
        order_id=told.text("order_id"),
        incident=IncidentType(told.text("incident")),
        happened_at=context.now,
        business_date=context.now.date(),
        reported_at=context.now,
        reported_by="employee",
        facts=facts if isinstance(facts, dict) else {},
    )
    return {"case_id": report(context, incident), "incident_key": incident.key}


def _lodge(context: Context, told: Told) -> Mapping[str, Any]:
    appeal = lodge(context, told.text("verdict_id"), told.text("statement"), party=_party(told))
    due = appeal.reply_due_at
    return {"case_id": appeal.case_id, "state": appeal.state, "reply_due_at": due.isoformat() if due else None}


def _open(context: Context, told: Told) -> Mapping[str, Any]:
    dispute = open_dispute(context, told.text("verdict_id"), told.text("statement"), party=_party(told))
    return {"case_id": dispute.case_id, "state": dispute.state}


def _party(told: Told) -> Party:
    kinds = (Party.RIDER, Party.MERCHANT, Party.CUSTOMER)
    if told.text("party") not in kinds:
        raise InvalidData(
            Message("`party` is one of {kinds}; found {found}.", kinds=", ".join(kinds), found=told.text("party"))
        )
    return Party(told.text("party"))


_DOING: Mapping[Inbound, Callable[[Context, Told], Mapping[str, Any]]] = {
    Inbound.INCIDENT_REPORTED: _report,
    Inbound.APPEAL_LODGED: _lodge,
    Inbound.DISPUTE_OPENED: _open,
    Inbound.TEST: lambda _context, _told: {"said": "taken"},
}
