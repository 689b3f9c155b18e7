"""Facts over HTTP: batches in, tables, loads and quarantine out."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from tiffin.capabilities.facts import service
from tiffin.web.batches import BatchBody, IdempotencyKey
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/facts", tags=["facts"])


@router.get("")
def tables(context: ContextDep) -> dict[str, Any]:
    """List the fact tables."""
    return {"tables": [asdict(table) for table in service.list_tables(context)]}


@router.get("/loads")
def loads(context: ContextDep, feed: str | None = None, limit: int = 100) -> dict[str, Any]:
    """List loads, newest first."""
    return {"loads": [asdict(load) for load in service.list_loads(context, feed=feed, limit=limit)]}


@router.get("/feeds")
def feeds(context: ContextDep) -> dict[str, Any]:
    """List the feeds."""
    return {"feeds": [asdict(feed) for feed in service.list_feeds(context)]}


@router.get("/{table}")
def table(context: ContextDep, table: str) -> dict[str, Any]:
    """Describe one fact table: contract, history, quarantine."""
    return asdict(service.describe_table(context, table))


@router.get("/{table}/quarantine")
def quarantine(
    context: ContextDep, table: str, rule: str | None = None, limit: int = 100, offset: int = 0
) -> dict[str, Any]:
    """Show what was left out of a table; for stewards."""
    return asdict(service.quarantined(context, table, rule=rule, limit=limit, offset=offset))


@router.post("/{table}", status_code=202)
def hand_in(
    context: ContextDep, table: str, body: BatchBody, idempotency_key: IdempotencyKey, source: str = "api"
) -> dict[str, Any]:
    """Take a batch of rows: JSON lines, a JSON array, or an object with the key ``rows``.

    The same batch under the same key is answered with the same receipt and changes nothing; another batch under that
    key is a conflict.
    """
    return service.hand_in(context, table, body, key=idempotency_key, source=source)
