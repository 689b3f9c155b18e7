"""Contracts of the fact tables: read, compared, and handed to others with all that a consumer needs."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select

from tiffin.capabilities.catalog.service import require_grant
from tiffin.capabilities.catalog.service.lineage import estate_of
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.contracts.changes import Change, Severity
from tiffin.engines.contracts.document import contract_of, document_of
from tiffin.engines.contracts.standard import Contract
from tiffin.engines.metrics.definitions import Metric
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import VersionState
from tiffin.runtime.contracts.form import check_document, export_contract, import_contract
from tiffin.runtime.contracts.reading import CONTRACTS_FOLDER
from tiffin.runtime.contracts.records import ContractVersion

_SHOWN = (AssetKind.METRIC, AssetKind.TILE, AssetKind.DASHBOARD, AssetKind.REPORT, AssetKind.ALERT, AssetKind.QUESTION)


def need_table(table: str) -> None:
    """Refuse a name that is no fact table's.

    Raises
    ------
    NotFound
        There is no such table.
    """
    if table not in TABLES:
        raise NotFound(
            Message(
                "There is no fact table {table}. There are: {known}.",
                table=repr(table),
                known=", ".join(sorted(TABLES)),
            )
        )


def shipped_text(table: str) -> str:
    """Give a table's contract as this code carries it."""
    need_table(table)
    return (CONTRACTS_FOLDER / f"{table}.yaml").read_text(encoding="utf-8")


def contract_in_force(context: Context, table: str) -> Contract:
    """Give the contract that holds for a table here: the registered one that is in force, else the one of this code.

    Raises
    ------
    NotFound
        There is no such table.
    Forbidden
        The actor has no grant.
    """
    require_grant(context)
    need_table(table)
    wanted = select(ContractVersion.document).where(
        ContractVersion.table == table, ContractVersion.state == VersionState.IN_FORCE.value
    )
    return import_contract(context.session.scalar(wanted) or shipped_text(table), table)


def export_table(context: Context, table: str) -> str:
    """Write a table's contract as others need it: with the place to read from, and what its metrics promise of it.

    Raises
    ------
    NotFound
        There is no such table.
    Forbidden
        The actor has no grant.
    """
    document = document_of(contract_in_force(context, table))
    known = {server.get("server") for server in document.get("servers", ())}
    if "workspace" not in known:
        place = {
            "server": "workspace",
            "type": "local",
            "path": str(context.workspace.tables / table),
            "format": "delta",
        }
        document["servers"] = [*document.get("servers", ()), place]
    document["slaProperties"] = [*document.get("slaProperties", ()), *_promises(context, table)]
    schema = document["schema"][0]
    key = ", ".join(TABLES[table].key)
    unique = {
        "name": "key_is_unique",
        "type": "library",
        "metric": "duplicateValues",
        "arguments": {"properties": list(TABLES[table].key)},
        "mustBe": 0,
        "dimension": "uniqueness",
        "description": f"No two rows bear the same {key}.",
    }
    schema["quality"] = [*schema.get("quality", ()), unique]
    check_document(document, table)
    return export_contract(contract_of(document))


def _promises(context: Context, table: str) -> Iterator[dict[str, object]]:
    """Give what certified metrics that read the table promise: the hardest promise of each kind, with who makes it."""
    promised = [one for one in _readers(context, table) if one.targets is not None]
    wanted = (
        ("timeOfAvailability", "ready_by", None),
        ("agreement", "agrees_within", "share"),
        ("settlement", "settled_within", "share"),
    )
    for name, target, unit in wanted:
        found = {one.name: getattr(one.targets, target) for one in promised if getattr(one.targets, target) is not None}
        if found:
            hardest = min(found.values())
            metrics = ", ".join(sorted(name for name, value in found.items() if value == hardest))
            stated = {"property": name, "value": hardest, "element": table, "driver": "operational"}
            yield stated | ({"unit": unit} if unit else {}) | {"description": f"Promised by the metrics {metrics}."}


def _readers(context: Context, table: str) -> tuple[Metric, ...]:
    model = library_of(context.workspace).model
    graph = estate_of(context).graph
    reached = graph.downstream(AssetId(AssetKind.TABLE, table))
    names = [one.asset.name for one in reached if one.asset.kind is AssetKind.METRIC]
    return tuple(model.metrics[name] for name in names if name in model.metrics)


def touched_by(
    context: Context, changes: Iterable[Change], table: str | None = None
) -> Mapping[str, tuple[AssetId, ...]]:
    """Tell, by the path of each change that is not safe, what stands on it, as far as the actor may know.

    Parameters
    ----------
    table : str or None
        The table of which changes of the whole contract are told.
    """
    estate = estate_of(context)
    found: dict[str, tuple[AssetId, ...]] = {}
    for change in changes:
        start = subject_of(change, table)
        if change.severity is not Severity.SAFE and start is not None and start in estate.graph:
            reached = (one.asset for one in estate.graph.downstream(start))
            found[change.path] = tuple(one for one in reached if one.kind in _SHOWN and one not in estate.hidden)
    return found


def subject_of(change: Change, table: str | None = None) -> AssetId | None:
    """Name what of the data a change is about: a column, a table, or nothing that is known."""
    name = change.table or table
    if name is None:
        return None
    if change.column is not None:
        return AssetId(AssetKind.COLUMN, f"{name}.{change.column}")
    return AssetId(AssetKind.TABLE, name)
