"""Metrics planted beside the shipped ones: the same under another name and text, and others that only look the same."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from tiffin.engines.metrics.definitions import Metric, Source, Unit
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Measure, Nested, Ratio
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.parsing import parse

COPIES = "copy_of_"
"""Prefix of the sources that are copied tables with renamed columns."""


@dataclass(frozen=True)
class PlantedMetric:
    """A planted metric: of which shipped one it is a duplicate, or which it only resembles."""

    metric: Metric
    base: str
    is_duplicate: bool
    way: str


class NotHereError(Exception):
    """A way of planting does not fit this metric."""


def renamed_column(name: str) -> str:
    """Name a column of a copied table."""
    return f"x_{name[::-1]}"


def copied_source(source: Source) -> Source:
    """Give a source over a copy of a table in which every column has another name."""
    return replace(source, name=COPIES + source.name, table=COPIES + source.table, joins=(), dimensions={})


def plant(model: Model, *, duplicates: int, others: int, seed: int) -> list[PlantedMetric]:
    """Plant metrics, each way in turn over metrics drawn by chance."""
    draw, names = random.Random(seed), sorted(model.metrics)  # noqa: S311 - no secret
    found: list[PlantedMetric] = []
    for ways, count, is_duplicate in ((SAME, duplicates, True), (OTHER, others, False)):
        made, turn = 0, 0
        while made < count:
            way = list(ways)[turn % len(ways)]
            turn += 1
            base = model.metrics[draw.choice(names)]
            try:
                formula = ways[way](base.version.formula, model, draw)
            except NotHereError:
                continue
            # Labels and meanings stay, so that those that are no copies have the very words of the original.
            unit = other_unit(base.unit) if way == "other unit" else base.unit
            version = replace(base.version, formula=formula)
            metric = replace(base, name=f"planted_{len(found)}", version=version, unit=unit)
            found.append(PlantedMetric(metric, base.name, is_duplicate, way))
            made += 1
    return found


def other_unit(unit: Unit) -> Unit:
    """Give what the value counts once it is multiplied by sixty."""
    return {Unit.MINUTES: Unit.HOURS, Unit.HOURS: Unit.MINUTES}.get(unit, unit)


Way = Callable[[Formula, Model, random.Random], Formula]


def _on_measure(change: Callable[[Measure, Model, random.Random], Measure | Formula]) -> Way:
    def way(formula: Formula, model: Model, draw: random.Random) -> Formula:
        if isinstance(formula, Measure):
            return change(formula, model, draw)
        if isinstance(formula, Ratio):
            sides = [side for side in ("numerator", "denominator") if isinstance(getattr(formula, side), Measure)]
            if sides:
                side = draw.choice(sides)
                changed = change(getattr(formula, side), model, draw)
                if isinstance(changed, Measure):
                    return replace(formula, **{side: changed})
        raise NotHereError

    return way


def _where(measure: Measure) -> exp.Expr:
    if not measure.where:
        raise NotHereError
    return parse(measure.where)


def _with(measure: Measure, tree: exp.Expr) -> Measure:
    return replace(measure, where=tree.sql("duckdb"))


def _rename(formula: Formula, _model: Model, _draw: random.Random) -> Formula:
    return formula


def _reorder(measure: Measure, _model: Model, draw: random.Random) -> Measure:
    parts = list(_where(measure).flatten()) if isinstance(_where(measure), exp.And) else []
    if not parts:
        raise NotHereError
    parts.reverse()
    head, *rest = parts
    draw.shuffle(rest)
    parts = [head, *rest]
    return _with(measure, exp.and_(*(part.copy() for part in parts)))


def _turn(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Write every comparison from its other side, and every equality as a list."""
    mirrored = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}

    def turned(node: exp.Expr) -> exp.Expr:
        if type(node) in mirrored:
            return mirrored[type(node)](this=node.expression.copy(), expression=node.this.copy())
        if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Literal):
            return exp.In(this=node.this.copy(), expressions=[node.expression.copy()])
        return node

    tree = _where(measure)
    changed = tree.transform(turned)
    if changed.sql() == tree.sql():
        raise NotHereError
    return _with(measure, changed)


