"""From the rows of an information schema to an estate."""

from collections.abc import Iterable, Mapping
from typing import Any

from tiffin.capabilities.catalog.domain.estate.found import (
    Estate,
    OutsideAsset,
    OutsideColumn,
    OutsideKind,
    OutsidePermission,
)
from tiffin.kernel.errors import InvalidData

COLUMNS = ("table_schema", "table_name", "table_type", "column_name", "data_type", "table_comment", "column_comment")
"""What a row of columns may say; schema, table and column are needed."""

PRIVILEGES = ("table_schema", "table_name", "grantee", "privilege_type")
"""What a row of permissions says."""


def read_schema(rows: Iterable[Mapping[str, Any]], privileges: Iterable[Mapping[str, Any]] = ()) -> Estate:
    """Read tables from the rows of their columns, and who may do what with them.

    Parameters
    ----------
    rows : iterable of mapping
        One a column, by the names of `COLUMNS`.
    privileges : iterable of mapping
        One a permission, by the names of `PRIVILEGES`.

    Raises
    ------
    InvalidData
        A row does not say schema, table or column.
    """
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if not all(row.get(name) for name in ("table_schema", "table_name", "column_name")):
            raise InvalidData(f"Each row needs table_schema, table_name and column_name; found {dict(row)}.")
        tables.setdefault(_key(row), []).append(row)
    assets = tuple(_asset(key, found) for key, found in tables.items())
    permissions = {
        OutsidePermission(_key(row), str(row["grantee"]), str(row["privilege_type"]).upper())
        for row in privileges
        if _key(row) in tables
    }
    ordered = sorted(permissions, key=lambda one: (one.key, one.grantee, one.privilege))
    return Estate(assets, permissions=tuple(ordered))


def _asset(key: str, rows: list[Mapping[str, Any]]) -> OutsideAsset:
    first = rows[0]
    is_view = "VIEW" in str(first.get("table_type") or "").upper()
    return OutsideAsset(
        key=key,
        kind=OutsideKind.VIEW if is_view else OutsideKind.TABLE,
        name=str(first["table_name"]),
        relation=key,
        description=str(first.get("table_comment") or ""),
        columns=tuple(
            OutsideColumn(
                str(row["column_name"]), str(row.get("data_type") or ""), str(row.get("column_comment") or "")
            )
            for row in rows
        ),
    )


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['table_schema']}.{row['table_name']}".casefold()
