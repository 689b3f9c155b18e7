"""What a large load says of itself: in its report, and in the note of its commit, by which it is known again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import duckdb

from tiffin.capabilities.facts.domain.report import FileReport, RuleCount, TableReport
from tiffin.capabilities.facts.service.bulk import Landed
from tiffin.capabilities.facts.service.staging import Reading, Staged
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.snapshot import Commit, Upsert
from tiffin.runtime.warehouse.store import DeltaStore

_MARK, _LOAD = "fingerprint", "load"


def whole_report(landed: Landed, staged: Staged) -> TableReport:
    """Tell what became of the rows that were good at first sight and of the others."""
    checked = staged.checked
    return TableReport(
        table=checked.contract.name,
        read=landed.read,
        loaded=landed.rows + checked.loaded,
        collapsed=checked.collapsed,
        quarantined=(*staged.left_out, *checked.quarantined),
        removed=staged.removed,
        inserted=0,
        updated=0,
        unchanged=True,
        version=None,
    )


def written_as(upsert: Upsert) -> dict[str, Any]:
    """Give the part of a report that only the write can tell."""
    return {
        "inserted": upsert.inserted,
        "updated": upsert.updated,
        "unchanged": not upsert.changed,
        "version": upsert.version,
    }


def note_of(mark: str, report: TableReport) -> dict[str, object]:
    """Give what the commit's note says of a load."""
    return {_MARK: mark, _LOAD: asdict(report)}


def load_of(store: DeltaStore, table: str, mark: str) -> TableReport | None:
    """Find a load with the same fingerprint whose rows all still stand as it wrote them; None where there is none.

    Rows stand as long as later commits only add rows or lay them down differently.
    """
    for commit in store.history(table):
        if commit.note.get(_MARK) == mark:
            return _report(commit.note[_LOAD], store.version(table))
        if not _leaves_rows(commit):
            return None
    return None


def _leaves_rows(commit: Commit) -> bool:
    return commit.operation == "compact" or (commit.operation == "upsert" and commit.counts.get("updated") == 0)


def _report(note: Mapping[str, Any], version: int | None) -> TableReport:
    rules = {name: tuple(RuleCount(**rule) for rule in note[name]) for name in ("quarantined", "removed")}
    return TableReport(**{**note, **rules, "unchanged": True, "inserted": 0, "updated": 0, "version": version})


def fingerprint(
    reading: Reading, files: Sequence[FileReport], cities: Mapping[str, City], markets: Mapping[str, Market]
) -> str:
    """Give the digest of everything that a load's result follows from."""
    contract = TABLES[reading.feed.main.table]
    parts = (
        FORM,
        duckdb.__version__,
        reading.feed.digest,
        sorted(file.sha256 for file in files),
        contract,
        sorted(cities.items(), key=lambda item: item[0]),
        sorted((name, market.day_parts, market.ramadan_day_parts) for name, market in markets.items()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


FORM = "bulk 3"
"""Goes up whenever the same files would become other rows."""
