"""Masked dimensions: beside each dimension its masked one, by which numbers are split and filtered in its place.

The masked dimension is a dimension like any other, computed in the statement itself. So groups of one masked value are
one group, small groups are withheld as they are told, and conditions, order and limits meet the masked value and never
the one behind it. What limits the rows of an asker still reads the value itself, and so does what is inside a metric.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.growing import ChangedMap
from tiffin.engines.metrics.model import Expression, Model, PreparedSource, Resolved
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.protection.naming import masked_name
from tiffin.engines.metrics.protection.veiling import Masks
from tiffin.engines.metrics.request import Condition, MetricRequest
from tiffin.kernel.masks import Mask, MaskKind

if TYPE_CHECKING:
    from sqlglot import exp

KEY = "key of all masks here"
"""What stands in a statement for the key of digests; whoever runs it puts the key in, and nobody else knows it."""

DIGITS = 16
"""Length of a digest in hexadecimal digits: of a million values two share one with a probability of 3 in 10^8."""

LEFT, LEAST = 4, 8
"""How many characters are left of a text, and how many it must have for any to be left."""

VEILED = "…"


def masked_request(request: MetricRequest, masks: Masks) -> MetricRequest:
    """Ask for masked dimensions in the places of those that are masked."""
    names = {name: masked_name(name) for name in masks}

    def named(name: str) -> str:
        return names.get(name, name)

    return replace(
        request,
        by=tuple(named(name) for name in request.by),
        where=tuple(Condition(named(one.dimension), one.operator, one.values) for one in request.where),
        order_by=tuple(replace(one, column=named(one.column)) for one in request.order_by),
    )


def masked_model(model: Model, masks: Masks) -> Model:
    """Put masked dimensions beside those that they mask."""
    dimensions = {masked_name(name): replace(model.dimensions[name], name=masked_name(name)) for name in masks}

    def source(found: PreparedSource) -> PreparedSource:
        own = {
            masked_name(name): _masked(found.dimensions[name], mask)
            for name, mask in masks.items()
            if name in found.dimensions
        }
        return replace(found, dimensions={**found.dimensions, **own}) if own else found

    def resolved(found: Resolved) -> Resolved:
        own = frozenset(masked_name(name) for name in masks if name in found.dimensions)
        return replace(found, dimensions=found.dimensions | own) if own else found

    return replace(
        model,
        dimensions={**model.dimensions, **dimensions},
        sources=ChangedMap(model.sources, source),
        resolved=ChangedMap(model.resolved, resolved),
    )


def mask_sql(sql: str, kind: ColumnType, mask: Mask, dialect: str) -> str:
    """Write a column, given as SQL of a dialect, masked."""
    from sqlglot import parse_one  # noqa: PLC0415 - whoever is told no masked value does without the library

    return mask_tree(parse_one(sql, read=dialect), kind, mask).sql(dialect)


def mask_tree(tree: "exp.Expr", kind: ColumnType, mask: Mask) -> "exp.Expr":
    """Mask an expression; an empty value stays empty."""
    from sqlglot import exp  # noqa: PLC0415 - as above

    value = tree.copy() if isinstance(tree, exp.Column) else exp.paren(tree)
    if mask.kind is MaskKind.HASH:
        keyed = exp.DPipe(this=exp.Literal.string(KEY), expression=value, safe=True)
        digest = exp.SHA2(this=keyed, length=exp.Literal.number(256))
        return exp.Substring(this=digest, start=exp.Literal.number(1), length=exp.Literal.number(DIGITS))
    if mask.kind is MaskKind.LAST_FOUR:
        left = exp.Right(this=value, expression=exp.Literal.number(LEFT))
        is_long = exp.GTE(this=exp.Length(this=value.copy()), expression=exp.Literal.number(LEAST))
        shown = exp.DPipe(this=exp.Literal.string(VEILED), expression=left, safe=True)
        is_known = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
        return exp.Case().when(is_long, shown).when(is_known, exp.Literal.string(VEILED))
    if mask.kind is MaskKind.COARSE:
        cells = exp.Literal.number(mask.cells)
        corner = exp.cast(exp.Floor(this=exp.Mul(this=value, expression=cells)), "double")
        return exp.Div(this=corner, expression=cells.copy(), typed=False, safe=False)
    began = exp.TimestampTrunc(this=value, unit=exp.Var(this="MONTH"))
    return exp.cast(began, "date") if kind is ColumnType.DATE else began


def _masked(expression: Expression, mask: Mask) -> Expression:
    return replace(expression, parsed=Parsed(mask_tree(expression.parsed.tree, expression.type, mask)))
