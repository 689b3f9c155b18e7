"""Deciding over HTTP: one case with its reason, many in one request, and why a case is decided so.

Cases are facts that the sender brings; nothing of the workspace's facts is read. A request may bear an idempotency key:
for 24 hours the same request under it is answered the same without being decided again.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Request
from fastapi.responses import Response, StreamingResponse

from tiffin.capabilities.policies.service.answering import (
    AskedCase,
    decide_lines,
    decide_one,
    explain_one,
    with_exact_facts,
)
from tiffin.capabilities.policies.service.idempotency import answered_once
from tiffin.runtime.json_text import json_text
from tiffin.web.batches import BatchBody, OptionalKey
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/policies", tags=["policies"])

JSON, JSON_LINES = "application/json", "application/x-ndjson"
PART_LINES = 1000
"""Answers that are handed over at once."""

CASE: dict[str, Any] = {
    "facts": {"minutes_late": 32, "problem": "late", "basket_minor": 8400, "currency": "SAR"},
    "market": "SA",
    "city": "riyadh",
    "on": "2026-03-31",
    "evidence": {"minutes_late": "order:18223/delivered_at"},
}
DECISION: dict[str, Any] = {
    "policy": "late-compensation",
    "outcome": "decided",
    "row": "late.some",
    "rows": ["late.some"],
    "outputs": {"amount_minor": 500, "party": "platform"},
    "reason": "32 minutes late",
    "evidence": {"minutes_late": "order:18223/delivered_at"},
    "version": "5d41402abc4b2a76b9719d911017c592ae2f1c0f3f1b0a4c9c7a3a4f1e7d6b10",
    "on": "2026-03-31",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    403: {"description": "The asker has no grant at all."},
    404: {"description": "There is no such policy, or none of its versions is in force on that day."},
    409: {"description": "The idempotency key stands for another request."},
    422: {"description": "A fact is missing, of another kind, or unheard of; `detail` names it."},
}
ONE: dict[int | str, dict[str, Any]] = {
    200: {"content": {JSON: {"example": DECISION}}, "description": "What is decided, why, and by which version."},
    **REFUSALS,
}
_LINE = {"number": 0, "id": "order-18223", **{key: DECISION[key] for key in DECISION if key != "policy"}}
MANY: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            JSON: {"example": {"policy": "late-compensation", "answers": [_LINE]}},
            JSON_LINES: {"schema": {"type": "string"}},
        },
        "description": "An answer for each case, in the order of the cases.",
    },
    **REFUSALS,
}
_BODY = {
    "required": True,
    "content": {
        JSON: {"example": {"cases": [{"id": "order-18223", **CASE}]}},
        JSON_LINES: {"schema": {"type": "string", "description": "One case a line."}},
    },
}

Asked = Annotated[AskedCase, Body(openapi_examples={"late": {"summary": "A late order in Riyadh", "value": CASE}})]
Accept = Annotated[str, Header()]


async def _sent(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(_sent)]
"""The body as it was sent, in which numbers are as they were written."""


@router.post("/{policy}/decide", responses=ONE)
def decide(
    context: ContextDep, request: Request, policy: str, asked: Asked, sent: Sent, key: OptionalKey = None
) -> Response:
    """Decide one case by the version in force on the business day of its event."""
    exact = with_exact_facts(asked, sent)
    answer = answered_once(
        context,
        key,
        request.url.path.encode() + b"\n" + sent,
        lambda: json_text(decide_one(context, policy, exact)),
    )
    return Response(answer.text, media_type=JSON, headers=_told(replayed=answer.replayed))


@router.post("/{policy}/explain", responses=ONE)
def explain(context: ContextDep, policy: str, asked: Asked, sent: Sent) -> Response:
    """Decide one case and tell of every row why it does not decide, and which smallest changes lead elsewhere."""
    return Response(json_text(explain_one(context, policy, with_exact_facts(asked, sent))), media_type=JSON)


@router.post("/{policy}/decide-batch", responses=MANY, openapi_extra={"requestBody": _BODY})
def decide_batch(
    context: ContextDep, request: Request, policy: str, body: BatchBody, key: OptionalKey = None, accept: Accept = ""
) -> StreamingResponse:
    """Decide up to 50,000 cases: JSON with a list ``cases``, a JSON array, or JSON lines with one case each.

    A case that cannot be decided has an ``error`` in its place and loses none of the others. Who prefers
    ``application/x-ndjson`` gets one answer a line.
    """
    answer = answered_once(
        context, key, request.url.path.encode() + b"\n" + body, lambda: decide_lines(context, policy, body)
    )
    headers = _told(replayed=answer.replayed)
    if JSON_LINES in accept:
        return StreamingResponse(_parts(answer.text, "\n"), media_type=JSON_LINES, headers=headers)
    return StreamingResponse(_document(policy, answer.text), media_type=JSON, headers=headers)


def _document(policy: str, lines: str) -> Iterator[str]:
    yield f'{{"policy": {json_text(policy)}, "answers": ['
    yield from _parts(lines, ",")
    yield "]}"


def _parts(lines: str, between: str) -> Iterator[str]:
    """Hand lines over some thousand at a time."""
    held = lines.split("\n")
    for start in range(0, len(held), PART_LINES):
        yield (between if start else "") + between.join(held[start : start + PART_LINES])


def _told(*, replayed: bool) -> dict[str, str]:
    return {"Idempotency-Replayed": "true"} if replayed else {}
