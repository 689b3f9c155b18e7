"""Published numbers over HTTP: publish, list, compute again, bridge to the present, verify; and answers asked again."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import BaseModel, Field

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.api.questions import Question
from tiffin.capabilities.metrics.domain.telling import bridges_as_plain, published_as_plain, published_in_full
from tiffin.capabilities.metrics.service import ledger, ledger_checking, reproducing, rerunning
from tiffin.capabilities.metrics.service.reproducing import context_as_of
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter()

CREATED = 201


class Publication(Question):
    """A request whose answer is to be published."""

    title: str = Field(max_length=ledger.TITLE_MAX, description="What it is published as: Board pack March.")
    note: str = Field(default="", max_length=10_000, description="What readers should know.")


class Again(BaseModel):
    """What to ask again: the hash of a kept receipt, or a receipt."""

    rerun_hash: str | None = Field(default=None, max_length=64)
    receipt: dict[str, Any] | None = None


@router.post("/published", status_code=CREATED)
def publish(context: ContextDep, asked: Publication) -> Response:
    """Write an answer into the ledger with all that it stands on."""
    then = context_as_of(context, asked.as_of)
    entry = ledger.publish(then, service.request_of(then, asked.asked()), title=asked.title, note=asked.note)
    return _json(published_as_plain(entry), status=CREATED)


@router.get("/published")
def list_published(context: ContextDep) -> Response:
    """List the published numbers that the asker may see, newest first."""
    return _json({"published": [published_as_plain(entry) for entry in ledger.show_published(context)]})


@router.get("/published/verify")
def verify(context: ContextDep) -> Response:
    """Check that no entry of the ledger was changed, cut out or added."""
    return _json(ledger_checking.check_as_plain(ledger_checking.verify_ledger(context)))


@router.get("/published/{reference}")
def show(context: ContextDep, reference: str) -> Response:
    """Give a published number with all that it stood on."""
    return _json(published_in_full(ledger.find_published(context, reference)))


@router.get("/published/{reference}/reproduction")
def reproduce(context: ContextDep, reference: str) -> Response:
    """Compute a published number again from what it stood on, and tell whether it is the same."""
    found = reproducing.reproduce(context, ledger.find_published(context, reference))
    return _json(
        {
            "reference": found.published.reference,
            "is_equal": found.is_equal,
            "published": found.published.rows,
            "reproduced": found.rows,
            "missing": found.missing,
        }
    )


@router.get("/published/{reference}/bridge")
def bridge(context: ContextDep, reference: str) -> Response:
    """Tell why a published number is another one now: causes whose amounts add up exactly."""
    found = reproducing.bridge(context, ledger.find_published(context, reference))
    return _json({"reference": found.published.reference, "bridges": bridges_as_plain(found.bridges)})


@router.post("/rerun")
def rerun(context: ContextDep, again: Annotated[Again, Body()]) -> Response:
    """Ask again what a receipt stands for, over the rows that the asker may see."""
    receipt = again.receipt if again.receipt is not None else rerunning.kept_receipt(context, again.rerun_hash or "")
    found = rerunning.rerun(context, receipt)
    return _json(
        {
            "columns": [column.name for column in found.result.columns],
            "rows": found.result.rows,
            "is_same": found.is_same,
            "differs_in": found.differs_in,
            "receipt": found.result.receipt,
        }
    )


def _json(payload: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json_text(payload), status_code=status, media_type="application/json")
