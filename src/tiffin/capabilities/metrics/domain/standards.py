"""Standards of definitions that a machine can hold: names, units, owners, texts, additivity, examples, targets."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from sqlglot import exp

from tiffin.engines.metrics.definitions import Additivity, Direction, Metric, Source, Tier, Unit
from tiffin.engines.metrics.formulas import Aggregation, Derived, Measure, Ratio
from tiffin.engines.metrics.parsing import parse
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message

NAME_MAX = 60
RESERVED = frozenset({"drafts", "standards", "differ", "duplicates", "publications", "query", "explain", "trees"})
"""Words that stand in addresses where a metric's name could."""

_TEMPORARY = re.compile(r"(^|_)(v\d+|new|old|final|tmp|temp|test|copy|fixed)($|_)")
_NOBODY = frozenset({"me", "nobody", "todo", "tbd", "unknown", "none", "someone", "…", "?"})
_OWNER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"^(…|\.\.\.|todo|tbd|-)?$", re.IGNORECASE)
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "zh_Hans": re.compile(r"[\u4e00-\u9fff]"),
    "zh_Hant": re.compile(r"[\u4e00-\u9fff]"),
}
_ENDINGS = (".", "。", "؟", "!", "?")


class Rule(StrEnum):
    """What a finding breaks."""

    NAMING = "naming"
    UNIT = "unit"
    OWNER = "owner"
    MEANING = "meaning"
    TRANSLATION = "translation"
    ADDITIVITY = "additivity"
    EXAMPLE = "example"
    DIRECTION = "direction"
    TARGETS = "targets"
    SUCCESSOR = "successor"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Finding:
    """One standard that one definition breaks."""

    metric: str
    rule: Rule
    message: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the standards are held against.

    Parameters
    ----------
    units : mapping of str to str
        Unit of each column that has one, by ``table.column``, as the contracts say it.
    grains : mapping of str to Unit
        What one row of a table counts as.
    """

    metrics: Mapping[str, Metric]
    sources: Mapping[str, Source]
    units: Mapping[str, str]
    grains: Mapping[str, Unit]


def findings_of(metric: Metric, known: Known) -> tuple[Finding, ...]:
    """List the standards that a definition breaks by itself."""
    return tuple(Finding(metric.name, rule, message) for rule, check in _CHECKS for message in check(metric, known))


def additivity_of(formula: object, known: Known) -> Additivity:
    """Tell over what the values of a formula may be added up."""
    if isinstance(formula, Measure):
        return _of_measure(formula)
    if isinstance(formula, Derived):
        return _additivity_of_arithmetic(parse(formula.expression), known)
    if isinstance(formula, str):
        return additivity_of(known.metrics[formula].formula, known) if formula in known.metrics else _NOT
    if getattr(formula, "window", None) is not None or getattr(formula, "offset", None) is not None:
        return _over_days(formula, known)
    return Additivity.ADDITIVE if str(getattr(formula, "calculation", "")) == "count" else _NOT


_NOT = Additivity.NON_ADDITIVE


def _of_measure(measure: Measure) -> Additivity:
    if getattr(measure, "snapshot", None) is not None:
        return Additivity.SEMI_ADDITIVE
    adds = measure.aggregation in (Aggregation.COUNT, Aggregation.SUM)
    return Additivity.ADDITIVE if adds else Additivity.NON_ADDITIVE


def _over_days(formula: object, known: Known) -> Additivity:
    """Tell it of a value over other days than its own, which is never to be added over time."""
    if str(getattr(formula, "gives", "")) == "change":
        return Additivity.NON_ADDITIVE
    inner = additivity_of(getattr(formula, "metric", ""), known)
    return Additivity.NON_ADDITIVE if inner is Additivity.NON_ADDITIVE else Additivity.SEMI_ADDITIVE


def _additivity_of_arithmetic(tree: exp.Expr, known: Known) -> Additivity:
    if isinstance(tree, (exp.Paren, exp.Neg)):
        return _additivity_of_arithmetic(tree.this, known)
    if isinstance(tree, exp.Column):
        return additivity_of(tree.name, known)
    if isinstance(tree, (exp.Add, exp.Sub)):
        both = {_additivity_of_arithmetic(part, known) for part in (tree.this, tree.expression)}
        return next((one for one in (_NOT, Additivity.SEMI_ADDITIVE) if one in both), Additivity.ADDITIVE)
    if isinstance(tree, (exp.Mul, exp.Div)):
        constants = [part for part in (tree.this, tree.expression) if part.find(exp.Column) is None]
        others = [part for part in (tree.this, tree.expression) if part.find(exp.Column) is not None]
        if len(constants) == 1 and len(others) == 1 and (isinstance(tree, exp.Mul) or others[0] is tree.this):
            return _additivity_of_arithmetic(others[0], known)
    return _NOT


def _naming(metric: Metric, known: Known) -> Iterator[str]:  # noqa: ARG001 - every check takes both
    if len(metric.name) > NAME_MAX:
        found = len(metric.name)
        yield Message("the name has {found} characters; {most} are enough. Shorten it.", found=found, most=NAME_MAX)
    if metric.name in RESERVED:
        yield Message("{metric} stands in addresses of the console. Choose another name.", metric=metric.name)
    if named := _TEMPORARY.search(metric.name):
        yield Message(
            "'{part}' in a name says nothing of the meaning: versions are dated entries. Leave it out.",
            part=named.group(2),
        )


def _owner(metric: Metric, known: Known) -> Iterator[str]:  # noqa: ARG001 - every check takes both
    if metric.owner.casefold() in _NOBODY or not _OWNER.fullmatch(metric.owner):
        yield Message("'{owner}' is no team; an owner is one, written like city_operations.", owner=metric.owner)


def _meaning(metric: Metric, known: Known) -> Iterator[str]:  # noqa: ARG001 - every check takes both
    for locale, text in metric.meaning.texts.items():
        if _PLACEHOLDER.match(text) or _PLACEHOLDER.match(metric.label.texts.get(locale, "")):
            yield Message("label or meaning in {locale} is not written yet.", locale=locale)
            continue
        if not text.endswith(_ENDINGS):
            yield Message("the meaning in {locale} is no sentence: it ends without a full stop.", locale=locale)
        if locale != "en" and text == metric.meaning.texts["en"]:
            yield Message("the meaning in {locale} is the English one.", locale=locale)
        if locale in _SCRIPTS and not _SCRIPTS[locale].search(text):
            yield Message("the meaning in {locale} is not written in that language's script.", locale=locale)
    if metric.meaning.texts["en"].rstrip(".").casefold() == metric.label.texts["en"].casefold():
        yield Message("the meaning only repeats the label. Say which rows count, and how.")


def _examples(metric: Metric, known: Known) -> Iterator[str]:  # noqa: ARG001 - every check takes both
    if not metric.examples:
        yield Message("there is no worked example.")
    elif all(value in (None, 0) for one in metric.examples for group in one.gives for value in group[-1:]):
        yield Message("every worked example gives nought, which a wrong formula may give as well.")


def _targets(metric: Metric, known: Known) -> Iterator[str]:  # noqa: ARG001 - every check takes both
    if metric.tier is not Tier.CERTIFIED:
        return
    if metric.targets is None:
        yield Message("it is certified and states no targets: ready_by, agrees_within, settled_within.")
        return
    for name in ("ready_by", "agrees_within", "settled_within"):
        if getattr(metric.targets, name) is None:
            yield Message("it is certified and states no target `{name}`.", name=name)


def _direction(metric: Metric, known: Known) -> Iterator[str]:
    """See that a metric that is one less another goes the other way."""
    if not isinstance(metric.formula, Derived):
        return
    tree = parse(metric.formula.expression)
    is_complement = isinstance(tree, exp.Sub) and isinstance(tree.this, exp.Literal)
    if not is_complement or not isinstance(tree.expression, exp.Column):
        return
    other = known.metrics.get(tree.expression.name)
    if other is not None and other.direction == metric.direction and metric.direction is not Direction.NEITHER:
        yield Message(
            "it is what {other} leaves of one, and {direction} cannot be better for both.",
            other=other.name,
            direction=metric.direction,
        )


def _successor(metric: Metric, known: Known) -> Iterator[str]:
    named = metric.successor
    if metric.tier is Tier.DEPRECATED and named is None:
        yield Message("it is deprecated and names no successor. Add `successor:`.")
    if named is not None and (named not in known.metrics or known.metrics[named].tier is Tier.DEPRECATED):
        yield Message("{successor}, which replaces it, does not exist or is deprecated itself.", successor=named)


def _additivity(metric: Metric, known: Known) -> Iterator[str]:
    found = additivity_of(metric.formula, known)
    if metric.additivity is None:
        yield Message("it does not say over what its values may be added up. Add `additivity: {found}`.", found=found)
    elif metric.additivity is not found:
        yield Message("it says that it is {stated}, and its formula is {found}.", stated=metric.additivity, found=found)


def _unit(metric: Metric, known: Known) -> Iterator[str]:
    try:
        found = unit_of(metric.formula, known)
    except InvalidDefinition:
        return
    if found is not None and metric.unit not in _ALLOWED.get(found, (found,)):
        yield Message("the unit is {stated}, and the formula computes {found}.", stated=metric.unit, found=found)


_ALLOWED: Mapping[Unit, tuple[Unit, ...]] = {
    Unit.SHARE: (Unit.SHARE, Unit.RATIO),
    Unit.RATIO: (Unit.RATIO, Unit.SHARE),
}


def unit_of(formula: object, known: Known) -> Unit | None:
    """Tell what a formula computes, as far as contracts and other metrics say; None where they do not."""
    if isinstance(formula, str):
        return known.metrics[formula].unit if formula in known.metrics else None
    if isinstance(formula, Measure):
        return _unit_of_measure(formula, known)
    if isinstance(formula, Ratio):
        above, below = (unit_of(part, known) for part in (formula.numerator, formula.denominator))
        if formula.times != 1 or above is None or below is None:
            return None
        return Unit.SHARE if above == below else None
    if isinstance(formula, Derived):
        return _unit_of_arithmetic(parse(formula.expression), known)
    inner = {entry.name: getattr(formula, entry.name) for entry in fields(formula)} if is_dataclass(formula) else {}
    moved = str(inner.get("gives", ""))
    return Unit.SHARE if moved == "change" else unit_of(inner["metric"], known) if "window" in inner or moved else None


def _unit_of_measure(measure: Measure, known: Known) -> Unit | None:
    source = known.sources.get(measure.source)
    if source is None:
        return None
    if measure.aggregation is Aggregation.COUNT:
        return known.grains.get(source.table)
    trees = [parse(text) for text in measure.of]
    if measure.aggregation is Aggregation.COUNT_DISTINCT:
        return _IDENTIFIED.get(next((tree.name for tree in trees if tree.name in _IDENTIFIED), ""))
    return _unit_of_value(trees[0], source, known) if len(trees) == 1 else None


_IDENTIFIED: Mapping[str, Unit] = {
    "order_id": Unit.ORDERS,
    "rider_id": Unit.RIDERS,
    "merchant_id": Unit.MERCHANTS,
    "customer_id": Unit.CUSTOMERS,
}
_SAID: Mapping[str, Unit] = {
    "min": Unit.MINUTES,
    "h": Unit.HOURS,
    "m": Unit.METERS,
    "minor units": Unit.MONEY,
    "orders": Unit.ORDERS,
    "items": Unit.ITEMS,
    "riders": Unit.RIDERS,
    "people": Unit.PEOPLE,
    "stars": Unit.STARS,
}


def _unit_of_value(tree: exp.Expr, source: Source, known: Known) -> Unit | None:
    if isinstance(tree, (exp.Paren, exp.Neg, exp.Abs)):
        return _unit_of_value(tree.this, source, known)
    if isinstance(tree, exp.Anonymous):
        return Unit.MINUTES
    if isinstance(tree, exp.Column):
        return _SAID.get(known.units.get(f"{_table(tree, source)}.{tree.name}", ""))
    if isinstance(tree, exp.Div) and tree.expression in (exp.Literal.number(60), exp.Literal.number("60.0")):
        return Unit.HOURS if _unit_of_value(tree.this, source, known) is Unit.MINUTES else None
    if isinstance(tree, (exp.Add, exp.Sub, exp.Coalesce, exp.Greatest, exp.Least)):
        return _agreed(_unit_of_value(part, source, known) for part in tree.iter_expressions() if _counts(part))
    return None


def _unit_of_arithmetic(tree: exp.Expr, known: Known) -> Unit | None:
    if isinstance(tree, (exp.Paren, exp.Neg)):
        return _unit_of_arithmetic(tree.this, known)
    if isinstance(tree, exp.Column):
        return unit_of(tree.name, known)
    if isinstance(tree, (exp.Add, exp.Sub, exp.Coalesce, exp.Greatest, exp.Least)):
        return _agreed(_unit_of_arithmetic(part, known) for part in tree.iter_expressions() if _counts(part))
    if isinstance(tree, exp.Div):
        above, below = (_unit_of_arithmetic(part, known) for part in (tree.this, tree.expression))
        return Unit.SHARE if above is not None and above == below else None
    return None


def _counts(part: exp.Expr) -> bool:
    return not isinstance(part, (exp.Literal, exp.Null))


def _agreed(units: Iterator[Unit | None]) -> Unit | None:
    found = set(units)
    return found.pop() if len(found) == 1 else None


def _table(column: exp.Column, source: Source) -> str:
    return next((join.table for join in source.joins if join.name == column.table), source.table)


Check = Callable[[Metric, Known], Iterator[str]]
_CHECKS: tuple[tuple[Rule, Check], ...] = (
    (Rule.NAMING, _naming),
    (Rule.UNIT, _unit),
    (Rule.OWNER, _owner),
    (Rule.MEANING, _meaning),
    (Rule.ADDITIVITY, _additivity),
    (Rule.EXAMPLE, _examples),
    (Rule.DIRECTION, _direction),
    (Rule.TARGETS, _targets),
    (Rule.SUCCESSOR, _successor),
)
