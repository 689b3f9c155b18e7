"""From a dbt manifest and the results of its last run to an estate."""

from collections.abc import Iterable, Mapping
from typing import Any

from tiffin.capabilities.catalog.domain.estate.found import (
    Estate,
    OutsideAsset,
    OutsideColumn,
    OutsideEdge,
    OutsideKind,
)
from tiffin.kernel.errors import InvalidData

_KINDS = {
    "model": OutsideKind.MODEL,
    "snapshot": OutsideKind.MODEL,
    "seed": OutsideKind.TABLE,
    "source": OutsideKind.TABLE,
    "metric": OutsideKind.METRIC,
    "exposure": OutsideKind.REPORT,
}
_SHELVES = ("nodes", "sources", "exposures", "metrics")


def read_dbt(manifest: Mapping[str, Any], results: Mapping[str, Any] | None = None) -> Estate:
    """Read a manifest, and what the last run made of each node.

    Parameters
    ----------
    manifest : mapping
        The content of ``manifest.json``.
    results : mapping or None
        The content of ``run_results.json``.

    Raises
    ------
    InvalidData
        It is no dbt manifest.
    """
    if not isinstance(manifest.get("nodes"), Mapping):
        raise InvalidData("A dbt manifest has `nodes`, and this has none. Write one with `dbt parse` or `dbt compile`.")
    nodes = {key: node for shelf in _SHELVES for key, node in (manifest.get(shelf) or {}).items()}
    known = {key: node for key, node in nodes.items() if node.get("resource_type") in _KINDS}
    runs = {run["unique_id"]: run for run in (results or {}).get("results") or ()}
    checks = _checks(nodes, runs)
    owners = {name: _owner_of(group) for name, group in _groups(manifest).items()}
    assets = tuple(_asset(key, node, runs.get(key), checks.get(key, ()), owners) for key, node in known.items())
    edges = tuple(
        OutsideEdge(above, key) for key, node in known.items() for above in _depends_on(node) if above in known
    )
    return Estate(assets, edges)


def _asset(
    key: str,
    node: Mapping[str, Any],
    run: Mapping[str, Any] | None,
    checks: Iterable[str],
    owners: Mapping[str, str],
) -> OutsideAsset:
    listed = list(checks)
    meta = node.get("meta") or (node.get("config") or {}).get("meta") or {}
    owner = _owner_of(node) or str(meta.get("owner") or "") or owners.get(str(node.get("group") or ""), "")
    return OutsideAsset(
        key=key,
        kind=_KINDS[node["resource_type"]],
        name=str(node.get("label") or node["name"]),
        relation=_relation(node),
        description=str(node.get("description") or ""),
        owner=owner,
        tags=tuple(str(tag) for tag in node.get("tags") or ()),
        columns=tuple(
            OutsideColumn(
                str(one.get("name", name)), str(one.get("data_type") or ""), str(one.get("description") or "")
            )
            for name, one in (node.get("columns") or {}).items()
        ),
        passed=sum(status == "pass" for status in listed),
        failed=sum(status in ("fail", "error", "runtime error") for status in listed),
        last_run=_ended(run),
        address=str(node.get("url") or ""),
    )


def _relation(node: Mapping[str, Any]) -> str:
    if node["resource_type"] in ("exposure", "metric"):
        return ""
    table = node.get("alias") or node.get("identifier") or node["name"]
    return f"{node.get('schema', '')}.{table}".strip(".").casefold()


def _checks(nodes: Mapping[str, Any], runs: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """Give what became of the tests of each node; a test of several counts for the one that it is attached to."""
    found: dict[str, list[str]] = {}
    for key, node in nodes.items():
        if node.get("resource_type") == "test" and key in runs:
            for of in [node["attached_node"]] if node.get("attached_node") else _depends_on(node):
                found.setdefault(of, []).append(str(runs[key].get("status")))
    return found


def _depends_on(node: Mapping[str, Any]) -> list[str]:
    return list((node.get("depends_on") or {}).get("nodes") or ())


def _groups(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return {group["name"]: group for group in (manifest.get("groups") or {}).values()}


def _owner_of(node: Mapping[str, Any]) -> str:
    owner = node.get("owner") or {}
    return str(owner.get("name") or owner.get("email") or "") if isinstance(owner, Mapping) else str(owner)


def _ended(run: Mapping[str, Any] | None) -> str:
    ends = [str(part.get("completed_at") or "") for part in (run or {}).get("timing") or ()]
    return max(ends, default="")
