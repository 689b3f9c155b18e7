"""The edge: where one request, command or job begins and ends. It alone opens a context, and commits or undoes it."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tiffin.kernel.errors import Forbidden
from tiffin.runtime.actor import Actor, SignInNeeded
from tiffin.runtime.as_of import AsOf
from tiffin.runtime.auth import local_actor
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, unit_of
from tiffin.runtime.logging import configure_logging
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.settings import settings
from tiffin.runtime.showing import account_for_command
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.written import take_written
from tiffin.runtime.workspace import Workspace, open_workspace, workspace_folder

if TYPE_CHECKING:
    from sqlglot import exp

    from tiffin.runtime.warehouse.answers import Columns

SUBJECT_MAX = 500


class WarehouseOnDemand:
    """A warehouse that is opened at its first use, so that a unit of work without facts pays nothing for them."""

    def __init__(self, workspace: Workspace, engine: str | None, as_of: AsOf) -> None:
        self._asked = (workspace, engine, as_of)
        self.dialect = engine or workspace.engine

    @cached_property
    def _opened(self) -> Warehouse:
        # Engines take a second to import; a unit of work that reads no facts does without.
        from tiffin.runtime.warehouse.opening import open_warehouse  # noqa: PLC0415 - for the reason above

        workspace, engine, as_of = self._asked
        return open_warehouse(workspace, engine=engine, as_of=as_of)

    def query(self, statement: "exp.Query") -> pa.Table:
        """Run a query and return its rows."""
        return self._opened.query(statement)

    def query_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Run SQL of the engine's own dialect."""
        return self._opened.query_text(sql, parameters)

    def answer_text(self, sql: str) -> "Columns":
        """Run a compiler's SQL and give its columns."""
        return self._opened.answer_text(sql)

    def stream_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.RecordBatchReader:
        """Run a compiler's SQL and hand its rows over in batches."""
        return self._opened.stream_text(sql, parameters)

    def versions(self) -> Mapping[str, int]:
        """Give the version of each loaded table."""
        return self._opened.versions()

    def close(self) -> None:
        """Let go of connections, if any were made; a later use opens the tables anew, as they stand then."""
        if "_opened" in self.__dict__:
            self._opened.close()
            del self.__dict__["_opened"]


@contextmanager
def open_context(
    workspace_dir: Path | None,
    *,
    user: str | None = None,
    engine: str | None = None,
    as_of: AsOf = None,
    now: datetime | None = None,
    locale: str | None = None,
    doing: str | None = None,
) -> Iterator[Context]:
    """Open the unit of work of one command.

    Parameters
    ----------
    workspace_dir : Path or None
        Where the workspace lies; None finds it as every command does (`workspace_folder`).
    user : str or None
        Account to act as; None is the account of the person at this machine, which for the owner of the files is the
        owner's.
    engine, as_of
        Warehouse engine, and the version or instant to read the tables at; None for the workspace's own engine and the
        present.
    now : datetime or None
        UTC; None for the machine's clock.
    locale : str or None
        Language of messages; None for TIFFIN_LOCALE, else English.
    doing : str or None
        What the trail tells of it in an emergency; None for the command as it was typed.

    Raises
    ------
    NotFound
        There is no workspace, or no such account.
    Forbidden
        The person at this machine may not act as that account.
    Unavailable
        The database does not answer, or is of another version than the code.
    """
    workspace = open_workspace(workspace_folder(workspace_dir))
    moment = now or datetime.now(UTC)

    def sign_in(unit: Unit) -> Actor:
        return local_actor(unit, workspace, user=user, now=moment)

    told = " ".join(["tiffin", *sys.argv[1:]]) if doing is None else doing
    with open_unit(workspace, sign_in, engine=engine, as_of=as_of, now=moment, locale=locale, doing=told) as context:
        yield context
        account_for_command(context)


@contextmanager
def open_unit(
    workspace: Workspace,
    sign_in: Callable[[Unit], Actor],
    *,
    now: datetime,
    engine: str | None = None,
    as_of: AsOf = None,
    locale: str | None = None,
    doing: str = "",
) -> Iterator[Context]:
    """Open one unit of work for whoever ``sign_in`` finds; a refusal inside is audited although the unit is undone.

    Parameters
    ----------
    doing : str
        What is done, such as an address or a command: for the audit trail, while the actor has opened an emergency.
    """
    database = ready_engine(workspace.database_url)
    configure_logging(workspace.state / "logs", level=settings().log_level)
    warehouse = WarehouseOnDemand(workspace, engine, as_of)
    actor, begun = Actor(name="nobody"), None
    try:
        with unit_of(database) as unit:
            begun = unit
            actor = sign_in(unit)
            context = Context(workspace, unit, warehouse, actor, now, locale=locale or settings().locale or "en")
            if actor.emergencies:
                _account_for(context, doing)
            yield context
    except SignInNeeded:  # nobody was there to be refused anything
        raise
    except Forbidden as refusal:
        # A refusal is rare, and its tables are mapped at their import.
        from tiffin.runtime import audit  # noqa: PLC0415 - for the reason above

        audit.record_refusal(database, actor=actor.name, action="access_refused", subject=str(refusal), now=now)
        raise
    finally:
        warehouse.close()
        if begun is not None:
            begun.write_afterwards()
        _keep_rollups_up(workspace, now)


def _account_for(context: Context, doing: str) -> None:
    """Put on the audit trail that something is done with what was opened in an emergency."""
    from tiffin.runtime import audit  # noqa: PLC0415 - emergencies are rare, and its tables are mapped at their import

    for number in context.actor.emergencies:
        audit.record_read(
            context, action="emergency_used", subject=doing[:SUBJECT_MAX] or "-", details={"emergency": number}
        )


def _keep_rollups_up(workspace: Workspace, now: datetime) -> None:
    """Bring what is derived from the facts after them, where this unit of work wrote any."""
    if take_written(workspace.tables):
        from tiffin.runtime.warehouse.opening import open_store  # noqa: PLC0415 - a unit without facts pays nothing
        from tiffin.runtime.warehouse.refreshing import keep_up  # noqa: PLC0415 - the same

        keep_up(open_store(workspace), now=now)
