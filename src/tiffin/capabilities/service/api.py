"""What systems outside tell us, over HTTP; each message is signed, and taken once under its ``webhook-id``."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tiffin.capabilities.service.service.taking import take
from tiffin.runtime.json_text import json_text
from tiffin.web.batches import BatchBody
from tiffin.web.edge import VisitorDep

router = APIRouter(prefix="/api/links", tags=["links"])

_ANSWERS: dict[int | str, dict[str, Any]] = {
    403: {"description": "The signature is not that of this sender, or its account may not do that."},
    409: {"description": "The webhook-id stands for another message, or what is asked cannot be done now."},
    422: {"description": "The body says nothing that is understood; `detail` names it."},
}


async def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


@router.post("/inbound/{sender}", responses=_ANSWERS)
def inbound(
    context: VisitorDep, sender: str, body: BatchBody, headers: Annotated[dict[str, str], Depends(_headers)]
) -> Response:
    """Take one message: ``{"type": "incident.reported" | "appeal.lodged" | "dispute.opened" | "test", "data": {…}}``.

    Headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` as the Standard Webhooks specification has
    them; the same message again is answered the same.
    """
    taken = take(context, sender, headers, body)
    told = {"Idempotency-Replayed": "true"} if taken.replayed else {}
    return Response(json_text(dict(taken.answer)), media_type="application/json", headers=told)
