"""Files seen through a feed without being loaded: what its tables would hold, and which files they come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from tiffin.capabilities.facts.domain.report import FileReport
from tiffin.capabilities.facts.service.definitions import read_feed
from tiffin.capabilities.facts.service.gallery import GALLERY
from tiffin.capabilities.facts.service.intake import Progress, assign, lay_down
from tiffin.capabilities.facts.service.staging import Reading
from tiffin.runtime.warehouse.staging import open_bench


@dataclass(frozen=True, slots=True)
class Preview:
    """What files hold, as a feed reads them.

    Parameters
    ----------
    tables : Mapping
        Rows by fact table: the columns that the feed maps, without those that a load derives.
    files : tuple of FileReport
        Each file with its SHA-256.
    """

    tables: Mapping[str, pa.Table]
    files: tuple[FileReport, ...]


def preview(
    feed: str, paths: Iterable[Path], tables: Iterable[str], *, progress: Progress = lambda _bytes: None
) -> Preview:
    """Read files through a feed that ships, and write nothing.

    Parameters
    ----------
    tables : iterable of str
        Fact tables wanted.

    Notes
    -----
    Rows that the feed itself leaves out are left out; the rules of the fact tables' contracts are not asked.

    Raises
    ------
    NotFound
        A file of the feed is missing.
    InvalidData
        A file cannot be read safely.
    """
    definition = read_feed(GALLERY / f"{feed}.yaml")
    wanted = set(tables)
    with TemporaryDirectory(prefix="tiffin-preview-") as folder, open_bench(Path(folder)) as bench:
        reading = Reading(definition, bench)
        raw = lay_down(definition, assign(definition, paths), bench.folder, progress)
        reading.take(raw)
        rows = {
            table.table: bench.connection.sql(reading.plan(table).good).to_arrow_table()
            for table in definition.tables
            if table.table in wanted
        }
        return Preview(rows, tuple(raw.files))
