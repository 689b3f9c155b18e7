# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Whether keys stand twice, told by their 64-bit digests: eight bytes a row, and a sort instead of a hash table."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.kernel.contract import TableContract
from tiffin.runtime.warehouse.columns import quoted
from tiffin.runtime.warehouse.log import WrittenFile
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.staging import Bench, scan, scan_files

BATCH_ROWS = 1_000_000

Digests = NDArray[np.uint64]


def key_digest(contract: TableContract) -> str:
    """Write the digest of a row's key."""
    return f"hash({', '.join(quoted(name) for name in contract.key)})"


def digests_of(bench: Bench, contract: TableContract, staged: Sequence[WrittenFile]) -> Digests:
    """Give the digests of all staged rows' keys, in ascending order."""
    found = np.empty(sum(file.rows for file in staged), dtype=np.uint64)
    if not staged:
        return found
    source = scan([str(bench.folder / file.name) for file in staged])
    begin = 0
    for part in _stream(bench, f"SELECT {key_digest(contract)} AS digest FROM {source}"):
        found[begin : begin + len(part)] = part
        begin += len(part)
    found.sort()
    return found


def repeated(digests: Digests) -> Digests:
    """List the digests that stand more than once in an ascending array."""
    return np.unique(digests[1:][digests[1:] == digests[:-1]])


def meet(bench: Bench, contract: TableContract, digests: Digests, base: Snapshot) -> bool:
    """Tell whether a row of a snapshot may have one of the keys; certain when it says no."""
    if not len(digests):
        return False
    keys = ", ".join(quoted(name) for name in contract.key)
    select = f"SELECT {key_digest(contract)} AS digest FROM (SELECT {keys} FROM ({scan_all(base)}))"
    for part in _stream(bench, select):
        part.sort()
        at = np.searchsorted(digests, part)
        if (digests[np.minimum(at, len(digests) - 1)] == part).any():
            return True
    return False


def scan_all(base: Snapshot) -> str:
    """Write the reading of all rows of a snapshot."""
    found = scan_files(base, base.files)
    return found if found.startswith("(") else f"SELECT * FROM {found}"


def _stream(bench: Bench, select: str) -> Iterator[Digests]:
    for batch in bench.connection.sql(select).to_arrow_reader(BATCH_ROWS):
        yield np.array(batch.column(0).to_numpy(zero_copy_only=False), dtype=np.uint64)
