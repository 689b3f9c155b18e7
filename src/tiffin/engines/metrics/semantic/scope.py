"""One table with what it is joined to, giving the SQL of each name that can be reached from it."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.semantic.manifest import GRAINS, Dimension, Entity, Manifest, SemanticModel
from tiffin.engines.metrics.semantic.naming import DIALECT, MetricRef, Named, Ref
from tiffin.kernel.errors import WrongUse

BASE = "base"
MAX_HOPS = 3

PARTS = {name: name for name in ("day", "doy", "month", "quarter", "year")} | {"dow": "isodow"}
"""Parts of a date by which rows can be grouped over the years; days of the week begin with Monday, which is 1."""

MetricRelation = Callable[[MetricRef], str]
"""Gives the SQL of a metric by entities: columns ``k0``, ``k1`` … and ``v``."""


Hops = tuple[tuple[str, SemanticModel], ...]
"""Entities with the models that they lead to."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a name is reached: entities with the models that they lead to, and what stands there."""

    hops: Hops
    target: Dimension | Entity


def quoted(name: str) -> str:
    """Quote an identifier."""
    return exp.to_identifier(name, quoted=True).sql(DIALECT)


def table_sql(name: str) -> str:
    """Quote a table's name."""
    return ".".join(quoted(part) for part in name.split("."))


def over(alias: str, expr: str) -> str:
    """Write an expression over the columns of one table."""
    tree = sqlglot.parse_one(expr, dialect=DIALECT)
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier(alias))
        column.set("this", exp.to_identifier(column.name, quoted=True))
    sql = tree.sql(DIALECT)
    return sql if isinstance(tree, exp.Column | exp.Literal) else f"({sql})"


def trunc(grain: str, sql: str) -> str:
    """Write the beginning of the period of a grain in which a time lies.

    Raises
    ------
    WrongUse
        The grain is none of the standard ones.
    """
    if grain not in GRAINS:
        raise WrongUse(f"A standard grain of time was expected ({', '.join(GRAINS)}), and {grain!r} was found.")
    return f"DATE_TRUNC('{grain}', CAST({sql} AS TIMESTAMP))"


def route_to(manifest: Manifest, model: SemanticModel, ref: Ref) -> Route | None:
    """Find the shortest way from a model to a name; None where there is none."""
    own = _own(model, ref.path, ref.name)
    if own:
        return Route((), own)
    ways: list[tuple[Hops, SemanticModel]] = [((), model)]
    for entity in ref.path[:MAX_HOPS]:
        ways = [way for hops, here in ways for way in _onward(manifest, hops, here, entity)]
    for hops, there in ways if len(ref.path) <= MAX_HOPS else ():
        target = there.dimensions.get(ref.name) or there.entities.get(ref.name)
        if target and ref.path:
            return Route(hops, target)
    return None


def _onward(manifest: Manifest, hops: Hops, here: SemanticModel, entity: str) -> list[tuple[Hops, SemanticModel]]:
    """Give the models to which an entity leads: those that it keys, and this one where it names its rows."""
    found: list[tuple[Hops, SemanticModel]] = [(hops, here)] if entity == here.primary else []
    if entity in here.entities:
        found += [((*hops, (entity, there)), there) for there in _keyed(manifest, here, entity)]
    return found


def _own(model: SemanticModel, path: tuple[str, ...], name: str) -> Dimension | Entity | None:
    if not path:
        return model.entities.get(name)
    if path == (model.primary,):
        return model.dimensions.get(name) or model.entities.get(name)
    return None


def _keyed(manifest: Manifest, here: SemanticModel, entity: str) -> list[SemanticModel]:
    """Give the models in which an entity names at most one row (at a time)."""
    found = []
    for model in manifest.models.values():
        own = model.entities.get(entity)
        if model is here or own is None:
            continue
        if own.type in ("primary", "unique") or (own.type == "natural" and model.validity):
            found.append(model)
    return found


