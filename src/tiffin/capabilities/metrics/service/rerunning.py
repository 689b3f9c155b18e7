"""Asking again what a receipt stands for, and telling whether the same was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.metrics.domain.codec import decode
from tiffin.capabilities.metrics.domain.exchange import Exchange, Rate
from tiffin.capabilities.metrics.domain.published import read_body
from tiffin.capabilities.metrics.models import KeptReceipt
from tiffin.capabilities.metrics.service.answering import MetricResult, answer
from tiffin.capabilities.metrics.service.grounds import digest_of, library_under
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.capabilities.metrics.service.policies import ground_for
from tiffin.capabilities.metrics.service.rebuilding import library_from
from tiffin.capabilities.metrics.service.reproducing import context_at
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.runtime.context import Context

LEAST_PREFIX = 8
PARTS = ("request", "tables", "row_filters", "masks", "exchange")
"""Parts of a receipt that decide an answer, besides the definitions."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """An answer asked again.

    Parameters
    ----------
    is_same : bool
        The hash is the receipt's: the rows are the same.
    differs_in : tuple of str
        Parts of the receipt that are others now, such as ``row_filters`` where the asker may see other rows.
    """

    result: MetricResult
    is_same: bool
    differs_in: tuple[str, ...]


def kept_receipt(context: Context, rerun_hash: str) -> Mapping[str, Any]:
    """Find a kept receipt by its hash or the beginning of it.

    Raises
    ------
    WrongUse
        The beginning is too short, or fits several.
    NotFound
        None was kept.
    """
    wanted = rerun_hash.strip().lower()
    if len(wanted) < LEAST_PREFIX or not wanted.isalnum():
        raise WrongUse(f"At least {LEAST_PREFIX} letters of a re-run hash were expected, {rerun_hash!r} was found.")
    hashes = KeptReceipt.rerun_hash
    found = context.session.scalars(select(KeptReceipt).where(hashes.startswith(wanted)).limit(2)).all()
    if not found:
        raise NotFound(
            f"No receipt of the hash {rerun_hash} was kept. Published numbers and --keep keep theirs; a receipt that "
            "was saved as a file can be asked again by its file."
        )
    if len(found) > 1:
        raise WrongUse(f"Several kept receipts begin with {rerun_hash}. Give more of the hash.")
    return read_body(found[0].receipt)


def rerun(context: Context, receipt: Mapping[str, Any]) -> Rerun:
    """Ask again what a receipt stands for, over the rows that the actor may see.

    Parameters
    ----------
    receipt : mapping
        As it was handed out; an answer that holds one under ``receipt`` will do.

    Raises
    ------
    InvalidData
        It is no receipt.
    NotFound
        A definition has changed and the receipt does not hold it, or a version of a table is gone.
    """
    said = receipt.get("receipt", receipt)
    if not isinstance(said, Mapping) or not {"request", "tables", "rerun_hash", "metrics"} <= said.keys():
        raise InvalidData("A receipt was expected, with request, tables, metrics and rerun_hash. Save one with --json.")
    request = decode(MetricRequest, said["request"])
    exchange = _exchange(said["exchange"]) if said.get("exchange") else None
    ground = ground_for(context, request, _library(context, request, said), exchange)
    with context_at(context, said["tables"]) as then:
        result = answer(then, request, ground=ground)
    found = _plain(result)
    differs = tuple(part for part in PARTS if _plain_part(said.get(part)) != _plain_part(found[part]))
    return Rerun(result, result.receipt.rerun_hash == said["rerun_hash"], differs)


def _library(context: Context, request: MetricRequest, said: Mapping[str, Any]) -> Library:
    if said.get("definitions"):
        library = library_from(decode(Definitions, said["definitions"]))
    else:
        library = library_under(library_of(context.workspace), request, context.now.date())
    for name, described in said["metrics"].items():
        if digest_of(library, name) != described["digest"]:
            raise NotFound(
                f"The definition of {name} is another one than the receipt's (version {described['version']}), and the "
                f"receipt does not hold it. Ask for {name.partition('@')[0]}@{described['version']}, or keep receipts "
                "whole with --keep."
            )
    return library


def _exchange(plain: Mapping[str, Any]) -> Exchange:
    rates = {
        code: Rate(rate["units_per_usd"], date.fromisoformat(rate["since"]), rate["kind"], rate["source"])
        for code, rate in plain["rates"].items()
    }
    return Exchange(plain["into"], date.fromisoformat(plain["on"]), rates)


def _plain(result: MetricResult) -> Mapping[str, Any]:
    receipt = result.receipt
    return {part: getattr(receipt, part) for part in PARTS}


def _plain_part(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain_part(item) for key, item in value.items()}
    return [_plain_part(item) for item in value] if isinstance(value, tuple | list) else value
