"""Whether the contract that this code carries is in force in a workspace: facts are loaded under no other."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import select

from tiffin.engines.contracts.versions import Version
from tiffin.kernel.errors import Conflict
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.records import ContractVersion


class VersionState(StrEnum):
    """Where a registered version stands."""

    REGISTERED = "registered"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def need_in_force(context: Context, tables: Iterable[str]) -> None:
    """Refuse to write tables whose contract, as this code carries it, is not yet in force here.

    A workspace that registered no versions takes the contracts as they come with the code; one that did takes a new
    version only when it is in force, or when it promises by its number to break nobody.

    Raises
    ------
    Conflict
        A table's contract is registered and not in force, or unknown here and a breaking step away.
    """
    rows = context.session.execute(
        select(ContractVersion.table, ContractVersion.version, ContractVersion.state).where(
            ContractVersion.table.in_(sorted({name for name in tables if name in TABLES}))
        )
    ).all()
    for table in sorted({row.table for row in rows}):
        states = {row.version: VersionState(row.state) for row in rows if row.table == table}
        _need_one(table, TABLES[table].version, states)


def _need_one(table: str, carried: str, states: dict[str, VersionState]) -> None:
    state = states.get(carried)
    if state in (VersionState.REGISTERED, VersionState.ANNOUNCED, VersionState.WITHDRAWN):
        raise Conflict(
            Message(
                "Rows of {table} would be loaded under version {version} of its contract, which is not in force "
                "here: it "
                "is {state}. Wait until everybody who reads it has agreed (`tiffin contracts show {table}`), or load "
                "with the release that carries the version in force.",
                table=table,
                version=carried,
                state=state.value,
            )
        )
    forced = [Version.parse(version) for version, one in states.items() if one is VersionState.IN_FORCE]
    if state is None and forced and Version.parse(carried).major > max(forced).major:
        raise Conflict(
            Message(
                "Rows of {table} would be loaded under version {version} of its contract, which breaks readers of "
                "{forced}, "
                "the version in force here, and nobody has announced it. Register and announce it with `tiffin "
                "contracts "
                "register {table}`.",
                table=table,
                version=carried,
                forced=str(max(forced)),
            )
        )
