"""How things are named in requests and filters: ``listing__user__ds__month``, ``{{ Dimension('user__state') }}``."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.semantic.manifest import GRAINS, METRIC_TIME
from tiffin.kernel.errors import WrongUse

DIALECT = "duckdb"

_CALL = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_PLACE = re.compile(r'"?__named_(\d+)__"?')
_CALLS = ("Dimension", "TimeDimension", "Entity", "Metric")
_GRAIN_ARGUMENT = 2


@dataclass(frozen=True, slots=True)
class Ref:
    """A dimension, entity or time of a request, with the entities by which it is reached."""

    path: tuple[str, ...]
    name: str
    grain: str | None = None
    part: str | None = None

    @property
    def is_metric_time(self) -> bool:
        """Tell whether each metric's own time is meant."""
        return self.name == METRIC_TIME

    @property
    def column(self) -> str:
        """Name of the result's column."""
        ending = f"extract_{self.part}" if self.part else self.grain
        return "__".join([*self.path, self.name, *([ending] if ending else [])])


@dataclass(frozen=True, slots=True)
class MetricRef:
    """A metric that a filter compares, for each value of some entities."""

    metric: str
    by: tuple[Ref, ...]


Named = Ref | MetricRef


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition whose names are taken out, to be written wherever it applies."""

    sql: str
    named: tuple[Named, ...]

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Dimensions, entities and times that it compares."""
        return tuple(found for found in self.named if isinstance(found, Ref))

    def written(self, column: Callable[[Named], str]) -> str:
        """Write the condition with the SQL of each name."""
        return f"({_PLACE.sub(lambda found: column(self.named[int(found[1])]), self.sql)})"


def ref_of(text: str, grains: frozenset[str]) -> Ref:
    """Read a name whose parts are joined by two underscores, the last of which may be a grain."""
    parts = text.split("__")
    grain = parts.pop() if len(parts) > 1 and parts[-1] in grains else None
    if not all(part.isidentifier() for part in parts):
        raise WrongUse(f"{text} names no dimension; expected one such as listing__country or metric_time__month.")
    return Ref(tuple(parts[:-1]), parts[-1], grain)


def all_grains(custom: tuple[str, ...]) -> frozenset[str]:
    """Give every grain that a name may end in."""
    return frozenset((*GRAINS, *custom))


def filter_of(text: str, grains: frozenset[str]) -> Filter:
    """Read a filter: SQL in which ``{{ Dimension(…) }}``, ``TimeDimension``, ``Entity`` and ``Metric`` stand for names.

    Raises
    ------
    WrongUse
        It is no single condition, or names something that is no declared name.
    """
    named: list[Named] = []

    def place(found: Named) -> str:
        named.append(found)
        return f"__named_{len(named) - 1}__"

    laid = _CALL.sub(lambda found: place(named_of(found[1], grains)), text)
    try:
        tree = sqlglot.parse_one(laid, dialect=DIALECT)
    except sqlglot.errors.SqlglotError as error:
        raise WrongUse(f"The filter {text!r} could not be read as a condition: {error}") from error
    if not isinstance(tree, exp.Condition) or tree.find(exp.Query):
        raise WrongUse(f"The filter {text!r} must be one condition, without statements or subqueries.")
    for column in tree.find_all(exp.Column):
        if not _PLACE.fullmatch(column.name):
            column.replace(exp.column(place(ref_of(column.name, grains))))
    return Filter(tree.sql(DIALECT), tuple(named))


def named_of(text: str, grains: frozenset[str]) -> Named:
    """Read ``Dimension('order__city')``, ``TimeDimension('metric_time', 'day')``, ``Entity(…)`` or ``Metric(…)``.

    Raises
    ------
    WrongUse
        It is nothing of the kind.
    """
    try:
        return _named_by(ast.parse(text, mode="eval").body, grains)
    except (SyntaxError, ValueError, TypeError, LookupError) as error:
        raise WrongUse(
            f"{{{{ {text} }}}} names nothing that a filter may compare; expected Dimension('order__city') or the like."
        ) from error


def _named_by(call: ast.expr, grains: frozenset[str]) -> Named:
    grain = part = None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("grain", "date_part"):
        asked = str(ast.literal_eval(call.args[0]))
        grain, part = (asked, None) if call.func.attr == "grain" else (None, asked)
        call = call.func.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in _CALLS:
        raise ValueError("no call of a known name")
    values = [ast.literal_eval(value) for value in call.args]
    keys = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    if call.func.id == "Metric":
        by = values[1] if len(values) > 1 else keys["group_by"]
        return MetricRef(values[0], tuple(ref_of(name, grains) for name in by))
    found = ref_of(values[0], grains)
    path = (*(keys.get("entity_path") or ()), *found.path)
    if len(values) >= _GRAIN_ARGUMENT and call.func.id == "TimeDimension":
        grain = values[1]
    return replace(found, path=path, grain=grain or keys.get("time_granularity_name") or found.grain, part=part)
