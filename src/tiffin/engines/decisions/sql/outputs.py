"""What a table gives, by the number of the row that decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from tiffin.engines.decisions.dmn.tables import Aggregation, TableOf
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.sql.cells import is_in
from tiffin.engines.decisions.sql.columns import TEXT, ColumnType, Dialect, NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.literals import constant, integer
from tiffin.engines.decisions.sql.precedence import CONTRADICTION, GAP
from tiffin.engines.decisions.sql.results import Results, constant_rows
from tiffin.engines.decisions.sql.values import brought_to, common_type, looked_up, plus

_BIGINT_SUM = 18
"""Digits of a sum that a bigint surely holds."""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a table gives.

    Parameters
    ----------
    type : ColumnType or None
        None where every row gives null.
    """

    name: str
    type: ColumnType | None
    by_row: tuple[Pushed | None, ...]
    default: Pushed | None
    dialect: Dialect
    sums: tuple[tuple[tuple[int, ...], exp.Expr], ...] = ()
    """Of a sum or count, for each tier its rows and what they come to."""

    def of(self, row: exp.Expr) -> exp.Expr:
        """Write the value where the row that decides is known, as a column or as the expression itself."""
        if self.type is None:
            return exp.null()
        if self.sums:
            return self._summed(row)
        written = [brought_to(one, self.type) for one in self.by_row]
        default = brought_to(self.default, self.type)
        return by_row(written, default, row, self.dialect, self.type)

    def _summed(self, row: exp.Expr) -> exp.Expr:
        default = brought_to(self.default, self.type) if self.type else exp.null()
        case = exp.Case().when(exp.EQ(this=row.copy(), expression=integer(GAP)), default)
        for numbers, total in self.sums[:-1]:
            case = case.when(is_in(row, [one + 1 for one in numbers]), total.copy())
        return case.when(exp.GT(this=row.copy(), expression=integer(GAP)), self.sums[-1][1].copy())


def by_row(
    values: Sequence[exp.Expr], default: exp.Expr, row: exp.Expr, dialect: Dialect, kind: ColumnType = TEXT
) -> exp.Expr:
    """Write one of several values, by the number of the row that decides; null where rows contradict each other."""
    plain = [exp.null() if one.find(exp.Column) else one for one in values]
    listed = [*[exp.null()] * -CONTRADICTION, default, *plain]
    found = looked_up(listed, plus(row.copy(), 1 - CONTRADICTION), kind, dialect)
    groups: dict[exp.Expr, list[int]] = {}
    for number, one in enumerate(values, 1):
        if one.find(exp.Column):
            groups.setdefault(one, []).append(number)
    case = exp.Case(default=found)
    for value, numbers in groups.items():
        case = case.when(is_in(row, numbers), value.copy())
    return case if groups else found


def outputs_of(
    policy: PolicyTable, results: Results, conditions: Sequence[exp.Expr], dialect: Dialect
) -> tuple[Output, ...]:
    """Write what a table gives.

    Parameters
    ----------
    conditions : Sequence
        Of each row, where a sum or a count is asked for.

    Raises
    ------
    NotPushed
        When the values of an output are of several types, or a sum would not be exact.
    """
    table = policy.table
    if table.aggregation is Aggregation.COUNT:
        name = results.names[0] if len(results.names) == 1 else policy.name
        ones = [Decimal(1)] * len(table.rows)
        return (_total(policy.table, name, ones, results.default[0], conditions, dialect),)
    if table.aggregation is Aggregation.SUM:
        columns = zip(*constant_rows(results), strict=True)
        known = zip(results.names, columns, results.default, strict=True)
        return tuple(_total(table, name, column, default, conditions, dialect) for name, column, default in known)
    found: list[Output] = []
    for number, name in enumerate(results.names):
        column, default = tuple(row[number] for row in results.written), results.default[number]
        types = [one.type for one in (*column, default) if one is not None]
        found.append(Output(name, common_type(types, f"The output {name}"), column, default, dialect))
    return tuple(found)


def _total(
    table: TableOf,
    name: str,
    values: Sequence[Value],
    default: Pushed | None,
    conditions: Sequence[exp.Expr],
    dialect: Dialect,
) -> Output:
    """Add up constants as whole numbers of their last digit."""
    if not all(isinstance(one, Decimal) for one in values):
        raise NotPushed(f"The output {name} is summed; every row has to give a number.")
    kind = common_type((constant(one)[1] for one in values), f"The output {name}") or ColumnType(Shape.WHOLE, 1)
    total = ColumnType(kind.shape, kind.digits + len(str(len(values))), kind.scale)
    if total.digits + total.scale > _BIGINT_SUM:
        raise NotPushed(f"A sum of the output {name} may have more than {_BIGINT_SUM} digits.")
    whole = common_type([total, *([default.type] if default else [])], f"The output {name}") or total
    tiers = table.tiers or (0,) * len(values)
    sums = []
    for tier in sorted(set(tiers), reverse=True):
        rows = tuple(number for number, one in enumerate(tiers) if one == tier)
        steps: list[exp.Expr] = [
            exp.Case(default=integer(0)).when(conditions[n].copy(), _steps(values[n], kind.scale)) for n in rows
        ]
        added: exp.Expr = reduce(lambda one, other: exp.Add(this=one, expression=other), steps)
        sums.append((rows, brought_to(Pushed(_scaled(added, total), total), whole)))
    return Output(name, whole, (), default, dialect, tuple(sums))


def _steps(value: Decimal, scale: int) -> exp.Expr:
    # The cast keeps what a sum of many rows comes to within a bigint.
    return cast(integer(int(value.scaleb(scale))), "bigint")


def _scaled(added: exp.Expr, kind: ColumnType) -> exp.Expr:
    """Move the point of a whole number."""
    if not kind.scale:
        return cast(exp.Paren(this=added), kind.sql)
    whole = cast(exp.Paren(this=added), exp.DataType.build(f"DECIMAL({kind.digits + kind.scale}, 0)"))
    step = exp.DataType.build(f"DECIMAL({kind.scale + 1}, {kind.scale})")
    point = cast(exp.Literal.string(format(Decimal(1).scaleb(-kind.scale), "f")), step)
    return cast(exp.Mul(this=whole, expression=point), kind.sql)
