"""What a metric means, as a digest: two metrics with the same fingerprint are one metric under two names.

A fingerprint is taken of the formula with everything that it names laid open: metrics by their own formulas, columns by
table and column, conditions and arithmetic in the normal form of `tiffin.engines.metrics.comparing.canonical`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction

from sqlglot import exp

from tiffin.engines.metrics.comparing.canonical import Canonical, Domains, Form, Names
from tiffin.engines.metrics.definitions import Metric, Source
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Measure, Ratio
from tiffin.engines.metrics.model import BASE
from tiffin.engines.metrics.parsing import parse
from tiffin.kernel.errors import InvalidDefinition, Place

FILTER, WINDOW, ARITHMETIC = "filter", "window", "arithmetic"
"""In what two near metrics differ."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The meaning of a metric, and what is left of it when one side is looked away from.

    Parameters
    ----------
    digest : str
        SHA-256 of the whole meaning.
    without : mapping of str to str
        Digest of the meaning without filters, without windows, and of its parts alone.
    filters : frozenset of str
        Everything that its conditions say, for telling how far two filters agree.
    """

    digest: str
    without: Mapping[str, str]
    filters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two metrics of which one may be enough; ``differs_in`` is empty where they mean the same.

    Parameters
    ----------
    alike : float
        Share of what both filters say that they say alike, 0 to 1.
    """

    metric: str
    other: str
    differs_in: str
    alike: float

    @property
    def is_duplicate(self) -> bool:
        """Tell whether both mean the same."""
        return not self.differs_in


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known to compare meanings.

    Parameters
    ----------
    keys : mapping of str to tuple of str
        Key of each table.
    known : frozenset of str
        Columns that are never empty, as ``table.column``.
    domains : mapping
        Closed sets of values, by ``table.column``.
    """

    sources: Mapping[str, Source]
    metrics: Mapping[str, Metric]
    keys: Mapping[str, tuple[str, ...]]
    known: frozenset[str] = frozenset()
    domains: Domains = field(default_factory=dict)


def fingerprint(formula: Formula, facts: Facts) -> Fingerprint:
    """Take the fingerprint of a formula.

    Raises
    ------
    InvalidDefinition
        It names a source or metric that does not exist, or an expression cannot be read.
    """
    reading = _Reading(facts, "")
    whole = reading.form(formula)
    sides = {side: _digest(_Reading(facts, side).form(formula)) for side in (FILTER, WINDOW)}
    parts = tuple(sorted({repr(part) for part in _parts(whole)}))
    return Fingerprint(_digest(whole), {**sides, ARITHMETIC: _digest(parts)}, frozenset(reading.filters))


def likenesses(prints: Mapping[str, Fingerprint], only: Sequence[str] = ()) -> tuple[Likeness, ...]:
    """List duplicates, then near ones: those that differ in one side only.

    Parameters
    ----------
    only : sequence of str
        Metrics to look for; empty for all.
    """
    found: dict[tuple[str, str], Likeness] = {}
    for side in ("", FILTER, WINDOW, ARITHMETIC):
        alike: dict[str, list[str]] = {}
        for name in sorted(prints):
            digest = prints[name].without[side] if side else prints[name].digest
            alike.setdefault(digest, []).append(name)
        for names in alike.values():
            for index, one in enumerate(names):
                for other in names[index + 1 :]:
                    found.setdefault((one, other), Likeness(one, other, side, _alike(prints[one], prints[other])))
    wanted = (item for item in found.values() if not only or {item.metric, item.other} & set(only))
    order = ("", FILTER, WINDOW, ARITHMETIC)
    return tuple(
        sorted(wanted, key=lambda item: (bool(item.differs_in), -item.alike, order.index(item.differs_in), item.metric))
    )


def _alike(one: Fingerprint, other: Fingerprint) -> float:
    every = one.filters | other.filters
    return len(one.filters & other.filters) / len(every) if every else 1.0


def _digest(form: object) -> str:
    return hashlib.sha256(repr(form).encode()).hexdigest()


class _Reading:
    """Reads formulas into forms, looking away from one side where one is named."""

    def __init__(self, facts: Facts, blind: str) -> None:
        self._facts = facts
        self._blind = blind
        self._open: list[str] = []
        self.filters: set[str] = set()

    def form(self, formula: object) -> Form:
        """Give the normal form of a formula."""
        if isinstance(formula, (Measure, Ratio, Derived)):
            names = Canonical(lambda column: column.name, takes_out_common=not self._blind)
            return names.value(self._arithmetic(formula))
        return self._other(formula)

    def _arithmetic(self, formula: Measure | Ratio | Derived) -> exp.Expr:
        """Give a formula as arithmetic over columns, each named by the form of an aggregate."""
        if isinstance(formula, Measure):
            return self._measure(formula)
        if isinstance(formula, Ratio):
            above, below = (self._operand(part) for part in (formula.numerator, formula.denominator))
            quotient = exp.Div(this=exp.paren(above), expression=exp.paren(below))
            return exp.Mul(this=quotient, expression=exp.Literal.number(str(Fraction(str(formula.times)))))
        tree = parse(formula.expression)
        if isinstance(tree, exp.Column):
            return self._named(tree.name)
        for column in list(tree.find_all(exp.Column)):
            column.replace(exp.paren(self._named(column.name)))
        return tree

    def _operand(self, part: Measure | str) -> exp.Expr:
        return self._named(part) if isinstance(part, str) else self._measure(part)

    def _named(self, name: str) -> exp.Expr:
        metric = self._facts.metrics.get(name)
        if metric is None or name in self._open:
            raise InvalidDefinition(f"the formula names {name}, which is no metric or is defined by itself.")
        self._open.append(name)
        try:
            formula = metric.formula
            if isinstance(formula, (Measure, Ratio, Derived)):
                return self._arithmetic(formula)
            return _leaf(self._other(formula))
        finally:
            self._open.pop()

    def _other(self, formula: object) -> Form:
        """Give the form of a kind that is no arithmetic: its name and its entries, metrics laid open."""
        if not is_dataclass(formula):
            return (repr(formula),)
        entries = []
        for entry in fields(formula):
            value = getattr(formula, entry.name)
            if isinstance(value, Place) or value is None or entry.name == "place":
                continue
            entries.append((entry.name, self._entry(entry.name, value)))
        if self._blind == WINDOW:
            entries = [item for item in entries if item[0] not in ("window", "offset", "within")]
        return (type(formula).__name__, *entries)

    def _entry(self, name: str, value: object) -> Form:
        if name == "metric" and isinstance(value, str):
            return Canonical(lambda column: column.name).value(self._named(value))
        if isinstance(value, Measure):
            return self.form(value)
        if is_dataclass(value):
            return self._other(value)
        return (repr(value),)

    def _measure(self, measure: Measure) -> exp.Expr:
        source = self._facts.sources.get(measure.source)
        if source is None:
            raise InvalidDefinition(f"the formula reads {measure.source}, which is no source.")
        canonical = Canonical(_names(source), self._facts.domains)
        of = [parse(text) for text in measure.of]
        where = parse(measure.where) if measure.where else None
        if measure.aggregation is Aggregation.MEAN:
            total = self._aggregate(measure, source, canonical, Aggregation.SUM, of, where)
            count = self._aggregate(measure, source, canonical, Aggregation.COUNT, of, where)
            return exp.Div(this=exp.paren(total), expression=exp.paren(count))
        return self._aggregate(measure, source, canonical, measure.aggregation, of, where)

    def _aggregate(
        self,
        measure: Measure,
        source: Source,
        canonical: Canonical,
        aggregation: Aggregation,
        of: list[exp.Expr],
        where: exp.Expr | None,
    ) -> exp.Expr:
        of, where = _without_case(aggregation, of, where)
        factor, counted = Fraction(1), tuple(sorted((canonical.value(one) for one in of), key=repr))
        if aggregation is Aggregation.SUM:
            factor, form = canonical.multiple(of[0])
            aggregation, counted = (aggregation, (form,)) if form else (Aggregation.COUNT, ())
        if aggregation is Aggregation.COUNT_DISTINCT and self._is_key(source, of):
            aggregation = Aggregation.COUNT
        if aggregation is Aggregation.COUNT:
            where = _both(where, [_known(part) for part in of if counted and not self._is_known(source, part)])
            counted = ()
        rows = canonical.condition(where)
        self.filters.update(
            repr(fact) for alternative in rows if isinstance(alternative, tuple) for fact in alternative
        )
        rows = () if self._blind == FILTER else rows
        more = tuple(
            self._other(getattr(measure, name)) for name in ("snapshot",) if getattr(measure, name, None) is not None
        )
        leaf = _leaf(("aggregate", source.table, str(aggregation), counted, rows, measure.quantile, *more))
        return leaf if factor == 1 else exp.Mul(this=leaf, expression=exp.Literal.number(str(factor)))

    def _is_key(self, source: Source, of: list[exp.Expr]) -> bool:
        key = self._facts.keys.get(source.table, source.key)
        return {_column_of(part) for part in of} == set(key)

    def _is_known(self, source: Source, part: exp.Expr) -> bool:
        return f"{source.table}.{_column_of(part)}" in self._facts.known


def _leaf(form: Form) -> exp.Expr:
    return exp.column(exp.to_identifier(repr(form), quoted=True))


def _names(source: Source) -> Names:
    tables = {join.name: join.table for join in source.joins}

    def name(column: exp.Column) -> str:
        table = source.table if column.table in ("", BASE) else tables.get(column.table, column.table)
        return f"{table}.{column.name}"

    return name


def _column_of(part: exp.Expr) -> str:
    return part.name if isinstance(part, exp.Column) and part.table in ("", BASE) else ""


def _without_case(
    aggregation: Aggregation, of: list[exp.Expr], where: exp.Expr | None
) -> tuple[list[exp.Expr], exp.Expr | None]:
    """Turn ``case when c then x end`` that is aggregated into x of the rows that meet c."""
    if len(of) != 1 or aggregation is Aggregation.PERCENTILE:
        return of, where
    value, condition = _conditional(of[0], aggregation)
    return [value], where if condition is None else _both(where, [condition])


def _conditional(tree: exp.Expr, aggregation: Aggregation) -> tuple[exp.Expr, exp.Expr | None]:
    """Give ``case when c then x end`` as x and c; for sums an ``else 0`` says the same."""
    inner = tree.this if isinstance(tree, exp.Paren) else tree
    if not isinstance(inner, exp.Case) or inner.this is not None or len(inner.args["ifs"]) != 1:
        return inner, None
    default = inner.args.get("default")
    is_nought = isinstance(default, exp.Literal) and not default.is_string and Fraction(default.this) == 0
    is_empty = default is None or isinstance(default, exp.Null)
    if not is_empty and not (is_nought and aggregation is Aggregation.SUM):
        return inner, None
    branch = inner.args["ifs"][0]
    return branch.args["true"], branch.this


def _both(where: exp.Expr | None, more: list[exp.Expr]) -> exp.Expr | None:
    parts = [one.copy() for one in ([where] if where is not None else []) + more]
    return exp.and_(*parts) if parts else None


def _known(part: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=part.copy(), expression=exp.null()))


def _parts(form: object) -> list[str]:
    """List the aggregates that a form is made of."""
    if isinstance(form, str):
        return [form] if form.startswith("('column', \"('aggregate'") or "aggregate" in form else []
    if isinstance(form, tuple):
        return [part for item in form for part in _parts(item)]
    return []
