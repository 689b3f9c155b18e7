"""Roll-ups of a workspace: building them, listing and proving them."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.offering import merging_of, shelf_of
from tiffin.capabilities.metrics.service.rollup_planning import plan_rollups
from tiffin.engines.metrics.rollups import Rollup
from tiffin.kernel.errors import Forbidden
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.warehouse.refreshing import quarantine, refresh
from tiffin.runtime.warehouse.rollups import Kept, Shelf
from tiffin.runtime.warehouse.summing import Told
from tiffin.runtime.warehouse.verifying import compare

HEADLINE = mark(
    "The roll-up {rollup} differs from the facts that it stands for. It is not used until it is built anew."
)

Progress = Callable[[str], None]
"""Told the name of each source or roll-up before it is worked on."""


@dataclass(frozen=True, slots=True)
class RollupState:
    """A roll-up that is there.

    Parameters
    ----------
    facts_version : int or None
        Version of its facts' table now; the roll-up is used where it stands for the version that is asked for.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    rows: int
    stands_for: int | None
    facts_version: int | None
    quarantined: str
    built_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What comparing a roll-up with its facts found.

    Parameters
    ----------
    differing : int
        Rows that differ, are missing or are too many.
    """

    name: str
    differing: int
    first: str


def build_rollups(
    context: Context,
    *,
    values: int | None = None,
    anew: bool = False,
    progress: Progress = lambda _name: None,
    told: Told = lambda _share: None,
) -> tuple[RollupState, ...]:
    """Build the roll-ups of the plan that are missing, behind or quarantined, and remove those it has no room for.

    Parameters
    ----------
    anew : bool
        Add up everything again, also for roll-ups that stand.
    progress : Progress
        Told the name of each source before its facts are added up.
    told : Told
        Called with the share of all facts that was added up since the last call.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    """
    _require_steward(context)
    shelf = shelf_of(context.workspace)
    planned = {plan.rollup.name: plan.rollup for plan in plan_rollups(context, values=values)}
    sources: dict[str, list[Rollup]] = {}
    for rollup in planned.values():
        sources.setdefault(rollup.source, []).append(rollup)
    sizes = {name: _rows(shelf, together[0].table) for name, together in sources.items()}
    for name, together in sources.items():
        progress(name)
        refresh(shelf, together, now=context.now, anew=anew, told=_part_of(told, sizes[name] / sum(sizes.values())))
    removed = [name for name in shelf.names() if name not in planned]
    for name in removed:
        shutil.rmtree(shelf.store.location(name), ignore_errors=True)
    details = {"built": sorted(planned), "removed": removed}
    audit.record(context, action="rollups_built", subject="rollups", details=details)
    return list_rollups(context)


def are_due(context: Context, *, rows: int) -> bool:
    """Tell whether facts of so many rows wait for their first roll-ups, and the actor may build them."""
    workspace = context.workspace
    if not workspace.config.get("rollups", {}).get("use", True) or not context.actor.has_role_everywhere(Role.STEWARD):
        return False
    lacking = shelf_of(workspace).lacking(rows)
    model = library_of(workspace).model if lacking else None
    return model is not None and any(
        found.source.table in lacking and merging_of(model).rollup(name) for name, found in model.sources.items()
    )


def list_rollups(context: Context) -> tuple[RollupState, ...]:
    """List the roll-ups of the workspace."""
    shelf = shelf_of(context.workspace)
    return tuple(_state(shelf, kept) for kept in shelf.kept())


def verify_rollups(context: Context, *, progress: Progress = lambda _name: None) -> tuple[Proof, ...]:
    """Add up the facts anew and compare every roll-up with them; one that differs is quarantined.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    """
    _require_steward(context)
    shelf = shelf_of(context.workspace)
    proofs = []
    for kept in shelf.kept():
        if kept.stands_for is None:
            continue
        progress(kept.rollup.name)
        found = compare(shelf, kept)
        proofs.append(Proof(kept.rollup.name, found.rows, found.first))
        if found.rows:
            report_difference(context, kept.rollup.name, {"rows": found.rows, "first": found.first})
    return tuple(proofs)


def report_difference(context: Context, name: str, details: Mapping[str, object]) -> None:
    """Quarantine a roll-up that differs from its facts, and open a data incident for somebody to look into."""
    # Cases are opened hardly ever, and answers shall not wait for their import.
    from tiffin.capabilities.cases.domain.case import NewCase  # noqa: PLC0415 - for the reason above
    from tiffin.capabilities.cases.service import open_case  # noqa: PLC0415 - the same

    shelf = shelf_of(context.workspace)
    quarantine(shelf, name, reason="differs from its facts", details=details, now=context.now)
    audit.record(context, action="rollup_quarantined", subject=name, details=details)
    kept = shelf.newest(name)
    key = f"rollup|{name}|{kept.version if kept else ''}"
    open_case(context, NewCase("data_incident", key, HEADLINE, {"rollup": name}, subject=name))


def _part_of(told: Told, part: float) -> Told:
    return lambda share: told(share * part)


def _rows(shelf: Shelf, table: str) -> int:
    facts = shelf.facts.snapshot(table)
    return (facts.rows or 1) if facts else 1


def _state(shelf: Shelf, kept: Kept) -> RollupState:
    rollup = kept.rollup
    return RollupState(
        name=rollup.name,
        source=rollup.source,
        columns=rollup.columns,
        rows=kept.rows,
        stands_for=kept.stands_for,
        facts_version=shelf.facts.version(rollup.table),
        quarantined=kept.quarantined,
        built_at=kept.at,
    )


def _require_steward(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"{context.actor.name} may not build or verify roll-ups: that takes the role steward for all cities. "
            "Ask an administrator for it."
        )
