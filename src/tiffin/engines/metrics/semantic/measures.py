"""The SQL of one measure for a request: plain, semi-additive, moved in time, over a window, with empty periods shown.

Every relation made here has the columns ``k0``, ``k1`` … (the request's names in order) and ``v`` (the value).
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from dataclasses import dataclass, replace

from tiffin.engines.metrics.semantic.aggregates import direct, in_steps
from tiffin.engines.metrics.semantic.manifest import Dimension, Manifest, Measure, MeasureUse, Window
from tiffin.engines.metrics.semantic.naming import Filter, Named, Ref
from tiffin.engines.metrics.semantic.scope import MetricRelation, Scope, over, quoted, table_sql, trunc
from tiffin.engines.metrics.semantic.times import Between, Offset, custom_length, interval, shifted_by
from tiffin.kernel.errors import WrongUse

_PERIODS = {"first": "ARG_MIN(v, s)", "last": "ARG_MAX(v, s)", "average": "AVG(v)"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a measure."""

    refs: tuple[Ref, ...]
    filters: tuple[Filter, ...] = ()
    offsets: tuple[Offset, ...] = ()
    between: Between | None = None


def keys_of(count: int) -> list[str]:
    """Name the key columns of a relation."""
    return [f"k{index}" for index in range(count)]


def grouped(keys: list[str]) -> str:
    """Group by the first columns."""
    return f" GROUP BY {', '.join(str(index + 1) for index in range(len(keys)))}" if keys else ""


