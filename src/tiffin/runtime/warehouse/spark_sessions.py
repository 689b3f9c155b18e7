"""Sessions on a Spark Connect server, and the views of table versions that each of them holds."""

import logging
import re
import socket
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pyarrow as pa

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.warehouse.columns import SPARK, arrow_schema
from tiffin.runtime.warehouse.rollup_names import place_of
from tiffin.runtime.warehouse.serving import missing_extra
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.store import DeltaStore

_ENDED = re.compile(r"session \S+ is not running")
KEPT_SESSIONS = 8
PORT = 15002
CONNECT_S = 5.0


# Callers hear of both as errors of ours; the client would print the server's stack trace besides.
logging.getLogger("SQLQueryContextLogger").disabled = True
warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]", category=UserWarning)


class LostSessionError(Exception):
    """The server has let go of a session and of its views."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How an engine reaches the tables.

    Parameters
    ----------
    url : str
        ``sc://host:port``, with Spark Connect's own parameters where needed (``;token=…;use_ssl=true``).
    tables : str
        Folder of the tables as the engine sees it.
    reading : str
        ``delta`` reads tables by their log, where the server can; ``files`` hands it the snapshot's Parquet files.
    """

    url: str
    tables: str
    reading: str


@dataclass(slots=True)
class Session:
    """One session, and which version of each table its views show."""

    spark: Any
    shown: dict[str, int | None] = field(default_factory=dict)
    busy: int = 0

    def suits(self, pinned: Mapping[str, int | None]) -> bool:
        """Tell whether every wanted table is shown at the wanted version, or not at all yet."""
        return all(table not in self.shown or self.shown[table] == version for table, version in pinned.items())


class Sessions:
    """A few sessions on one server; queries over the same versions share one."""

    def __init__(self, reach: Reach, store: DeltaStore) -> None:
        self._reach = reach
        self._store = store
        self._lock = threading.Lock()
        self._open: list[Session] = []
        self._reading = reach.reading

    @contextmanager
    def session(self, pinned: Mapping[str, int | None], contracts: Mapping[str, TableContract]) -> Iterator[Any]:
        """Lend a Spark session in which the wanted versions stand under the tables' bare names.

        A session that the server has let go of (idle too long, restarted) is forgotten, for a new one to be asked for.

        Raises
        ------
        LostSessionError
            The server no longer knows the session.
        """
        with self._lock:
            chosen = next((session for session in self._open if session.suits(pinned)), None) or self._another()
            for table, version in pinned.items():
                if table not in chosen.shown:
                    self._show(chosen.spark, table, version, contracts.get(table))
                    chosen.shown[table] = version
            chosen.busy += 1
            self._open.remove(chosen)
            self._open.append(chosen)
        try:
            yield chosen.spark
        except Exception as error:
            lost = _is_lost(error, pinned)
            if lost or is_silent(error):
                self._forget(chosen)
            if lost:
                raise LostSessionError from error
            raise
        finally:
            with self._lock:
                chosen.busy -= 1

    def forget_idle(self) -> None:
        """Forget the sessions that nobody uses at the moment."""
        for session in [one for one in self._open if not one.busy]:
            self._forget(session)

    def close(self) -> None:
        """End all sessions."""
        with self._lock:
            while self._open:
                _end(self._open.pop())

    def _forget(self, session: Session) -> None:
        # The client calls its server once more when the process ends, and would wait for it.
        session.spark.client.set_retry_policies([])
        with self._lock:
            self._open = [other for other in self._open if other is not session]

    def _another(self) -> Session:
        idle = [session for session in self._open if not session.busy]
        if len(self._open) >= KEPT_SESSIONS and idle:
            self._open.remove(idle[0])
            _end(idle[0])
        self._open.append(Session(connect(self._reach.url)))
        return self._open[-1]

    def _show(self, spark: Any, table: str, version: int | None, contract: TableContract | None) -> None:
        snapshot = None if version is None else self._store.snapshot(place_of(table), version)
        promised = arrow_schema(contract) if contract else pa.schema([])
        if snapshot is None or not snapshot.files:
            promised = promised if len(promised) or snapshot is None else snapshot.schema
            frame = spark.sql(f"SELECT {', '.join(_typed(promised, pa.schema([])))} WHERE false")
            frame.createOrReplaceTempView(table)
            return
        extra = [found for found in snapshot.schema if found.name not in promised.names]
        columns = _typed(pa.schema([*promised, *extra]), snapshot.schema)
        if self._reading == "delta" and self._show_delta(spark, table, snapshot, columns):
            return
        self._reading = "files"
        self._files(spark, snapshot).selectExpr(*columns).createOrReplaceTempView(table)

    def _show_delta(self, spark: Any, table: str, snapshot: Snapshot, columns: list[str]) -> bool:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra

        frame = (
            spark.read.format("delta").option("versionAsOf", str(snapshot.version)).load(self._seen(snapshot.location))
        )
        try:
            frame.selectExpr(*columns).createOrReplaceTempView(table)
        except PySparkException as error:
            if _lacks_delta(error):
                return False
            raise
        return True

    def _files(self, spark: Any, snapshot: Snapshot) -> Any:
        if snapshot.partitions:
            raise Unavailable(
                f"The table {snapshot.table} was partitioned by another tool, and a server without Delta cannot "
                "read it by its files. Add Delta Lake's package to the server, or use the engine `duckdb`."
            )
        stored = ", ".join(f"{_quoted(column.name)} {SPARK[column.type]}" for column in snapshot.schema)
        return spark.read.schema(stored).parquet(*map(self._seen, snapshot.paths))

    def _seen(self, path: str) -> str:
        return self._reach.tables + path.removeprefix(str(self._store.root))


