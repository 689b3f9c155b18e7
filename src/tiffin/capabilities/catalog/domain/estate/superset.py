"""From the export of a Superset dashboard or workspace to an estate."""

from collections.abc import Iterable, Iterator, Mapping
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

_FOLDERS = ("datasets", "charts", "dashboards")


def read_superset(files: Mapping[str, Any]) -> Estate:
    """Read the YAML files of an export.

    Parameters
    ----------
    files : mapping of str to plain values
        Content of each file by its path within the export.

    Raises
    ------
    InvalidData
        There is no dataset, chart or dashboard among them.
    """
    parts: dict[str, list[Mapping[str, Any]]] = {folder: [] for folder in _FOLDERS}
    for path, content in files.items():
        folder = next((name for name in _FOLDERS if f"/{name}/" in f"/{path}"), None)
        if folder and isinstance(content, Mapping):
            parts[folder].append(content)
    if not any(parts.values()):
        raise InvalidData(
            "A Superset export holds folders of datasets, charts and dashboards, and none was found. "
            "Export a dashboard anew."
        )
    skipped: list[str] = []
    assets: list[OutsideAsset] = []
    edges: list[OutsideEdge] = []
    for dataset in parts["datasets"]:
        assets += _dataset(dataset)
        edges += _read_by(dataset, skipped)
    for chart in parts["charts"]:
        assets.append(_asset(chart, OutsideKind.CHART, "slice_name"))
        edges.append(OutsideEdge(str(chart.get("dataset_uuid")), str(chart["uuid"])))
    for dashboard in parts["dashboards"]:
        assets.append(_asset(dashboard, OutsideKind.DASHBOARD, "dashboard_title"))
        edges += [OutsideEdge(chart, str(dashboard["uuid"])) for chart in _charts(dashboard)]
    return _whole(assets, edges, skipped)


def _whole(assets: Iterable[OutsideAsset], edges: Iterable[OutsideEdge], skipped: Iterable[str]) -> Estate:
    known = {asset.key: asset for asset in assets}
    edges = [edge for edge in dict.fromkeys(edges) if edge.downstream in known]
    for edge in edges:  # tables that a dataset reads are named by it alone
        if edge.upstream not in known and "." in edge.upstream:
            name = edge.upstream.rpartition(".")[2]
            known[edge.upstream] = OutsideAsset(edge.upstream, OutsideKind.TABLE, name, edge.upstream)
    return Estate(tuple(known.values()), tuple(e for e in edges if e.upstream in known), skipped=tuple(skipped))


def _dataset(own: Mapping[str, Any]) -> Iterator[OutsideAsset]:
    columns = tuple(
        OutsideColumn(
            str(one["column_name"]),
            str(one.get("type") or ""),
            str(one.get("description") or one.get("verbose_name") or ""),
        )
        for one in own.get("columns") or ()
    )
    is_view = bool(str(own.get("sql") or "").strip())
    yield OutsideAsset(
        key=str(own["uuid"]),
        kind=OutsideKind.VIEW if is_view else OutsideKind.TABLE,
        name=str(own["table_name"]),
        relation="" if is_view else _relation(own),
        description=str(own.get("description") or ""),
        owner=_certified_by(own),
        columns=columns,
    )
    for metric in own.get("metrics") or ():
        yield OutsideAsset(
            key=f"{own['uuid']}/{metric['metric_name']}",
            kind=OutsideKind.METRIC,
            name=str(metric.get("verbose_name") or metric["metric_name"]),
            description=str(metric.get("description") or metric.get("expression") or ""),
        )


def _read_by(own: Mapping[str, Any], skipped: list[str]) -> Iterator[OutsideEdge]:
    for metric in own.get("metrics") or ():
        yield OutsideEdge(str(own["uuid"]), f"{own['uuid']}/{metric['metric_name']}")
    sql = str(own.get("sql") or "").strip()
    if not sql:
        return
    try:
        reads = read_statements(sql, "")
    except InvalidData as error:
        skipped.append(f"{own['table_name']}: {error}")
        return
    for read in reads:
        for table in read.tables:
            pairs = tuple((column, made) for of, column, made in read.columns if of == table)
            yield OutsideEdge(table if "." in table else f"{own.get('schema') or ''}.{table}", str(own["uuid"]), pairs)


def _charts(dashboard: Mapping[str, Any]) -> Iterator[str]:
    for placed in (dashboard.get("position") or {}).values():
        if isinstance(placed, Mapping) and placed.get("type") == "CHART":
            uuid = (placed.get("meta") or {}).get("uuid")
            if uuid:
                yield str(uuid)


def _asset(own: Mapping[str, Any], kind: OutsideKind, name: str) -> OutsideAsset:
    return OutsideAsset(
        key=str(own["uuid"]),
        kind=kind,
        name=str(own.get(name) or own["uuid"]),
        description=str(own.get("description") or ""),
        owner=_certified_by(own),
        tags=tuple(str(tag) for tag in own.get("tags") or ()),
    )


def _certified_by(own: Mapping[str, Any]) -> str:
    return str(own.get("certified_by") or "")


def _relation(own: Mapping[str, Any]) -> str:
    return f"{own.get('schema') or ''}.{own['table_name']}".strip(".").casefold()
