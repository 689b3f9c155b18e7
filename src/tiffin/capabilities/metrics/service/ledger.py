"""The ledger of published numbers: each with all that it stood on, chained so that tampering shows."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.metrics.domain.codec import canonical, encode
from tiffin.capabilities.metrics.domain.published import (
    FIRST_HASH,
    Published,
    chained,
    read_body,
    reference_of,
    whole_of,
)
from tiffin.capabilities.metrics.models import KeptReceipt, PublishedNumber
from tiffin.capabilities.metrics.service.accounting import note_published
from tiffin.capabilities.metrics.service.answering import MetricResult, answer, frame_of
from tiffin.capabilities.metrics.service.footprints import CITIES
from tiffin.capabilities.metrics.service.grounds import Frame
from tiffin.capabilities.metrics.service.receipts import Receipt, with_definitions
from tiffin.capabilities.metrics.service.seeing import may_see, refuse_partial
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.actor_codes import code_of, names_of
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text
from tiffin.runtime.pieces import SALT_BYTES, pieces_of, sealed_root

PUBLISHED = "number_published"
"""The act in the audit trail; its details hold the entry's hash, so that an entry cut off at the end is missed."""

HIERARCHY = (CITIES, "zones", "fleets", "teams", "employees")
"""Tables that say what belongs to what: city to country, zone to city, team to manager."""

PUBLISHERS = (Role.ANALYST, Role.CITY_MANAGER, Role.STEWARD)
MOST_ROWS = 10_000
TITLE_MAX = 200


def publish(context: Context, request: MetricRequest, *, title: str, note: str = "") -> Published:
    """Write an answer into the ledger with all that it stands on.

    Raises
    ------
    Forbidden
        The actor may not publish, or sees only a part of the cities that the answer is about.
    WrongUse
        The title is missing, or the answer is too large to be a published number.
    Conflict
        Somebody else published at the same moment.
    """
    _refuse_strangers(context)
    if not 0 < len(title.strip()) <= TITLE_MAX:
        raise WrongUse(
            Message("A title of at most {most} letters was expected, such as --as 'Board pack March'.", most=TITLE_MAX)
        )
    frame = frame_of(context, request)
    result = answer(context, request, ground=frame.ground)
    if len(result.rows) > MOST_ROWS:
        raise WrongUse(
            Message(
                "At most {most} rows are published at once; this answer has {found}. Narrow it.",
                most=MOST_ROWS,
                found=len(result.rows),
            )
        )
    last = context.session.scalar(select(PublishedNumber).order_by(PublishedNumber.position.desc()).limit(1))
    reference = reference_of(context.now.year, _count(context, context.now.year) + 1)
    heading = {
        "reference": reference,
        "title": title.strip(),
        "note": note.strip(),
        "published_at": context.now.isoformat(),
        "published_by": code_of(context.unit, context.actor.name),
    }
    body = {**heading, **_body(context, request, frame, result)}
    _keep_files(context, body["versions"], reference)
    return _entered(context, canonical(body), body, last)


def show_published(context: Context) -> tuple[Published, ...]:
    """List the entries that the actor may see with their values, newest first; the trail tells of it."""
    found = list_published(context)
    note_published(context, found)
    return found


def list_published(context: Context) -> tuple[Published, ...]:
    """List the entries that the actor may see, newest first, for whoever shows no value of them."""
    rows = context.session.scalars(select(PublishedNumber).order_by(PublishedNumber.position.desc()))
    names = names_of(context.unit.execute)
    return tuple(entry for row in rows if may_see(context, entry := _read(row, names)))


def metrics_published(context: Context) -> Mapping[str, tuple[str, ...]]:
    """Give the metrics of every entry by its reference, for counting what an edit touches; not for showing."""
    rows = context.session.scalars(select(PublishedNumber).order_by(PublishedNumber.position))
    return {row.reference: _read(row, {}).request.metrics for row in rows}


def published_of(context: Context, metric: str) -> tuple[Published, ...]:
    """List the entries that hold a metric, of any version and of those that the actor may see, newest first."""
    return tuple(
        entry
        for entry in list_published(context)
        if metric in {asked.partition("@")[0] for asked in entry.request.metrics}
    )


