"""Fact tables, their loads and their quarantine, for whoever looks."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.facts import queries
from tiffin.capabilities.facts.domain.report import RuleCount
from tiffin.capabilities.facts.domain.views import (
    LoadView,
    QuarantinedRow,
    QuarantinePage,
    TableDetail,
    TableSummary,
    TableVersion,
)
from tiffin.capabilities.facts.models import FactLoad
from tiffin.capabilities.facts.service.handing_in import contract_of
from tiffin.capabilities.facts.service.quarantine import quarantine_table
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.store import DeltaStore

SHOWN_SOURCES = 12
SHOWN_VERSIONS = 50


def summaries(context: Context) -> tuple[TableSummary, ...]:
    """Sum up every fact table, loaded or not."""
    store = open_store(context.workspace)
    return tuple(_summary(context, store, name) for name in sorted(TABLES))


def detail(context: Context, table: str) -> TableDetail:
    """Describe one fact table.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    contract = contract_of(table)
    store = open_store(context.workspace)
    history = tuple(
        TableVersion(c.version, c.at, c.operation, c.source, c.counts) for c in store.history(table)[:SHOWN_VERSIONS]
    )
    return TableDetail(_summary(context, store, table), contract, history, rule_counts(context, store, table))


def loads(
    context: Context, *, feed: str | None = None, table: str | None = None, limit: int = 100
) -> tuple[LoadView, ...]:
    """List loads, newest first."""
    statement = select(FactLoad).order_by(FactLoad.loaded_at.desc(), FactLoad.load_id).limit(limit)
    if feed is not None:
        statement = statement.where(FactLoad.feed == feed)
    if table is not None:
        statement = statement.where(FactLoad.fact_table == table)
    return tuple(_load_view(row) for row in context.session.scalars(statement))


def quarantine_page(context: Context, table: str, *, rule: str | None, limit: int, offset: int) -> QuarantinePage:
    """Show part of a table's quarantine."""
    contract_of(table)
    rules = rule_counts(context, open_store(context.workspace), table)
    total = sum(one.count for one in rules if rule in (None, one.rule))
    if not total:
        return QuarantinePage(table, rules, (), total)
    query = queries.quarantine_rows(quarantine_table(table), rule=rule, limit=limit, offset=offset)
    return QuarantinePage(
        table, rules, tuple(_row(found) for found in context.warehouse.query(query).to_pylist()), total
    )


def rule_counts(context: Context, store: DeltaStore, table: str) -> tuple[RuleCount, ...]:
    """Count a table's quarantine by rule."""
    name = quarantine_table(table)
    if not store.has(name):
        return ()
    found = context.warehouse.query(queries.quarantine_rules(name)).to_pylist()
    return tuple(RuleCount(row["rule"], row["reason"], row["entries"]) for row in found)


def _summary(context: Context, store: DeltaStore, table: str) -> TableSummary:
    contract, snapshot = TABLES[table], store.snapshot(table)
    history = store.history(table) if snapshot else ()
    left_out = store.snapshot(quarantine_table(table))
    return TableSummary(
        name=table,
        meaning=contract.meaning.get(language_of(context.locale), contract.meaning["en"]),
        owner=contract.owner,
        rows=(snapshot.rows or 0) if snapshot else 0,
        version=snapshot.version if snapshot else None,
        changed_at=history[0].at if history else None,
        sources=tuple(dict.fromkeys(commit.source for commit in history if commit.source))[:SHOWN_SOURCES],
        quarantined=(left_out.rows or 0) if left_out else 0,
    )


def _load_view(row: FactLoad) -> LoadView:
    return LoadView(
        load_id=row.load_id,
        feed=row.feed,
        table=row.fact_table,
        loaded_at=row.loaded_at,
        loaded_by=row.loaded_by,
        read=row.rows_read,
        loaded=row.rows_loaded,
        collapsed=row.rows_collapsed,
        quarantined=row.rows_quarantined,
        unchanged=row.is_unchanged,
        version=row.version,
        seconds=row.seconds,
        report=row.report,
    )


def _row(found: Mapping[str, Any]) -> QuarantinedRow:
    return QuarantinedRow(
        rule=found["rule"],
        reason=found["reason"],
        kept=found["kept"],
        file=found["file"],
        line=found["line"],
        row=json.loads(found["row"]),
        feed=found["feed"],
        load_id=found["load_id"],
        quarantined_at=found["quarantined_at"],
    )
