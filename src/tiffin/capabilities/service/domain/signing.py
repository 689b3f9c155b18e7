"""Signatures of messages between systems, as the Standard Webhooks specification has them.

A message carries ``webhook-id``, ``webhook-timestamp`` (seconds since 1970) and ``webhook-signature``: one or more of
``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``, separated by blanks. While a secret is changed both
sign.

References
----------
Standard Webhooks, specification 1.0, "Signature scheme". RFC 2104.
"""

import base64
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
VERSION = "v1"
SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets are written, not one
TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may be from ours; older messages may be somebody's recording."""


def written_secret(secret: bytes) -> str:
    """Write a secret as its owner gets it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def read_secret(text: str) -> bytes:
    """Read a secret as its owner has it.

    Raises
    ------
    ValueError
        It is none.
    """
    try:
        return base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError as error:
        message = "a secret such as whsec_… was expected"
        raise ValueError(message) from error


def signature_of(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message.

    Examples
    --------
    The example of the specification:

    >>> secret = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> signature_of(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"{VERSION},{base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()}"


def signed_headers(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Give the headers of a message that is signed under each of some secrets."""
    signatures = " ".join(signature_of(one, message_id, timestamp, body) for one in secrets)
    return {ID: message_id, TIMESTAMP: str(timestamp), SIGNATURE: signatures}


def check_signature(secrets: Iterable[bytes], headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """Give the name of a message whose signature is right.

    Raises
    ------
    Forbidden
        A header is missing, the signature is not the sender's, or the message is older than it may be.
    """
    message_id, stamp, signatures = (headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not message_id or not stamp.isdigit() or not signatures:
        raise Forbidden(Message("A message needs the headers webhook-id, webhook-timestamp and webhook-signature."))
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Forbidden(
            Message("The message was signed more than {minutes} minutes ago, or ahead of time. Set your clock, and "
                    "sign each message when you send it.", minutes=int(TOLERANCE.total_seconds() // 60))
        )  # fmt: skip
    wanted = [signature_of(one, message_id, int(stamp), body) for one in secrets]
    given = signatures.split()
    if not any(hmac.compare_digest(one, other) for one in wanted for other in given):
        raise Forbidden(Message("The signature is not that of this sender. Sign the body as it is sent, byte by byte."))
    return message_id