def find_published(context: Context, reference: str) -> Published:
    """Find an entry by its reference.

    Raises
    ------
    NotFound
        There is none.
    Forbidden
        It is about a city that the actor may not see.
    """
    wanted = reference.strip().upper()
    found = context.session.scalar(select(PublishedNumber).where(PublishedNumber.reference == wanted))
    if found is None:
        raise NotFound(
            Message(
                "There is no published number '{reference}'. `tiffin metrics ledger list` lists them.",
                reference=reference,
            )
        )
    entry = _read(found, names_of(context.unit.execute))
    if not may_see(context, entry):
        raise Forbidden(
            Message("{reference} tells more than your grants open to you. Ask a steward for one.", reference=wanted)
        )
    note_published(context, (entry,))
    return entry


def keep_receipt(context: Context, receipt: Receipt, frame: Frame) -> Receipt:
    """Keep a receipt with its definitions, so that the answer can be had again by its hash alone."""
    whole = with_definitions(receipt, frame.library)
    if context.session.get(KeptReceipt, whole.rerun_hash) is None:
        kept = KeptReceipt(
            rerun_hash=whole.rerun_hash, receipt=json_text(whole), kept_at=context.now, kept_by=context.actor.name
        )
        context.session.add(kept)
    return whole


def _refuse_strangers(context: Context) -> None:
    if not context.actor.has_role(*PUBLISHERS):
        raise Forbidden(
            Message(
                "{name} may not publish numbers; analysts, city managers and stewards may. Ask one of them.",
                name=context.actor.name,
            )
        )


def _count(context: Context, year: int) -> int:
    pattern = f"{reference_of(year, 0)[:-5]}%"
    return int(
        context.session.scalar(
            select(func.count()).select_from(PublishedNumber).where(PublishedNumber.reference.like(pattern))
        )
        or 0
    )


def _body(context: Context, request: MetricRequest, frame: Frame, result: MetricResult) -> dict[str, Any]:
    if frame.footprint is None:
        raise WrongUse("A number is published as of now, an instant, or stated versions; not as of one version.")
    known = frame.footprint.cities
    cities = {city: (known[city].country, known[city].currency) for city in sorted(frame.cities())}
    refuse_partial(context, request, frame.library, cities)
    receipt = keep_receipt(context, result.receipt, frame)
    coded = replace(receipt, definitions=None, asked_by=code_of(context.unit, receipt.asked_by))
    versions = {**dict.fromkeys(HIERARCHY), **receipt.tables}
    versions |= {table: frame.versions.get(table) for table in versions}
    return {
        "request": encode(frame.request),
        "columns": [column.name for column in result.columns],
        "rows": encode(result.rows),
        "currencies": list(result.currencies),
        "definitions": receipt.definitions,
        "versions": versions,
        "scope": encode(frame.scope),
        "exchange": encode(frame.ground.exchange),
        "cities": {city: list(facts) for city, facts in cities.items()},
        "receipt": read_body(json_text(coded)),
    }


def _keep_files(context: Context, versions: dict[str, int | None], reference: str) -> None:
    # The writer of tables takes a while to import; only publishing needs it here.
    from tiffin.runtime.warehouse.keeping import keep_versions  # noqa: PLC0415 - for the reason above
    from tiffin.runtime.warehouse.opening import open_store  # noqa: PLC0415 - for the reason above

    keep_versions(open_store(context.workspace), versions, reason=reference)


def _entered(context: Context, text: str, body: dict[str, Any], last: PublishedNumber | None) -> Published:
    previous, salt = last.entry_hash if last else FIRST_HASH, secrets.token_hex(SALT_BYTES)
    pieces = sealed_root(salt, list(pieces_of(read_body(text))))
    row = PublishedNumber(
        position=last.position + 1 if last else 1,
        reference=body["reference"],
        title=body["title"],
        published_at=context.now,
        published_by=body["published_by"],
        body=text,
        salt=salt,
        pieces=pieces,
        previous_hash=previous,
        entry_hash=chained(previous, whole_of(salt, text), pieces),
    )
    try:
        with context.session.begin_nested():
            context.session.add(row)
    except IntegrityError as error:
        raise Conflict(Message("Another number was published at the same moment. Publish again.")) from error
    audit.record(context, action=PUBLISHED, subject=row.reference, details={"entry_hash": row.entry_hash})
    return _read(row, names_of(context.unit.execute))


def _read(row: PublishedNumber, names: Mapping[str, str]) -> Published:
    """Give an entry with the names that its codes mean now."""
    said = dict(read_body(row.body))
    said |= {"published_by": names.get(row.published_by, row.published_by)}
    said["receipt"] = {**said["receipt"], "asked_by": names.get(said["receipt"]["asked_by"], row.published_by)}
    return Published(
        row.position,
        row.reference,
        row.title,
        row.published_at,
        said["published_by"],
        said,
        row.previous_hash,
        row.entry_hash,
    )
