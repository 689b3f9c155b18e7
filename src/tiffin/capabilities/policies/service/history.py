"""The past cases of a policy: gathered from the facts, each once and as it was first known, and never rewritten."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from tiffin.capabilities.policies.domain.case_source import CaseSource, case_source
from tiffin.capabilities.policies.domain.case_source_sql import (
    BUCKETS,
    cases_contract,
    cases_query,
    settled_before,
    span_query,
)
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.library import in_force, policy_names
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.store import DeltaStore

SPAN_DAYS = 31
"""Days of cases that are gathered at once; the keys of those that are known are held in memory.

They only spare the store what it has. It looks every key up again, so that a case whose instant was corrected is found.
"""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """The past cases of a policy that have been gathered.

    Parameters
    ----------
    table : str
        Where they lie in the warehouse.
    version : int
        Of the table; a replay names the one that it read.
    gathered_at : datetime
        UTC; when cases were added last.
    """

    policy: str
    table: str
    cases: int
    version: int
    gathered_at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one gathering brought.

    Parameters
    ----------
    found : int
        Cases in the facts that have settled.
    added : int
        Those that were not known before.
    """

    policy: str
    found: int
    added: int
    version: int | None


def source_of(effective: Effective) -> CaseSource:
    """Tell where the cases of a policy come from.

    Raises
    ------
    NotFound
        Its file does not say.
    """
    found = case_source(effective)
    if found is None:
        raise NotFound(
            Message(
                "The policy {policy} does not say where its past cases come from. Add `cases:` to its file.",
                policy=effective.name,
            )
        )
    return found


def history_of(context: Context, effective: Effective) -> CaseHistory:
    """Give the cases of a policy that have been gathered.

    Raises
    ------
    NotFound
        None have been, or its file does not say where they come from.
    """
    source = source_of(effective)
    store = open_store(context.workspace)
    snapshot = store.snapshot(source.name)
    commits = store.history(source.name)
    if snapshot is None or not commits:
        raise NotFound(
            Message(
                "No past cases of {policy} have been gathered yet. `tiffin policies gather {policy}` does it.",
                policy=effective.name,
            )
        )
    return CaseHistory(effective.name, source.name, snapshot.rows or 0, snapshot.version, commits[0].at)


def gather(context: Context, policy: str, progress: Progress | None = None) -> Gathered:
    """Take up the cases that happened and have settled since, each with its inputs as they are known now.

    A case that is known already stays as it was first known, whatever the facts say of it today, also of when it
    happened. Of two who gather at once, whoever is done first has made a case known.

    Parameters
    ----------
    progress : callable or None
        Told after each step which share of the whole it was.

    Raises
    ------
    Forbidden
        The actor is no analyst or steward over everything.
    NotFound
        There is no such policy, or its file does not say where cases come from.
    Conflict
        Others wrote the same table first again and again.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD, Role.ANALYST):
        raise Forbidden(
            Message(
                "Past cases are gathered by analysts and stewards over all cities; {name} is neither.",
                name=context.actor.name,
            )
        )
    source = source_of(in_force(context, policy, context.now.date()))
    store = open_store(context.workspace)
    taking = _Taking(context, source, store, progress)
    contract = cases_contract(source)
    reader = pa.RecordBatchReader.from_batches(arrow_schema(contract), taking.batches())
    made = store.insert(contract, reader, now=context.now, source="policy cases")
    if made.inserted:
        details = {"found": taking.found, "added": made.inserted}
        audit.record(context, action="policy_cases_gathered", subject=policy, details=details)
    return Gathered(policy, taking.found, made.inserted, made.version)


def gather_everything(context: Context, progress: Progress | None = None) -> tuple[Gathered, ...]:
    """Take up the cases of every policy in force that says where they come from.

    Raises
    ------
    Forbidden
        The actor is no analyst or steward over everything.
    """
    sources = [one for one in map(partial(_source_today, context), policy_names(context)) if one is not None]
    share = partial(_part, progress, len(sources)) if progress else None
    return tuple(gather(context, one.policy, share) for one in sources)


def _part(progress: Progress, parts: int, share: float) -> None:
    progress(share / parts)


def _source_today(context: Context, policy: str) -> CaseSource | None:
    """Read where cases come from; None where nothing is in force, or it cannot be read: the library tells of that."""
    try:
        return case_source(in_force(context, policy, context.now.date()))
    except (InvalidDefinition, NotFound):
        return None


class _Taking:
    """Goes through the facts span by span and leaves out what is known."""

    def __init__(self, context: Context, source: CaseSource, store: DeltaStore, progress: Progress | None) -> None:
        self._context, self._source, self._progress = context, source, progress
        self._is_new = not store.has(source.name)
        self._schema = arrow_schema(cases_contract(source))
        self.found = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the cases that are new."""
        first, beyond = self._span()
        at = first
        while at < beyond:
            until = min(at + timedelta(days=SPAN_DAYS), beyond)
            yield from self._between(at, until)
            if self._progress:
                self._progress((until - at) / (beyond - first))
            at = until

    def _span(self) -> tuple[datetime, datetime]:
        settled = settled_before(self._source, self._context.now)
        found = self._context.warehouse.query(span_query(self._source)).to_pylist()[0]
        if found["first_at"] is None:
            return settled, settled
        last = found["last_at"].astimezone(UTC) + timedelta(microseconds=1)
        return found["first_at"].astimezone(UTC), min(last, settled)

    def _between(self, first: datetime, beyond: datetime) -> Iterator[pa.RecordBatch]:
        known = self._known(first, beyond)
        warehouse = self._context.warehouse
        query = cases_query(self._source, first=first, beyond=beyond, dialect=warehouse.dialect)
        for batch in warehouse.stream_text(query.sql(dialect=warehouse.dialect)):
            self.found += batch.num_rows
            fresh = batch.filter(pc.invert(pc.is_in(batch["case_id"], value_set=known)))
            if fresh.num_rows:
                yield self._completed(fresh)

    def _known(self, first: datetime, beyond: datetime) -> pa.Array:
        """Give the keys of the cases of a span that are known."""
        if self._is_new:
            return pa.array([], pa.string())
        at = exp.column("at", quoted=True)
        query = exp.select(exp.column("case_id", quoted=True)).from_(self._source.name)
        query = query.where(exp.GTE(this=at, expression=_instant(first)))
        query = query.where(exp.LT(this=at.copy(), expression=_instant(beyond)))
        return self._context.warehouse.query(query)["case_id"].combine_chunks()

    def _completed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Add to cases the part into which each falls, and since when they are known."""
        keys = batch["case_id"].to_pylist()
        columns = {name: batch[name] for name in batch.schema.names}
        columns["bucket"] = pa.array([zlib.crc32(key.encode()) % BUCKETS for key in keys], pa.int64())
        columns["known_at"] = pa.repeat(pa.scalar(self._context.now, pa.timestamp("us", tz="UTC")), batch.num_rows)
        made = [columns[field.name].cast(field.type) for field in self._schema]
        return pa.RecordBatch.from_arrays(made, schema=self._schema)


def _instant(at: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(at.isoformat(sep=" ")), exp.DataType.Type.TIMESTAMPTZ)
