# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Keeping tables quick to read and small on disk: rows put in order, files that no recent version needs removed."""

from datetime import UTC, datetime, timedelta

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.columns import literal, quoted
from tiffin.runtime.warehouse.keeping import kept_versions
from tiffin.runtime.warehouse.log import OvertakenError, WrittenFile
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.split import locality
from tiffin.runtime.warehouse.staging import Bench, open_bench, scan_files, typed
from tiffin.runtime.warehouse.store import DeltaStore

PIECE_ROWS = 1_000_000
KEPT = timedelta(days=30)
"""How far back tables can be read as they were."""

LEAST_KEPT = timedelta(hours=24)
"""Younger files may belong to a load that still runs."""


def compact(store: DeltaStore, contract: TableContract, *, now: datetime) -> int | None:
    """Put all rows of a table in the order of city and day, in large files; give the new version.

    None means that there was nothing to gain: no table, or one file. The rows are the same, older versions stay
    readable, and memory is that of one piece. Where another writer comes first, the table stays as that one left it.
    """
    base = store.snapshot(contract.name)
    if base is None or len(base.files) < 2:  # noqa: PLR2004 - one file has nothing to be put in order with
        return None
    note = {"at": now.astimezone(UTC).isoformat(), "operation": "compact", "source": ""}
    with open_bench(store.root) as bench:
        added = _rewritten(bench, base, contract)
        location = store.location(contract.name)
        published = bench.publish(added, location)
        try:
            return log.extend(
                location, base, schema=base.schema, added=published, removed=base.files, note=note, same_rows=True
            )
        except OvertakenError:
            bench.take_back(added, location)
            return None
        except BaseException:
            bench.take_back(added, location)
            raise


def vacuum(store: DeltaStore, table: str, *, kept: timedelta = KEPT) -> tuple[str, ...]:
    """Remove the files of a table that no version of the kept span needs, and those that dead processes left.

    Versions that are kept for good (`tiffin.runtime.warehouse.keeping`) keep their files however old they are.

    Raises
    ------
    WrongUse
        The span is shorter than a day: running loads and readers would lose their files.
    """
    if kept < LEAST_KEPT:
        raise WrongUse(f"Files are kept for at least {LEAST_KEPT}; {kept} was asked for. Ask for a day or more.")
    if not store.has(table):
        return ()
    location = store.location(table)
    # A version whose log entry has run out can be read no more; asking for its files would stop the cleaning.
    versions = [version for version in kept_versions(store, table) if log.log_file(location, version).exists()]
    return log.remove_unneeded(location, kept, versions=versions)


def _rewritten(bench: Bench, base: Snapshot, contract: TableContract) -> list[WrittenFile]:
    first, *others = [name.strip('"') for name in locality(contract).split(", ")][:2]
    pair = [quoted(name) for name in (first, *others)]
    source = scan_files(base, base.files)
    so_far = f"sum(rows) OVER (ORDER BY {', '.join(pair)})"
    bench.run(
        f"CREATE OR REPLACE TEMP TABLE piece AS SELECT *, {so_far} // {PIECE_ROWS} AS piece "
        f"FROM (SELECT {', '.join(pair)}, count(*) AS rows FROM {source} GROUP BY ALL)"
    )
    ranges = bench.run(f"SELECT piece, min({pair[0]}), max({pair[0]}) FROM piece GROUP BY piece ORDER BY piece")
    columns = ", ".join(f"old.{quoted(name)}" for name in base.schema.names)
    same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM piece.{name}" for name in pair)
    written: list[WrittenFile] = []
    for number, low, high in ranges:
        span = f"{pair[0]} BETWEEN {literal(str(low))} AND {literal(str(high))}"
        rows = f"SELECT {', '.join(typed(base.schema, base.schema.names))} FROM {source} WHERE {span}"
        written += bench.write(
            f"SELECT {columns} FROM ({rows}) AS old JOIN piece ON {same} AND piece.piece = {int(number)} "
            f"ORDER BY {locality(contract)}"
        )
    return written
