"""Work that a Spark Connect server does: one task of it for each number, the results as bytes."""

import re
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa

from tiffin.kernel.errors import Unavailable
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.spark_sessions import connect, is_silent

AT_ONCE = 32
"""Tasks handed over together: so many results lie in memory before they are taken."""

CODEC, LEVEL = "zstd", 1
_RAISED = re.compile(r"^Traceback .*?^(?P<text>\w[^\n]*)", re.DOTALL | re.MULTILINE)
"""What the work itself raised on the server: the line below a traceback."""

COLUMNS = "number bigint, size bigint, content binary"


def run_on_spark(url: str, work: Callable[[int], bytes], count: int) -> Generator[tuple[int, bytes]]:
    """Do the work for the numbers from 0 on, each as a task of its own, and give number and result as they come.

    Parameters
    ----------
    work : Callable
        A function of a module that the server's workers have too, or a `functools.partial` of one.

    Raises
    ------
    Unavailable
        No server answers, or its workers cannot do this work.

    Notes
    -----
    Spark gives each number a partition of its own, and so a task. Sail runs functions in its own process, one at a
    time; Apache Spark in a process a core.
    """
    spark = connect(url)
    # pandas has to be there for the client, which looks at its version and warns; nothing of it is used.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    try:
        for first in range(0, count, AT_ONCE):
            last = min(count, first + AT_ONCE)
            frame = spark.range(first, last, 1, last - first).mapInArrow(partial(_worked, work), COLUMNS)
            yield from _results(frame.toArrow())
    except Exception as error:
        if type(error).__module__.startswith(("pyspark", "grpc")):
            raise _told(error) from error
        raise
    finally:
        spark.client.set_retry_policies([])
        spark.stop()


def _worked(work: Callable[[int], bytes], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Do the work of a partition; runs on the server."""
    for batch in batches:
        for number in batch.column(0).to_pylist():
            content = work(number)
            packed = pa.Codec(CODEC, LEVEL).compress(content, asbytes=True)
            row = ([number], [len(content)], [packed])
            types = (pa.int64(), pa.int64(), pa.binary())
            arrays = [pa.array(value, kind) for value, kind in zip(row, types, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=["number", "size", "content"])


def _results(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    for batch in table.to_batches():
        for number, size, content in zip(*batch.columns, strict=True):
            yield number.as_py(), _unpacked(content.as_py(), size.as_py())


def _unpacked(content: Any, size: int) -> bytes:
    return bytes(pa.Codec(CODEC).decompress(content, decompressed_size=size, asbytes=True))


def _told(error: Exception) -> Unavailable:
    raised = _RAISED.search(str(error))
    text = raised["text"].rstrip(".") if raised else reason(error)
    if is_silent(error):
        return Unavailable(
            f"The Spark Connect server does not answer any more: {text}. Start it again and try once more."
        )
    if "No module named" in text:
        return Unavailable(
            f"The workers of the Spark Connect server were expected to have Tiffin: {text}. Install this version of it "
            "in the Python that they run (`spark.pyspark.python`), or leave the work to this machine."
        )
    return Unavailable(f"The Spark Connect server could not do the work: {text}. Its log says more.")
