"""The wire behind `tiffin.capabilities.metrics.api.bi_door`; importing it needs the optional package mysql-mimic."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import mysql_mimic as wire
from mysql_mimic.auth import NativePasswordAuthPlugin, User
from mysql_mimic.errors import ErrorCode, MysqlError
from sqlglot import exp

from tiffin.capabilities.metrics.api.bi_door import RECEIPT, Digests, Entering, answered, columns_of
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.kernel.errors import Forbidden, TiffinError
from tiffin.runtime.context import Context

_KINDS = {
    ColumnType.TEXT: wire.ColumnType.VAR_STRING,
    ColumnType.INTEGER: wire.ColumnType.LONGLONG,
    ColumnType.DOUBLE: wire.ColumnType.DOUBLE,
    ColumnType.BOOLEAN: wire.ColumnType.TINY,
    ColumnType.DATE: wire.ColumnType.DATE,
    ColumnType.INSTANT: wire.ColumnType.DATETIME,
}


def wire_server(digests: Digests, entering: Entering) -> Any:
    """Make the protocol's server over accounts, tokens and units of work."""
    return wire.MysqlServer(session_factory=partial(_Reader, entering), identity_provider=_Accounts(digests))


class _TokenPlugin(NativePasswordAuthPlugin):  # type: ignore[misc] # the library has no types
    """Takes any live token of the account as its password, and remembers which."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests

    def password_matches(self, user: User, scramble: bytes, nonce: bytes) -> bool:
        for number, digest in self._digests(user.name).items():
            if self.verify_scramble(digest, scramble, nonce):
                user.name = str(number)
                return True
        return False


class _Accounts(wire.IdentityProvider):  # type: ignore[misc] # the library has no types
    """Knows no account by itself: whether one exists shows only together with its token."""

    def __init__(self, digests: Digests) -> None:
        self._plugin = _TokenPlugin(digests)

    def get_plugins(self) -> Sequence[Any]:
        return [self._plugin]

    async def get_user(self, username: str) -> User:
        return User(name=username, auth_plugin=_TokenPlugin.name)


class _Reader(wire.Session):  # type: ignore[misc] # the library has no types
    """One connection."""

    def __init__(self, entering: Entering) -> None:
        super().__init__()
        self._entering = entering
        self._receipt: str | None = None

    async def query(self, expression: exp.Expr, sql: str, attrs: Mapping[str, str]) -> Any:
        if _reads(expression, RECEIPT):
            return wire.ResultSet([(self._receipt,)], [wire.ResultColumn(RECEIPT, wire.ColumnType.VAR_STRING)])
        if isinstance(expression, exp.Select) and expression.args.get("from_") is None:
            return await super().query(expression, sql, attrs)
        found = await self._within(partial(answered, tree=expression))
        self._receipt = found.receipt
        return wire.ResultSet(found.rows, [wire.ResultColumn(name, _KINDS[kind]) for name, kind in found.columns])

    async def schema(self) -> Any:
        return await self._within(columns_of)

    async def _within(self, use: Callable[[Context], Any]) -> Any:
        try:
            return await asyncio.to_thread(self._used, use)
        except TiffinError as error:
            denied = isinstance(error, Forbidden)
            code = ErrorCode.ACCESS_DENIED_ERROR if denied else ErrorCode.PARSE_ERROR
            raise MysqlError(str(error), code=code) from error

    def _used(self, use: Callable[[Context], Any]) -> Any:
        with self._entering(int(self.username or 0)) as context:
            return use(context)


def _reads(tree: exp.Expr, table: str) -> bool:
    source = tree.args.get("from_") if isinstance(tree, exp.Select) else None
    return isinstance(source, exp.From) and source.this.name.lower() == table