def connect(url: str) -> Any:
    """Begin a session on a Spark Connect server.

    Raises
    ------
    Unavailable
        Nothing answers there, or the client is not installed.
    """
    _refuse_silence(url)
    with warnings.catch_warnings():
        # pyspark-client warns about pandas, which is not used here: rows come back as Arrow.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - an optional extra
            from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - the same
        except ImportError as error:
            raise missing_extra(error) from error
        spark = SparkSession.builder.remote(url).create()
    # The client's own patience is ten minutes; whoever waits for a page should hear within seconds.
    spark.client.set_retry_policies([DefaultPolicy(max_retries=4, max_backoff=2000)])
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    return spark


def is_silent(error: Exception) -> bool:
    """Tell whether an error means that the server itself does not answer."""
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException  # noqa: PLC0415 - an optional extra

    if type(error).__module__.startswith("grpc"):
        return True
    return type(error) is SparkConnectGrpcException and ("UNAVAILABLE" in str(error) or "RETRIES" in str(error))


def _end(session: Session) -> None:
    session.spark.client.set_retry_policies([])
    with suppress(Exception):  # a server that is gone has ended its sessions already
        session.spark.stop()


def _refuse_silence(url: str) -> None:
    address = urlparse(url)
    host, port = address.hostname or "localhost", address.port or PORT
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except OSError as error:
        raise Unavailable(
            f"A Spark Connect server was expected at {host}:{port}, nothing answers there ({error}). Start it, mend "
            "`[warehouse] url` in tiffin.toml, or leave the url out to use the server that comes with Tiffin."
        ) from error


def _is_lost(error: Exception, pinned: Mapping[str, int | None]) -> bool:
    text = str(error)
    if any(known in text for known in ("SESSION_NOT_FOUND", "SESSION_CLOSED", "SESSION_CHANGED")):
        return True
    # How Sail tells of a session that it ended because nobody had asked it anything for a while.
    if _ENDED.search(text):
        return True
    # Sail begins an empty session under the old name: the views are missed first.
    return "TABLE_OR_VIEW_NOT_FOUND" in text and any(table in text for table in pinned)


def _lacks_delta(error: Exception) -> bool:
    text = str(error).lower()
    return "data_source_not_found" in text or "failed to find the data source" in text


def _typed(schema: pa.Schema, present: pa.Schema) -> list[str]:
    known = set(present.names)
    return [
        f"CAST({_quoted(name) if name in known else 'NULL'} AS {SPARK[schema.field(name).type]}) AS {_quoted(name)}"
        for name in schema.names
    ]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
