"""The distributed engine: anything that speaks Spark Connect."""

import atexit
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa
from sqlglot import exp

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidData, InvalidDefinition, TiffinError, Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.as_of import AsOf
from tiffin.runtime.settings import settings as process_settings
from tiffin.runtime.warehouse.answers import Columns, columns_of
from tiffin.runtime.warehouse.columns import BATCH_ROWS, canonical
from tiffin.runtime.warehouse.pins import Pins
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.serving import local_url
from tiffin.runtime.warehouse.spark_sessions import LostSessionError, Reach, Sessions, is_silent
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.workspace import Workspace

READINGS = ("delta", "files")


class SparkWarehouse:
    """Fact tables at one moment through a Spark Connect server.

    Warehouses on one server share its sessions; each query runs in one whose views show the versions of this warehouse.
    """

    dialect = "spark"

    def __init__(
        self,
        reach: Reach,
        store: DeltaStore,
        contracts: Mapping[str, TableContract],
        *,
        as_of: AsOf = None,
    ) -> None:
        self._sessions = _shared_sessions(reach, store)
        self._contracts = contracts
        self._pins = Pins(store, contracts, as_of)

    def query(self, statement: exp.Query) -> pa.Table:
        """Run a query and return its rows in the canonical types.

        Raises
        ------
        InvalidDefinition
            The query names a column or function that there is not.
        Unavailable
            The server is gone.
        """
        return self._run(statement.sql(dialect="spark"), (), self._pins.named_in(statement))

    def query_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Run a compiler's SQL; values stand as ``?``."""
        return self._run(sql, parameters, self._pins.named_in_text(sql))

    def answer_text(self, sql: str) -> Columns:
        """Run a compiler's SQL and give its columns."""
        return columns_of(self.query_text(sql))

    def stream_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.RecordBatchReader:
        """Run a compiler's SQL and hand its rows over in batches, once the server has given them all."""
        return self.query_text(sql, parameters).to_reader(BATCH_ROWS)

    def versions(self) -> Mapping[str, int]:
        """Give the Delta version of each loaded table."""
        return self._pins.loaded()

    def close(self) -> None:
        """Do nothing: sessions are shared, and end with the process."""

    def _run(self, sql: str, parameters: Sequence[object], tables: frozenset[str]) -> pa.Table:
        pinned = self._pins.take(tables)
        try:
            try:
                return self._answer(sql, parameters, pinned)
            except LostSessionError:
                # Where the server let go of one session it let go of every other that nobody used meanwhile.
                self._sessions.forget_idle()
                return self._answer(sql, parameters, pinned)
        except (TiffinError, LostSessionError):
            raise
        except Exception as error:
            raise _told(error) from error

    def _answer(self, sql: str, parameters: Sequence[object], pinned: Mapping[str, int | None]) -> pa.Table:
        with self._sessions.session(pinned, self._contracts) as spark:
            return canonical(spark.sql(sql, args=[_literal(value) for value in parameters] or None).toArrow())


def _literal(value: object) -> object:
    """Give a value as the client takes it.

    Of an instant the client asks the session that was begun last how it is typed, which may be another than the one
    that is lent, and gone; so its type is told.
    """
    if not isinstance(value, datetime):
        return value
    from pyspark.sql.connect.column import Column  # noqa: PLC0415 - an optional extra
    from pyspark.sql.connect.expressions import LiteralExpression  # noqa: PLC0415 - the same
    from pyspark.sql.types import TimestampType  # noqa: PLC0415 - the same

    return Column(LiteralExpression(value, TimestampType()))


def open_spark(workspace: Workspace, store: DeltaStore, *, as_of: AsOf = None) -> SparkWarehouse:
    """Open a workspace's tables on a Spark Connect server.

    It is the one of TIFFIN_SPARK_URL, else of ``[warehouse] url``, else one that this process starts for itself.

    Raises
    ------
    InvalidDefinition
        ``[warehouse] reading`` is neither ``delta`` nor ``files``.
    Unavailable
        The extra ``spark`` is not installed, or no server answers.
    """
    settings = workspace.config.get("warehouse", {})
    reading = str(settings.get("reading", "delta"))
    if reading not in READINGS:
        raise InvalidDefinition(
            f"`[warehouse] reading` in {workspace.root / 'tiffin.toml'} may be delta or files; {reading!r} was found."
        )
    reach = Reach(
        url=spark_url(workspace),
        tables=str(settings.get("tables") or store.root).rstrip("/"),
        reading=reading,
    )
    return SparkWarehouse(reach, store, TABLES, as_of=as_of)


def spark_url(workspace: Workspace) -> str:
    """Give the address of a workspace's Spark Connect server, of one that this process starts where it names none."""
    stated = workspace.config.get("warehouse", {}).get("url")
    return str(process_settings().spark_url or stated or local_url())


KEPT_STORES = 8
"""Stores whose sessions are kept for the next opening; those of others idle out on the server."""

_SHARED: OrderedDict[tuple[Reach, str], Sessions] = OrderedDict()
_SHARING = threading.Lock()


def _shared_sessions(reach: Reach, store: DeltaStore) -> Sessions:
    with _SHARING:
        key = (reach, str(store.root))
        found = _SHARED.setdefault(key, Sessions(reach, store))
        _SHARED.move_to_end(key)
        while len(_SHARED) > KEPT_STORES:
            _SHARED.popitem(last=False)
        return found


@atexit.register
def close_all() -> None:
    """End the process's sessions."""
    with _SHARING:
        while _SHARED:
            _SHARED.popitem()[1].close()


def _told(error: Exception) -> Exception:
    from pyspark.errors import AnalysisException, ParseException, PySparkException  # noqa: PLC0415 - an optional extra

    text = reason(error)
    if isinstance(error, (AnalysisException, ParseException)):
        return InvalidDefinition(f"The warehouse cannot read this query: {text}. Check the names in the definition.")
    if is_silent(error):
        return Unavailable(
            f"The Spark Connect server does not answer any more: {text}. Start it again and try once more."
        )
    if isinstance(error, PySparkException):
        return InvalidData(f"The warehouse met a value that the query cannot handle: {text}.")
    return error