def _negate(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Say that the contrary does not hold."""
    tree = _where(measure)
    if isinstance(tree, exp.And):
        contrary = exp.or_(*(exp.not_(exp.paren(part.copy())) for part in tree.flatten()))
        return _with(measure, exp.not_(exp.paren(contrary)))
    return _with(measure, exp.not_(exp.paren(exp.not_(exp.paren(tree.copy())))))


def _as_sum(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Count by adding ones."""
    if measure.aggregation is not Aggregation.COUNT or measure.of:
        raise NotHereError
    case = f"case when {measure.where} then 1 else 0 end" if measure.where else "1"
    return replace(measure, aggregation=Aggregation.SUM, of=(case,), where=None)


def _in_case(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Put the filter into the value."""
    if len(measure.of) != 1 or not measure.where or measure.aggregation is Aggregation.PERCENTILE:
        raise NotHereError
    return replace(measure, of=(f"case when {measure.where} then {measure.of[0]} end",), where=None)


def _by_key(measure: Measure, model: Model, _draw: random.Random) -> Measure:
    """Count the rows by their key."""
    if measure.aggregation is not Aggregation.COUNT or measure.of:
        raise NotHereError
    key = model.sources[measure.source].source.key
    return replace(measure, aggregation=Aggregation.COUNT_DISTINCT, of=tuple(reversed(key)))


def _arithmetic(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Multiply by what is divided by again."""
    if measure.aggregation is not Aggregation.SUM or len(measure.of) != 1:
        raise NotHereError
    return replace(measure, of=(f"({measure.of[0]}) * 3 / 3",))


def _without_nought(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Add nought where there is no value, which a sum does anyhow."""
    if measure.aggregation is not Aggregation.SUM or len(measure.of) != 1:
        raise NotHereError
    return replace(measure, of=(f"coalesce({measure.of[0]}, 0)",))


def _later_by_minutes(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Say that one instant is after another by the minutes between them."""
    tree = _where(measure)

    def between(node: exp.Expr) -> exp.Expr:
        is_pair = isinstance(node, (exp.GT, exp.LTE)) and isinstance(node.expression, exp.Column)
        if not is_pair or not node.this.name.endswith("_at"):
            return node
        minutes = parse(f"minutes_between({node.expression.name}, {node.this.name})")
        return type(node)(this=minutes, expression=exp.Literal.number(0))

    changed = tree.transform(between)
    if changed.sql() == tree.sql():
        raise NotHereError
    return _with(measure, changed)


def _laid_open(formula: Formula, model: Model, _draw: random.Random) -> Formula:
    """Write a ratio of named metrics as a quotient, or lay a named one open."""
    if not isinstance(formula, Ratio):
        raise NotHereError
    above, below = formula.numerator, formula.denominator
    if isinstance(above, str) and isinstance(below, str):
        return Derived(f"({formula.times} * {above}) / {below}")
    for side in ("numerator", "denominator"):
        named = getattr(formula, side)
        inner = model.metrics[named].version.formula if isinstance(named, str) else None
        if isinstance(inner, Measure):
            return replace(formula, **{side: inner})
    raise NotHereError


def _on_a_copy(measure: Measure, model: Model, _draw: random.Random) -> Measure:
    """Read a copied table whose columns have other names."""
    if model.sources[measure.source].source.table not in COPIED or measure.snapshot:
        raise NotHereError

    def renamed(text: str) -> str:
        def one(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                if node.table:
                    raise NotHereError
                return exp.column(renamed_column(node.name))
            return node

        return parse(text).transform(one).sql("duckdb")

    where = renamed(measure.where) if measure.where else None
    return replace(measure, source=COPIES + measure.source, of=tuple(map(renamed, measure.of)), where=where)


COPIED = ("orders", "refunds", "ratings", "marketplace_slots", "rider_sessions", "contacts")


def _one_more(measure: Measure, _model: Model, draw: random.Random) -> Measure:
    """Take one filter more."""
    more = {"orders": ("is_asap", "category = 'burgers'", "item_count > 1", "distance_m < 3000")}
    extra = draw.choice(more.get(measure.source, ("city_id <> 'x'",)))
    if measure.where and extra.split(" ")[0] in measure.where:
        raise NotHereError
    return replace(measure, where=f"({measure.where}) and {extra}" if measure.where else extra)


def _one_less(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    tree = _where(measure)
    if not isinstance(tree, exp.And):
        raise NotHereError
    parts = list(tree.flatten())
    return _with(measure, exp.and_(*(part.copy() for part in parts[1:])))


def _other_unit(measure: Measure, _model: Model, draw: random.Random) -> Measure:
    if measure.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT) or len(measure.of) != 1:
        raise NotHereError
    return replace(measure, of=(f"({measure.of[0]}) {draw.choice(('* 60', '/ 60', '* 100', '/ 1000'))}",))


def _other_aggregation(measure: Measure, _model: Model, draw: random.Random) -> Measure:
    quantities = (Aggregation.SUM, Aggregation.MEAN, Aggregation.MAXIMUM, Aggregation.MINIMUM)
    if measure.aggregation not in quantities:
        raise NotHereError
    chosen = draw.choice([one for one in quantities if one is not measure.aggregation])
    return replace(measure, aggregation=chosen)


def _other_edge(measure: Measure, _model: Model, _draw: random.Random) -> Measure:
    """Count the edge of a comparison on the other side."""
    swapped = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}
    tree = _where(measure)
    changed = tree.transform(
        lambda node: (
            swapped[type(node)](this=node.this.copy(), expression=node.expression.copy())
            if type(node) in swapped
            else node
        )
    )
    if changed.sql() == tree.sql():
        raise NotHereError
    return _with(measure, changed)


def _other_column(measure: Measure, _model: Model, draw: random.Random) -> Measure:
    """Take another column of the same sort for the same words."""
    sorts = (
        ("placed_at", "accepted_at", "ready_at", "picked_up_at"),
        ("basket_minor", "delivery_fee_minor", "discount_minor", "tip_minor"),
        ("online_min", "busy_min", "waiting_min"),
    )
    text = " ".join((*measure.of, measure.where or ""))
    for sort in sorts:
        named = [name for name in sort if name in text]
        free = [name for name in sort if name not in text]
        if named and free:
            old, new = draw.choice(named), draw.choice(free)
            of = tuple(one.replace(old, new) for one in measure.of)
            return replace(measure, of=of, where=measure.where and measure.where.replace(old, new))
    raise NotHereError


def _other_grain(formula: Formula, _model: Model, draw: random.Random) -> Formula:
    """Take the mean of the values of days or cities in place of the whole."""
    if not isinstance(formula, Measure):
        raise NotHereError
    return Nested(formula, (draw.choice(("business_date", "city_id")),), Aggregation.MEAN)


SAME: Mapping[str, Way] = {
    "renamed": _rename,
    "filters in another order": _on_measure(_reorder),
    "comparisons turned": _on_measure(_turn),
    "said by its contrary": _on_measure(_negate),
    "counted by adding ones": _on_measure(_as_sum),
    "filter inside the value": _on_measure(_in_case),
    "counted by key": _on_measure(_by_key),
    "other arithmetic": _on_measure(_arithmetic),
    "laid open": _laid_open,
    "over a copied table": _on_measure(_on_a_copy),
    "nought for nothing": _on_measure(_without_nought),
    "instants by minutes": _on_measure(_later_by_minutes),
}
OTHER: Mapping[str, Way] = {
    "one filter more": _on_measure(_one_more),
    "one filter less": _on_measure(_one_less),
    "other unit": _on_measure(_other_unit),
    "other aggregation": _on_measure(_other_aggregation),
    "other edge": _on_measure(_other_edge),
    "other column": _on_measure(_other_column),
    "other grain": _other_grain,
}
