"""Requests without metrics: the combinations of values that names take."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from tiffin.engines.metrics.semantic.manifest import GRAINS, Manifest, SemanticModel, Spine
from tiffin.engines.metrics.semantic.measures import filtered, grouped, keys_of
from tiffin.engines.metrics.semantic.naming import Filter, Named, Ref
from tiffin.engines.metrics.semantic.scope import MetricRelation, Scope, quoted, route_to, table_sql
from tiffin.engines.metrics.semantic.times import Between
from tiffin.kernel.errors import WrongUse

_NOWHERE = SemanticModel("time spine", "", None, {}, {}, {})


def list_values(
    manifest: Manifest,
    refs: tuple[Ref, ...],
    filters: tuple[Filter, ...],
    between: Between | None,
    metric: MetricRelation,
    *,
    is_distinct: bool,
) -> str:
    """Write the combinations of values; every value of a joined table is kept, whether or not it meets another.

    Raises
    ------
    WrongUse
        No table reaches all names.
    """
    names = [*refs, *(ref for item in filters for ref in item.refs)]
    rest = [ref for ref in names if not ref.is_metric_time]
    model = _widest(manifest, rest) if rest else _NOWHERE
    scope = Scope(manifest, model, None, metric, join="FULL OUTER JOIN")
    times = [ref for ref in names if ref.is_metric_time]
    spine = _spine(manifest, times) if times or between else None

    def column(named: Named) -> str:
        if spine and isinstance(named, Ref) and named.is_metric_time:
            return scope.at_grain(f"sp.{quoted(spine.column)}", named, spine.grain)
        return scope.column(named)

    keys = keys_of(len(refs))
    columns = [f"{column(ref)} AS {key}" for ref, key in zip(refs, keys, strict=True)]
    conditions = [item.written(column) for item in filters]
    if spine and between:
        conditions.append(between.written(f"sp.{quoted(spine.column)}"))
    tables = [f"{table_sql(model.table)} AS base"] if model.table else []
    tables += [f"{table_sql(spine.table)} AS sp"] if spine else []
    relation = " ".join([" CROSS JOIN ".join(tables), *scope.clauses])
    return f"SELECT {', '.join(columns)} FROM {relation}{filtered(conditions)}{grouped(keys) if is_distinct else ''}"


def _spine(manifest: Manifest, times: list[Ref]) -> Spine:
    grains = [ref.grain if ref.grain in GRAINS else "day" for ref in times]
    return manifest.spine_for(min((str(grain) for grain in grains), key=GRAINS.index, default="day"))


def _widest(manifest: Manifest, refs: list[Ref]) -> SemanticModel:
    """Give the model that reaches all names over the fewest joins."""
    best: tuple[int, SemanticModel] | None = None
    for model in manifest.models.values():
        routes = [route_to(manifest, model, ref) for ref in refs]
        found = [route for route in routes if route]
        hops = len({(entity, there.name) for route in found for entity, there in route.hops})
        if len(found) == len(routes) and (best is None or hops < best[0]):
            best = (hops, model)
    if best is None:
        raise WrongUse(f"No table reaches all of {', '.join(ref.column for ref in refs)}.")
    return best[1]
