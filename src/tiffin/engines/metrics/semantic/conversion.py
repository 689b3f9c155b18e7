"""Conversions: events that follow others of the same entity within a time, credited to the latest of them."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from tiffin.engines.metrics.semantic.aggregates import direct
from tiffin.engines.metrics.semantic.manifest import Conversion
from tiffin.engines.metrics.semantic.measures import MeasureSql, Wanted, filtered, grouped, keys_of
from tiffin.engines.metrics.semantic.naming import Ref
from tiffin.engines.metrics.semantic.scope import Scope, over
from tiffin.engines.metrics.semantic.times import interval
from tiffin.kernel.errors import WrongUse


def conversions(base: MeasureSql, converted: MeasureSql, conversion: Conversion, wanted: Wanted) -> str:
    """Write the converted events for a request: each counts once, for the group of the latest event before it.

    Raises
    ------
    WrongUse
        The request moves the metric in time, which is not done for conversions.
    """
    if wanted.offsets:
        raise WrongUse("A conversion metric is not moved in time.")
    scope, other = base.scope(), converted.scope()
    keys = keys_of(len(wanted.refs))
    pairs = list(conversion.constants)
    columns = [f"{scope.column(ref)} AS {key}" for ref, key in zip(wanted.refs, keys, strict=True)]
    columns += [f"{_own(scope, conversion.entity)} AS e", f"CAST({scope.own_time()} AS TIMESTAMP) AS t"]
    columns += [f"{_own(scope, first)} AS p{index}" for index, (first, _) in enumerate(pairs)]
    conditions = [item.written(scope.column) for item in wanted.filters]
    if wanted.between:
        conditions.append(wanted.between.written(scope.own_time()))
    before = f"SELECT {', '.join(columns)} FROM {scope.relation()}{filtered(conditions)}"
    columns = [f"{_own(other, conversion.entity)} AS e", f"CAST({other.own_time()} AS TIMESTAMP) AS t"]
    columns += [f"{_own(other, second)} AS p{index}" for index, (_, second) in enumerate(pairs)]
    columns += [f"{over('base', converted.measure.expr)} AS m", "ROW_NUMBER() OVER (ORDER BY 1) AS n"]
    after = f"SELECT {', '.join(columns)} FROM {other.relation()}"
    on = ["b.e = a.e", "b.t <= a.t", *(f"b.p{index} = a.p{index}" for index in range(len(pairs)))]
    if conversion.window:
        on.append(f"b.t > a.t - {interval(conversion.window)}")
    latest = "ROW_NUMBER() OVER (PARTITION BY a.n ORDER BY b.t DESC) AS latest"
    picked = ", ".join([*(f"b.{key} AS {key}" for key in keys), "a.m AS m", latest])
    pairing = f"SELECT {picked} FROM ({before}) AS b JOIN ({after}) AS a ON {' AND '.join(on)}"
    value = direct(converted.measure, "m")
    return f"SELECT {', '.join([*keys, f'{value} AS v'])} FROM ({pairing}) AS pairs WHERE latest = 1{grouped(keys)}"


def _own(scope: Scope, name: str) -> str:
    model = scope.model
    if name in model.entities:
        return scope.column(Ref((), name))
    if name in model.dimensions:
        return over("base", model.dimensions[name].expr)
    raise WrongUse(f"{model.name} has neither an entity nor a dimension {name}, by which a conversion is told.")