class Scope:
    """The rows of a model, joined as far as the names need it.

    Parameters
    ----------
    time : Dimension or None
        What ``metric_time`` means here.
    join : str
        How other tables are joined: LEFT JOIN keeps this model's rows, FULL OUTER JOIN all values of dimensions.
    """

    def __init__(
        self,
        manifest: Manifest,
        model: SemanticModel,
        time: Dimension | None,
        metric: MetricRelation,
        *,
        join: str = "LEFT JOIN",
    ) -> None:
        self.manifest = manifest
        self.model = model
        self.time = time
        self._metric = metric
        self._join = join
        self._joined: dict[tuple[str, ...], str] = {}
        self._written: dict[Named, str] = {}
        self.clauses: list[str] = []

    def relation(self) -> str:
        """Write the table with its joins."""
        return " ".join([f"{table_sql(self.model.table)} AS {BASE}", *self.clauses])

    def is_own_time(self, ref: Ref) -> bool:
        """Tell whether a name is the time by which the metric counts."""
        own = self.time is not None and ref.path == (self.model.primary,) and ref.name == self.time.name
        return ref.is_metric_time or own

    def own_time(self) -> str:
        """Write the time by which the metric counts."""
        if self.time is None:
            raise WrongUse(f"{self.model.name} declares no time by which its measures count.")
        return over(BASE, self.time.expr)

    def column(self, named: Named) -> str:
        """Write what a name means."""
        if named not in self._written:
            self._written[named] = self._metric_column(named) if isinstance(named, MetricRef) else self._found(named)
        return self._written[named]

    def _found(self, ref: Ref) -> str:
        if self.is_own_time(ref) and self.time is not None:
            return self.at_grain(self.own_time(), ref, self.time.grain)
        route = route_to(self.manifest, self.model, ref)
        if route is None:
            raise WrongUse(f"{ref.column} cannot be reached from {self.model.name}.")
        sql = over(self._arrive(route), route.target.expr)
        grain = route.target.grain if isinstance(route.target, Dimension) else None
        if grain:
            return self.at_grain(sql, ref, grain)
        if ref.grain or ref.part:
            raise WrongUse(f"{ref.column} asks for a grain or part of {ref.name}, which is no time.")
        return sql

    def at_grain(self, sql: str, ref: Ref, own: str | None) -> str:
        """Write a time at the grain, or the part of it, that was asked for."""
        if ref.part:
            if ref.part not in PARTS:
                raise WrongUse(f"A part of a date was expected ({', '.join(PARTS)}), and {ref.part!r} was found.")
            return f"EXTRACT({PARTS[ref.part]} FROM CAST({sql} AS TIMESTAMP))"
        grain = ref.grain or own or "day"
        if grain in self.manifest.custom_grains:
            spine, column = self.manifest.custom_grains[grain]
            alias = f"c{len(self.clauses)}"
            condition = f"{trunc(spine.grain, sql)} = {alias}.{quoted(spine.column)}"
            self.clauses.append(f"LEFT JOIN {table_sql(spine.table)} AS {alias} ON {condition}")
            return f"{alias}.{quoted(column)}"
        written = trunc(grain, sql)
        if own in GRAINS and GRAINS.index(grain) < GRAINS.index(own):
            raise WrongUse(f"{ref.column} asks for a finer grain than {own}, at which the time is recorded.")
        return written

    def _arrive(self, route: Route) -> str:
        """Join the tables on the way; each goal has a way of its own, as the layers that are imported mean it."""
        alias = BASE
        chain = [(BASE, self.model)]
        goal = tuple(f"{entity}/{there.name}" for entity, there in route.hops)
        for depth, (entity, there) in enumerate(route.hops):
            key = (*goal, str(depth))
            if key not in self._joined:
                self._joined[key] = f"j{len(self._joined)}"
                self.clauses.append(self._joining(chain, entity, there, self._joined[key]))
            alias = self._joined[key]
            chain.append((alias, there))
        return alias

    def _joining(self, chain: list[tuple[str, SemanticModel]], entity: str, there: SemanticModel, new: str) -> str:
        alias, here = chain[-1]
        on = [f"{over(alias, here.entities[entity].expr)} = {over(new, there.entities[entity].expr)}"]
        for partition in there.dimensions.values():
            if partition.is_partition:
                on += _same_partition(chain, partition, new)
        if there.validity:
            start, end = (over(new, item.expr) for item in there.validity)
            on.append(f"{self.own_time()} >= {start} AND ({self.own_time()} < {end} OR {end} IS NULL)")
        return f"{self._join} {table_sql(there.table)} AS {new} ON {' AND '.join(on)}"

    def _metric_column(self, named: MetricRef) -> str:
        alias = f"m{len(self.clauses)}"
        inner = self._metric(named)
        on = " AND ".join(f"{self.column(ref)} = {alias}.k{index}" for index, ref in enumerate(named.by))
        self.clauses.append(f"LEFT JOIN ({inner}) AS {alias} ON {on}")
        return f"{alias}.v"


def _same_partition(chain: list[tuple[str, SemanticModel]], partition: Dimension, new: str) -> list[str]:
    """Join only within the partition of the nearest table on the way that has it."""
    for alias, model in reversed(chain):
        own = model.dimensions.get(partition.name)
        if own and own.is_partition:
            return [f"{over(alias, own.expr)} = {over(new, partition.expr)}"]
    return []
