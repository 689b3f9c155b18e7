"""Expressions in one normal form: what means the same is written the same.

Conditions become sets of alternatives, each a set of facts about single expressions; arithmetic becomes a quotient of
polynomials. Two texts that differ in the order of operands, in brackets, in ``between`` against two comparisons, in
``in`` against ``or``, in where a constant stands, or in how a quotient is laid out have one form.

Notes
-----
Forms are compared, never computed: a common factor above and below is taken out although the quotient is empty where it
is nought. What is not understood stands as it is written, with its operands in normal form.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from sqlglot import exp

Form = tuple[object, ...]
"""A normal form: nested tuples of texts and numbers, comparable by what is written in them."""

Names = Callable[[exp.Column], str]
"""Gives a column the name under which it is known everywhere, such as ``orders.status``."""

Domains = Mapping[str, tuple[str, ...]]
"""Closed sets of values by the name of their column."""

MOST_ALTERNATIVES = 64
"""More alternatives than anybody writes; a condition beyond is left as it is written."""

MOST_TERMS = 512
"""More terms than any formula has when it is multiplied out; one beyond is left as it is written."""

_MIRRORED = {exp.GT: exp.LT, exp.GTE: exp.LTE}
_NEGATED: Mapping[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
}
_COMPARED = tuple(_NEGATED)

Fact = tuple[str, Form, object]
"""What is said of one expression: ``in`` and ``not in`` with a set of values, ``lt``, ``le``, ``is null``..."""

Alternative = frozenset[Fact]
Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]


class _TooWideError(Exception):
    """An expression would grow beyond bounds in its normal form."""


@dataclass(slots=True)
class Canonical:
    """Gives the normal form of expressions whose columns have known names.

    Parameters
    ----------
    domains : mapping of str to tuple of str
        Closed sets of values: all but some of them are the others.
    takes_out_common : bool
        Whether a factor that stands above and below is left out.
    """

    names: Names
    domains: Domains = field(default_factory=dict)
    takes_out_common: bool = True

    def value(self, tree: exp.Expr) -> Form:
        """Give the form of an expression that is a number, a text or an instant."""
        try:
            above, below = self.quotient(tree)
        except _TooWideError:
            return ("text", tree.sql())
        if self.takes_out_common:
            above, below = _without_common(above, below)
        return _quotient_form(above, below)

    def multiple(self, tree: exp.Expr) -> tuple[Fraction, Form]:
        """Give an expression as a number times a form; the form is empty where the expression is the number itself."""
        try:
            above, below = self.quotient(tree)
        except _TooWideError:
            return Fraction(1), ("text", tree.sql())
        if not above:
            return Fraction(0), ()
        factor = above[min(above)] / below[min(below)]
        form = _quotient_form(_scaled(above, 1 / factor), below)
        return factor, () if set(above) == set(below) == {()} else form

    def condition(self, tree: exp.Expr | None) -> Form:
        """Give the form of a condition; the one that always holds is empty."""
        if tree is None:
            return ()
        try:
            found = self.alternatives(tree)
        except _TooWideError:
            return (("text", tree.sql()),)
        return tuple(sorted((tuple(sorted(map(_fact_form, one))) for one in found), key=repr))

    def conjuncts(self, tree: exp.Expr | None) -> dict[Form, exp.Expr]:
        """Split a condition into the parts that must all hold, by their forms."""
        if tree is None:
            return {}
        if isinstance(tree, exp.Paren):
            return self.conjuncts(tree.this)
        if isinstance(tree, exp.And):
            return {**self.conjuncts(tree.this), **self.conjuncts(tree.expression)}
        return {self.condition(tree): tree}

    def alternatives(self, tree: exp.Expr) -> frozenset[Alternative]:
        """Give the alternatives of a condition, none of which contains another."""
        return _simplified(self._alternatives(tree, is_negated=False), self.domains)

    def quotient(self, tree: exp.Expr) -> tuple[Polynomial, Polynomial]:
        """Give an expression as one polynomial over another."""
        if isinstance(tree, exp.Paren):
            return self.quotient(tree.this)
        if isinstance(tree, exp.Literal) and not tree.is_string:
            return _constant(Fraction(tree.this)), _constant(Fraction(1))
        if isinstance(tree, exp.Neg):
            above, below = self.quotient(tree.this)
            return _scaled(above, Fraction(-1)), below
        if isinstance(tree, (exp.Add, exp.Sub, exp.Mul, exp.Div)):
            return self._arithmetic(tree)
        return self._atom(tree)

    def _arithmetic(self, tree: exp.Binary) -> tuple[Polynomial, Polynomial]:
        (a, b), (c, d) = self.quotient(tree.this), self.quotient(tree.expression)
        if isinstance(tree, exp.Mul):
            return _times(a, c), _times(b, d)
        if isinstance(tree, exp.Div):
            return _times(a, d), _times(b, c)
        sign = Fraction(-1 if isinstance(tree, exp.Sub) else 1)
        if b == d:
            return _plus(a, _scaled(c, sign)), b
        return _plus(_times(a, d), _scaled(_times(c, b), sign)), _times(b, d)

    def _atom(self, tree: exp.Expr) -> tuple[Polynomial, Polynomial]:
        sign, form = self._opaque(tree)
        return {((repr(form), 1),): Fraction(sign)}, _constant(Fraction(1))

    def _opaque(self, tree: exp.Expr) -> tuple[int, Form]:
        if isinstance(tree, exp.Column):
            return 1, ("column", self.names(tree))
        if isinstance(tree, (exp.Literal, exp.Boolean, exp.Null)):
            return 1, ("literal", str(tree.this) if not isinstance(tree, exp.Null) else "null")
        if isinstance(tree, exp.Anonymous) and tree.name.lower() == "minutes_between":
            return self._minutes(tree)
        if isinstance(tree, exp.Case):
            return 1, self._case(tree)
        if isinstance(tree, (*_COMPARED, exp.And, exp.Or, exp.Not, exp.In, exp.Between, exp.Is)):
            return 1, ("condition", self.condition(tree))
        operands = [self.value(part) for part in _operands(tree)]
        if isinstance(tree, (exp.Least, exp.Greatest)):
            operands = sorted(set(operands), key=repr)
        name = tree.name if isinstance(tree, exp.Anonymous) else type(tree).__name__
        return 1, (name.lower(), *operands, *_settings(tree))

    def _minutes(self, tree: exp.Anonymous) -> tuple[int, Form]:
        start, end = (self.value(part) for part in tree.expressions)
        return (1, ("minutes", start, end)) if repr(start) <= repr(end) else (-1, ("minutes", end, start))

    def _case(self, tree: exp.Case) -> Form:
        branches = [(self._branch(tree, one), self.value(one.args["true"])) for one in tree.args["ifs"]]
        default = tree.args.get("default")
        last = self.value(default) if default is not None else ("literal", "null")
        return ("case", tuple(branches), last)

    def _branch(self, tree: exp.Case, branch: exp.If) -> Form:
        if tree.this is None:
            return self.condition(branch.this)
        return self.condition(exp.EQ(this=tree.this.copy(), expression=branch.this.copy()))

    def _alternatives(self, tree: exp.Expr, *, is_negated: bool) -> frozenset[Alternative]:
        if isinstance(tree, exp.Paren):
            return self._alternatives(tree.this, is_negated=is_negated)
        if isinstance(tree, exp.Not):
            return self._alternatives(tree.this, is_negated=not is_negated)
        if isinstance(tree, (exp.And, exp.Or)):
            parts = [self._alternatives(part, is_negated=is_negated) for part in (tree.this, tree.expression)]
            is_all = isinstance(tree, exp.And) != is_negated
            return _all_of(parts) if is_all else frozenset().union(*parts)
        if isinstance(tree, exp.Between):
            return self._alternatives(_as_comparisons(tree), is_negated=is_negated)
        return frozenset({frozenset({self._fact(tree, is_negated=is_negated)})})

    def _fact(self, tree: exp.Expr, *, is_negated: bool) -> Fact:
        if isinstance(tree, exp.In) and tree.expressions:
            return self._membership(tree.this, tree.expressions, is_negated=is_negated)
        if isinstance(tree, exp.Is) and isinstance(tree.expression, (exp.Null, exp.Boolean)):
            return self._being(tree, is_negated=is_negated)
        if isinstance(tree, _COMPARED):
            return self._comparison(tree, is_negated=is_negated)
        if isinstance(tree, exp.Boolean):
            return ("holds", (), bool(tree.this) != is_negated)
        return self._membership(tree, [exp.true()], is_negated=is_negated)

    def _membership(self, subject: exp.Expr, values: Iterable[exp.Expr], *, is_negated: bool) -> Fact:
        return ("not in" if is_negated else "in", self.value(subject), frozenset(self.value(one) for one in values))

    def _being(self, tree: exp.Is, *, is_negated: bool) -> Fact:
        if isinstance(tree.expression, exp.Null):
            return ("known" if is_negated else "null", self.value(tree.this), None)
        return ("is not" if is_negated else "is", self.value(tree.this), bool(tree.expression.this))

    def _comparison(self, tree: exp.Expr, *, is_negated: bool) -> Fact:
        kind = _NEGATED[type(tree)] if is_negated else type(tree)
        left, right = tree.this, tree.expression
        if kind in (exp.EQ, exp.NEQ):
            if _is_constant(left):
                left, right = right, left
            if _is_constant(right):
                return self._equality(left, right, is_equal=kind is exp.EQ)
            sides = tuple(sorted((self.value(left), self.value(right)), key=repr))
            return ("equal" if kind is exp.EQ else "unequal", sides, None)
        if kind in _MIRRORED:
            kind, left, right = _MIRRORED[kind], right, left
        return self._order(left, right, is_strict=kind is exp.LT)

    def _equality(self, left: exp.Expr, right: exp.Expr, *, is_equal: bool) -> Fact:
        if isinstance(right, exp.Boolean) and not bool(right.this):
            # A boolean that is false is one that is not true: both are unknown where it is.
            return self._equality(left, exp.true(), is_equal=not is_equal)
        return self._membership(left, [right], is_negated=not is_equal)

    def _order(self, left: exp.Expr, right: exp.Expr, *, is_strict: bool) -> Fact:
        """Give ``left < right`` as a bound of the one that is no constant."""
        if _is_constant(right):
            return ("lt" if is_strict else "le", self.value(left), self.value(right))
        if _is_constant(left):
            return ("gt" if is_strict else "ge", self.value(right), self.value(left))
        return ("less" if is_strict else "at most", (self.value(left), self.value(right)), None)


def _as_comparisons(tree: exp.Between) -> exp.Expr:
    low = exp.GTE(this=tree.this.copy(), expression=tree.args["low"].copy())
    return exp.And(this=low, expression=exp.LTE(this=tree.this.copy(), expression=tree.args["high"].copy()))


def _operands(tree: exp.Expr) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for value in tree.args.values():
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, exp.Expr)]
    return [one for one in found if not isinstance(one, (exp.Identifier, exp.Var, exp.DataType))]


def _settings(tree: exp.Expr) -> tuple[str, ...]:
    kinds = (exp.Var, exp.DataType)
    return tuple(str(value.sql()) for value in tree.args.values() if isinstance(value, kinds))


def _is_constant(tree: exp.Expr) -> bool:
    return tree.find(exp.Column) is None


def _all_of(parts: list[frozenset[Alternative]]) -> frozenset[Alternative]:
    if math.prod(map(len, parts)) > MOST_ALTERNATIVES:
        raise _TooWideError
    return frozenset(frozenset().union(*chosen) for chosen in product(*parts))


def _simplified(found: frozenset[Alternative], domains: Domains) -> frozenset[Alternative]:
    if len(found) > MOST_ALTERNATIVES:
        raise _TooWideError
    tidy = {kept for one in found if (kept := _tidy(one, domains)) is not None}
    while (joined := _joined(tidy)) is not None:
        tidy = {kept for one in joined if (kept := _tidy(one, domains)) is not None}
    return frozenset(one for one in tidy if not any(other < one for other in tidy))


def _tidy(alternative: Alternative, domains: Domains) -> Alternative | None:
    """Make one fact of several about the same expression; None where they exclude one another."""
    sets: dict[Form, frozenset[object]] = {}
    shut: dict[Form, frozenset[object]] = {}
    rest: list[Fact] = []
    for kind, subject, values in alternative:
        if kind == "in" and isinstance(values, frozenset):
            sets[subject] = sets[subject] & values if subject in sets else values
        elif kind == "not in" and isinstance(values, frozenset):
            shut[subject] = shut.get(subject, frozenset()) | values
        elif (kind, values) != ("holds", True):
            rest.append((kind, subject, values))
    for subject, values in shut.items():
        whole = sets.get(subject) or _domain(subject, domains)
        if whole:
            sets[subject] = whole - values
        else:
            rest.append(("not in", subject, values))
    if any(not values for values in sets.values()) or ("holds", (), False) in rest:
        return None
    facts = [*rest, *(("in", subject, values) for subject, values in sets.items())]
    # Whatever is compared is known already.
    compared = {subject for kind, subject, _ in facts if kind not in ("known", "null", "is not")}
    compared |= {side for kind, sides, _ in facts if kind in ("equal", "unequal", "less", "at most") for side in sides}  # type: ignore[misc] # two forms
    return frozenset(fact for fact in facts if not (fact[0] == "known" and fact[1] in compared))


def _domain(subject: Form, domains: Domains) -> frozenset[object] | None:
    for column, values in domains.items():
        if subject == _column_form(column):
            return frozenset(_text_form(one) for one in values)
    return None


def _column_form(name: str) -> Form:
    return _quotient_form({((repr(("column", name)), 1),): Fraction(1)}, _constant(Fraction(1)))


def _text_form(value: str) -> Form:
    return _quotient_form({((repr(("literal", value)), 1),): Fraction(1)}, _constant(Fraction(1)))


def _joined(found: set[Alternative]) -> set[Alternative] | None:
    """Join two alternatives that differ in nothing but the values of one expression; None where there are none."""
    listed = sorted(found, key=lambda one: repr(sorted(map(_fact_form, one), key=repr)))
    for index, one in enumerate(listed):
        for other in listed[index + 1 :]:
            (left, right) = (one - other, other - one)
            if len(left) != 1 or len(right) != 1:
                continue
            (kind, subject, values), (other_kind, other_subject, others) = next(iter(left)), next(iter(right))
            if kind == other_kind == "in" and subject == other_subject:
                both: Fact = ("in", subject, frozenset(values) | frozenset(others))  # type: ignore[call-overload] # sets of an `in`
                return (found - {one, other}) | {(one & other) | {both}}
    return None


def _fact_form(fact: Fact) -> Form:
    kind, subject, values = fact
    written = tuple(sorted(map(repr, values))) if isinstance(values, frozenset) else repr(values)
    return (kind, repr(subject), written)


def _constant(value: Fraction) -> Polynomial:
    return {(): value} if value else {}


def _plus(left: Polynomial, right: Polynomial) -> Polynomial:
    total = dict(left)
    for monomial, factor in right.items():
        total[monomial] = total.get(monomial, Fraction(0)) + factor
    return {monomial: factor for monomial, factor in total.items() if factor}


def _scaled(polynomial: Polynomial, factor: Fraction) -> Polynomial:
    return {monomial: value * factor for monomial, value in polynomial.items()}


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) * len(right) > MOST_TERMS:
        raise _TooWideError
    total: Polynomial = {}
    for (one, a), (other, b) in product(left.items(), right.items()):
        powers = dict(one)
        for atom, power in other:
            powers[atom] = powers.get(atom, 0) + power
        monomial = tuple(sorted(powers.items()))
        total[monomial] = total.get(monomial, Fraction(0)) + a * b
    return {monomial: factor for monomial, factor in total.items() if factor}


def _quotient_form(above: Polynomial, below: Polynomial) -> Form:
    lead = below[min(below)] if below else Fraction(1)
    return ("over", _polynomial_form(_scaled(above, 1 / lead)), _polynomial_form(_scaled(below, 1 / lead)))


def _polynomial_form(polynomial: Polynomial) -> Form:
    return tuple((monomial, str(factor)) for monomial, factor in sorted(polynomial.items()))


def _without_common(above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Take out the factor that every term above and below has."""
    every = [dict(monomial) for monomial in (*above, *below)]
    if not above or not below:
        return above, below
    common = {atom: min(one.get(atom, 0) for one in every) for atom in every[0]}

    def less(polynomial: Polynomial) -> Polynomial:
        return {
            tuple((atom, power - common.get(atom, 0)) for atom, power in monomial if power > common.get(atom, 0)): value
            for monomial, value in polynomial.items()
        }

    return less(above), less(below)