def filtered(conditions: list[str]) -> str:
    """Write conditions that all hold."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


class MeasureSql:
    """Writes one measure of a manifest."""

    def __init__(self, manifest: Manifest, metric: MetricRelation, use: MeasureUse) -> None:
        self._manifest = manifest
        self._metric = metric
        self._use = use
        if use.name not in manifest.owners:
            raise WrongUse(f"There is no measure {use.name}.")
        self.model = manifest.models[manifest.owners[use.name]]
        self.measure: Measure = self.model.measures[use.name]
        self.time: Dimension | None = self.model.dimensions.get(self.measure.time or "")

    @property
    def grain(self) -> str:
        """The grain at which the measure's time is recorded."""
        return (self.time.grain if self.time else None) or "day"

    def scope(self) -> Scope:
        """Give the measure's rows."""
        return Scope(self._manifest, self.model, self.time, self._metric)

    def written(self, wanted: Wanted, window: Window | None = None) -> str:
        """Write the measure for a request."""
        times = [index for index, ref in enumerate(wanted.refs) if self.scope().is_own_time(ref)]
        if wanted.offsets and not times:
            raise WrongUse(f"{self.measure.name} is moved in time, which needs {self.measure.time} in the request.")
        if window and not times:
            if window.length or window.to_grain:
                raise WrongUse(f"{self.measure.name} counts over a window, which needs metric_time in the request.")
            window = None
        if window or wanted.offsets:
            sql = self._over_spine(wanted, window, times)
        elif self.measure.semi_additive:
            sql = self._semi_additive(wanted)
        else:
            sql = self._plain(wanted)
        if self._use.is_on_spine and times:
            sql = self._with_empty_periods(sql, wanted, times)
        if self._use.fill is not None:
            keys = keys_of(len(wanted.refs))
            sql = f"SELECT {', '.join([*keys, f'COALESCE(v, {float(self._use.fill):g}) AS v'])} FROM ({sql}) AS filled"
        return sql

    def _plain(self, wanted: Wanted) -> str:
        scope = self.scope()
        keys = keys_of(len(wanted.refs))
        columns = [f"{scope.column(ref)} AS {key}" for ref, key in zip(wanted.refs, keys, strict=True)]
        where = filtered(self._conditions(scope, wanted))
        columns.append(f"{direct(self.measure, over('base', self.measure.expr))} AS v")
        return f"SELECT {', '.join(columns)} FROM {scope.relation()}{where}{grouped(keys)}"

    def _conditions(self, scope: Scope, wanted: Wanted) -> list[str]:
        conditions = [item.written(scope.column) for item in wanted.filters]
        if wanted.between:
            conditions.append(wanted.between.written(trunc(self.grain, scope.own_time())))
        return conditions

    def _semi_additive(self, wanted: Wanted) -> str:
        edge = self.measure.semi_additive
        if edge is None:
            raise WrongUse(f"{self.measure.name} is no snapshot.")
        scope = self.scope()
        keys = keys_of(len(wanted.refs))
        columns = [f"{scope.column(ref)} AS {key}" for ref, key in zip(wanted.refs, keys, strict=True)]
        within = [over("base", self.model.entities[name].expr) for name in edge.groupings]
        within += [scope.column(ref) for ref in wanted.refs if scope.is_own_time(ref)]
        time = over("base", self.model.dimensions[edge.dimension].expr)
        partition = f"PARTITION BY {', '.join(within)}" if within else ""
        columns += [f"{over('base', self.measure.expr)} AS m", f"{time} AS t"]
        columns.append(f"{'MIN' if edge.choice.lower() == 'min' else 'MAX'}({time}) OVER ({partition}) AS edge")
        conditions = self._conditions(scope, wanted)
        inner = f"SELECT {', '.join(columns)} FROM {scope.relation()}"
        value = direct(self.measure, "m")
        return (
            f"SELECT {', '.join([*keys, f'{value} AS v'])} FROM ({inner}{filtered(conditions)}) AS snapshot "
            f"WHERE t = edge{grouped(keys)}"
        )

    def _spine(self) -> str:
        """Write every period of the measure's own grain, once each, as ``s``."""
        spine = self._manifest.spine_for(self.grain)
        if spine.grain == self.grain:
            return f"(SELECT {quoted(spine.column)} AS s FROM {table_sql(spine.table)})"
        return f"(SELECT DISTINCT {trunc(self.grain, quoted(spine.column))} AS s FROM {table_sql(spine.table)})"

    def _moments(self, offsets: tuple[Offset, ...]) -> tuple[str, str]:
        """Write the moments ``s.s`` of the answer, and the moment of the rows that count for each."""
        custom = [found for offset in offsets if (found := custom_length(offset.length, self._manifest))]
        if custom:
            if len(offsets) > 1:
                raise WrongUse(f"A move by periods of an own calendar ({offsets}) stands alone.")
            return shifted_by(*custom[0]), "s.t"
        moved = "s.s"
        for offset in offsets:
            moved = offset.moved(moved)
        return self._spine(), moved

    def _days(self, wanted: Wanted) -> tuple[str, dict[Ref, str], list[Filter], str]:
        """Add rows up by the measure's own time; give the relation, its columns, filters left over, and the value."""
        if self.measure.semi_additive:
            raise WrongUse(f"{self.measure.name} is a snapshot, neither moved in time nor added up over a window.")
        scope = self.scope()
        early = [item for item in wanted.filters if not any(map(scope.is_own_time, item.refs))]
        late = [item for item in wanted.filters if item not in early]
        carried = dict.fromkeys(ref for ref in wanted.refs if not scope.is_own_time(ref))
        carried.update(dict.fromkeys(ref for item in late for ref in item.refs if not scope.is_own_time(ref)))
        names = {ref: f"r.d{index}" for index, ref in enumerate(carried)}
        steps = in_steps(self.measure, over("base", self.measure.expr))
        groups = [trunc(self.grain, scope.own_time()), *(scope.column(ref) for ref in carried)]
        columns = [f"{groups[0]} AS t", *(f"{sql} AS d{index}" for index, sql in enumerate(groups[1:]))]
        conditions = [item.written(scope.column) for item in early]
        kept = [*columns, *steps.columns]
        grouping = grouped(kept[: len(columns) + steps.values_kept]) if steps.is_grouped else ""
        sql = f"SELECT {', '.join(kept)} FROM {scope.relation()}{filtered(conditions)}{grouping}"
        return sql, names, late, steps.final

    def _over_spine(self, wanted: Wanted, window: Window | None, times: list[int]) -> str:
        days, names, late, final = self._days(wanted)
        after = self.scope()

        def column(named: Named) -> str:
            if not isinstance(named, Ref):
                raise WrongUse("A filter that compares a metric and a time at once is not moved in time.")
            return after.at_grain("s.s", named, self.grain) if after.is_own_time(named) else names[named]

        spine, moved = self._moments(wanted.offsets)
        conditions = [item.written(column) for item in late]
        conditions += self._limits(wanted, window, moved, [wanted.refs[index] for index in times])
        is_refined = window is not None and any(self._is_coarser(wanted.refs[index]) for index in times)
        keys = keys_of(len(wanted.refs))
        selected = [f"{column(ref)} AS {key}" for ref, key in zip(wanted.refs, keys, strict=True)]
        selected += ["s.s AS s"] if is_refined else []
        sql = (
            f"SELECT {', '.join([*selected, f'{final} AS v'])} FROM {spine} AS s "
            f"JOIN ({days}) AS r ON {_counted(moved, window)} {' '.join(after.clauses)}"
            f"{filtered(conditions)}{grouped(selected)}"
        )
        if window is None or not is_refined:
            return sql
        if window.period not in _PERIODS:
            raise WrongUse(f"A coarser period takes one of {', '.join(_PERIODS)} of its windows, not {window.period}.")
        columns = [*keys, f"{_PERIODS[window.period]} AS v"]
        return f"SELECT {', '.join(columns)} FROM ({sql}) AS moments{grouped(keys)}"

    def _limits(self, wanted: Wanted, window: Window | None, moved: str, times: list[Ref]) -> list[str]:
        """Write which moments of the spine count."""
        limits = [wanted.between.written("s.s")] if wanted.between else []
        if wanted.between and window and wanted.offsets:
            # The layers that are imported ask the window itself for these moments only, before it is moved.
            limits.append(wanted.between.written(moved))
        if any(offset.to_grain for offset in wanted.offsets) and any(map(self._is_coarser, times)):
            beginnings = [f"{trunc(ref.grain or self.grain, 's.s')} = s.s" for ref in times]
            limits.append(f"({' OR '.join(beginnings)})")
        return limits

    def _is_coarser(self, ref: Ref) -> bool:
        return ref.part is not None or (ref.grain or self.grain) != self.grain

    def _with_empty_periods(self, sql: str, wanted: Wanted, times: list[int]) -> str:
        after = self.scope()
        columns = [f"{after.at_grain('s.s', wanted.refs[index], self.grain)} AS k{index}" for index in times]
        spoken = [item for item in wanted.filters if item.refs and all(map(after.is_own_time, item.refs))]
        own: dict[Named, str] = {ref: after.at_grain("s.s", ref, self.grain) for item in spoken for ref in item.refs}
        conditions = [item.written(own.__getitem__) for item in spoken if len(item.refs) == len(item.named)]
        if wanted.between:
            conditions.append(wanted.between.written("s.s"))
        periods = f"SELECT DISTINCT {', '.join(columns)} FROM {self._spine()} AS s {' '.join(after.clauses)}"
        on = " AND ".join(f"p.k{index} = f.k{index}" for index in times)
        sides = ["p" if index in times else "f" for index in range(len(wanted.refs))]
        keys: dict[Named, str] = {ref: f"{sides[index]}.k{index}" for index, ref in enumerate(wanted.refs)}
        columns = [*(f"{key} AS k{index}" for index, key in enumerate(keys.values())), "f.v AS v"]
        shown = f"({periods}{filtered(conditions)}) AS p LEFT JOIN ({sql}) AS f ON {on}"
        again = [
            item.written(keys.__getitem__)
            for item in wanted.filters
            if item not in spoken and keys.keys() >= {*item.named}
        ]
        return f"SELECT {', '.join(columns)} FROM {shown}{filtered(again)}"


def _counted(moved: str, window: Window | None) -> str:
    """Write which days count for a moment."""
    if window is None:
        return f"r.t = {moved}"
    if window.to_grain:
        return f"r.t <= {moved} AND r.t >= {trunc(window.to_grain, moved)}"
    if window.length:
        return f"r.t <= {moved} AND r.t > {moved} - {interval(window.length)}"
    return f"r.t <= {moved}"


def with_filters(wanted: Wanted, filters: tuple[Filter, ...]) -> Wanted:
    """Add filters to what is wanted."""
    return replace(wanted, filters=(*wanted.filters, *filters)) if filters else wanted
