"""Tables that somebody brings, read from a file and read out."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from tiffin.capabilities.experiments.domain.file_designs import Columns, FileDesign, needed, read_table
from tiffin.engines.experiments.estimate import Estimate
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.kernel.messages import Message

SNIFFED = 64 * 1024


def read_file(path: Path, design: FileDesign, columns: Columns, *, level: float = 0.95) -> Estimate:
    """Read out a CSV or Parquet file.

    Raises
    ------
    NotFound
        There is no such file.
    InvalidData
        It is neither, or a panel in it is not whole.
    WrongUse, DesignRefused
        As `read_table`.
    """
    if not path.is_file():
        raise NotFound(Message("There is no file {path}. Name a CSV or Parquet file with a header.", path=str(path)))
    try:
        table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error) as fault:
        raise InvalidData(f"{path} was expected to be a CSV or Parquet file with a header; reading it gave: {fault}")  # noqa: B904 - the cause is told
    wanted = set(needed(design, columns))
    # Only what is read is taken out of the table; of the rest the names are enough to say what was found.
    plain = {name: table.column(name).to_pylist() if name in wanted else () for name in table.column_names}
    return read_table(design, plain, columns, level=level)


def _parquet(path: Path) -> pa.Table:
    return pyarrow.parquet.read_table(path)


def _csv(path: Path) -> pa.Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        delimiter = csv.Sniffer().sniff(head + file.read(SNIFFED), delimiters=",;\t|").delimiter
    return pyarrow.csv.read_csv(path, parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter))
