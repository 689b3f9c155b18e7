"""From a Metabase serialization export to an estate."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tiffin.capabilities.catalog.domain.estate.found import (
    Estate,
    OutsideAsset,
    OutsideColumn,
    OutsideEdge,
    OutsideKind,
)
from tiffin.capabilities.catalog.domain.estate.sql_reading import read_statements
from tiffin.kernel.errors import InvalidData

_TABLE_PATH = 2
"""A table is named by its database, schema and name; the last two are how queries call it."""


def read_metabase(files: Mapping[str, Any]) -> Estate:
    """Read the YAML files of an export.

    Parameters
    ----------
    files : mapping of str to plain values
        Content of each file by its path within the export.

    Raises
    ------
    InvalidData
        There is no table, question or dashboard among them.
    """
    models: dict[str, list[Mapping[str, Any]]] = {}
    for content in files.values():
        for meta in (content.get("serdes/meta") or [])[-1:] if isinstance(content, Mapping) else ():
            models.setdefault(str(meta.get("model")), []).append(content)
    if not models.keys() & {"Table", "Card", "Dashboard"}:
        raise InvalidData(
            "A Metabase export holds files of tables, cards or dashboards with `serdes/meta`, and none was found."
        )
    skipped: list[str] = []
    columns = _columns(models.get("Field", ()))
    assets = [_table(one, columns) for one in models.get("Table", ())]
    assets += [_card(one) for one in models.get("Card", ())]
    assets += [_asset(one, OutsideKind.DASHBOARD) for one in models.get("Dashboard", ())]
    edges = [edge for card in models.get("Card", ()) for edge in _read_by(card, skipped)]
    edges += [
        OutsideEdge(str(placed["card_id"]), str(one["entity_id"]))
        for one in models.get("Dashboard", ())
        for placed in one.get("dashcards") or ()
        if placed.get("card_id")
    ]
    known = {asset.key: asset for asset in assets}
    for edge in edges:  # a question may read tables that the export leaves out
        if edge.upstream not in known and "." in edge.upstream:
            name = edge.upstream.rpartition(".")[2]
            known[edge.upstream] = OutsideAsset(edge.upstream, OutsideKind.TABLE, name, edge.upstream)
    kept = tuple(edge for edge in dict.fromkeys(edges) if edge.upstream in known)
    return Estate(tuple(known.values()), kept, skipped=tuple(skipped))


def _table(own: Mapping[str, Any], columns: Mapping[str, list[OutsideColumn]]) -> OutsideAsset:
    key = f"{own.get('schema') or ''}.{own['name']}".strip(".").casefold()
    return OutsideAsset(
        key=key,
        kind=OutsideKind.TABLE,
        name=str(own.get("display_name") or own["name"]),
        relation=key,
        description=str(own.get("description") or ""),
        columns=tuple(columns.get(key, ())),
    )


def _columns(fields: Sequence[Mapping[str, Any]]) -> Mapping[str, list[OutsideColumn]]:
    found: dict[str, list[OutsideColumn]] = {}
    for field in fields:
        column = OutsideColumn(
            str(field["name"]), str(field.get("database_type") or ""), str(field.get("description") or "")
        )
        found.setdefault(_path(field.get("table_id") or ()), []).append(column)
    return found


def _card(own: Mapping[str, Any]) -> OutsideAsset:
    kind = {"model": OutsideKind.MODEL, "metric": OutsideKind.METRIC}.get(str(own.get("type")), OutsideKind.CHART)
    return _asset(own, kind)


def _asset(own: Mapping[str, Any], kind: OutsideKind) -> OutsideAsset:
    return OutsideAsset(
        key=str(own["entity_id"]),
        kind=kind,
        name=str(own.get("name") or own["entity_id"]),
        description=str(own.get("description") or ""),
        owner=str(own.get("creator_id") or ""),
    )


def _read_by(card: Mapping[str, Any], skipped: list[str]) -> Iterator[OutsideEdge]:
    asked = card.get("dataset_query") or {}
    key = str(card["entity_id"])
    if asked.get("type") == "native":
        sql = str((asked.get("native") or {}).get("query") or "")
        try:
            reads = read_statements(_without_fields(sql), "")
        except InvalidData as error:
            skipped.append(f"{card.get('name')}: {error}")
            return
        yield from (OutsideEdge(table, key) for read in reads for table in read.tables)
        return
    for source in _sources(asked.get("query") or {}):
        yield OutsideEdge(source, key)


def _sources(query: Mapping[str, Any]) -> Iterator[str]:
    """Name what a question of blocks reads: a table, another card, and what it joins."""
    for part in (query, *(query.get("joins") or ())):
        source = part.get("source-table")
        if isinstance(source, str):
            yield source.removeprefix("card__")
        elif source:
            yield _path(source)
    if isinstance(query.get("source-query"), Mapping):
        yield from _sources(query["source-query"])


def _path(named: Sequence[Any]) -> str:
    return ".".join(str(part) for part in named[-_TABLE_PATH:] if part).casefold()


def _without_fields(sql: str) -> str:
    """Put a value in the place of each variable, and leave out conditions that hang on one."""
    depth, kept = 0, []
    for mark in sql.replace("[[", "\0").replace("]]", "\1"):
        depth += (mark == "\0") - (mark == "\1")
        if not depth and mark not in "\0\1":
            kept.append(mark)
    text = "".join(kept)
    while "{{" in text and "}}" in text.partition("{{")[2]:
        before, _, rest = text.partition("{{")
        text = f"{before}NULL{rest.partition('}}')[2]}"
    return text
