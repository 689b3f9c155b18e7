"""Batches that programs send: their body, bounded, and the key under which a sender has them taken once."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request

from tiffin.kernel.errors import InvalidData

MAX_BODY_BYTES = 50_000_000
"""Most bytes of one batch."""

KEY_RULES: dict[str, Any] = {"alias": "Idempotency-Key", "min_length": 8, "max_length": 128}

IdempotencyKey = Annotated[str, Header(**KEY_RULES, description="The client's own name for this batch.")]
OptionalKey = Annotated[
    str | None,
    Header(**KEY_RULES, description="The client's own name for this request: the same again is answered the same."),
]


async def _body(request: Request) -> bytes:
    """Read the batch; refuse one that is longer than a batch is.

    Raises
    ------
    InvalidData
        It is too long.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidData(
                f"A batch may have {MAX_BODY_BYTES:,} bytes; this one has more. Send it in parts, each under its own "
                "key."
            )
    return bytes(body)


BatchBody = Annotated[bytes, Depends(_body)]
