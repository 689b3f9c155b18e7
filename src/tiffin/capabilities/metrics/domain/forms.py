"""The form of a definition: one table of fields for each kind, and the way between a form's texts and plain values.

Whatever a definition holds that its kind's fields do not cover stands in the field ``other`` as YAML: nothing is lost.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tiffin.capabilities.metrics.domain.drafts import in_order
from tiffin.engines.metrics.compiling.spans import TimeUnit
from tiffin.engines.metrics.definitions import Additivity, Direction, Level, Tier, Unit
from tiffin.engines.metrics.formulas import Aggregation, Calculation, Comparison, Kind, Take
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition

OTHER = "other"
OPERANDS = ("numerator", "denominator")
"""Parts of a formula that are another metric's name or a measure of their own."""

Values = Mapping[str, str]


class Entry(StrEnum):
    """What is typed into a field."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    EXPRESSION = "expression"
    NAMES = "names"
    NUMBER = "number"
    DATE = "date"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; its path is the dotted place in the definition, ``label`` a message to translate.

    Parameters
    ----------
    choices : tuple of str
        Values of a choice; a leading empty one where it may be left open.
    from_list : str
        Name of the list that a page fills the choices with: metrics, sources, dimensions.
    """

    path: str
    label: str
    entry: Entry = Entry.LINE
    choices: tuple[str, ...] = ()
    from_list: str = ""
    hint: str = ""


def mark(text: str) -> str:
    """Mark a message for translation where it is written; pages translate it."""
    return text


def _measure(above: str = "", *, with_metric: bool = False) -> tuple[FormField, ...]:
    prefix = f"{above}." if above else ""
    fields = (
        FormField(f"{prefix}source", mark("Source"), Entry.CHOICE, from_list="sources"),
        FormField(f"{prefix}aggregate", mark("Aggregate"), Entry.CHOICE, ("", *Aggregation)),
        FormField(f"{prefix}of", mark("Of which expression"), Entry.EXPRESSION, hint="basket_minor - discount_minor"),
        FormField(f"{prefix}where", mark("Rows that count"), Entry.EXPRESSION, hint="status = 'delivered'"),
    )
    return (FormField(f"{above}.metric", mark("Metric"), from_list="metrics"), *fields) if with_metric else fields


def _event(above: str) -> tuple[FormField, ...]:
    return (
        FormField(f"{above}.source", mark("Source"), Entry.CHOICE, from_list="sources"),
        FormField(f"{above}.at", mark("Moment"), Entry.EXPRESSION, hint="placed_at"),
        FormField(f"{above}.entity", mark("Entity"), Entry.EXPRESSION, hint="customer_id"),
        FormField(f"{above}.where", mark("Rows that count"), Entry.EXPRESSION, hint="status = 'delivered'"),
    )


_METRIC = FormField("metric", mark("Metric"), from_list="metrics")
_QUANTILE = FormField("quantile", mark("Quantile, 0 to 1"), Entry.NUMBER)

FORMULA_FIELDS: Mapping[str, tuple[FormField, ...]] = {
    "simple": _measure(),
    "percentile": (_measure()[0], *_measure()[2:], _QUANTILE),
    "ratio": (
        *_measure("numerator", with_metric=True),
        *_measure("denominator", with_metric=True),
        FormField("times", mark("Times"), Entry.NUMBER, hint="10000"),
    ),
    "derived": (FormField("formula", mark("Formula over metrics"), Entry.EXPRESSION, hint="1 - late_share"),),
    "cumulative": (
        _METRIC,
        FormField("window", mark("Window"), hint="7 days"),
        FormField("to_date", mark("From the beginning of"), Entry.CHOICE, ("", *TimeUnit)),
    ),
    "period_over_period": (
        _METRIC,
        FormField("offset", mark("Compared with the value before"), hint="7 days"),
        FormField("gives", mark("Gives"), Entry.CHOICE, ("", *Comparison)),
    ),
    "conversion": (
        *_event("base"),
        *_event("conversion"),
        FormField("within", mark("Within"), hint="7 days"),
        FormField("calculation", mark("Calculation"), Entry.CHOICE, ("", *Calculation)),
    ),
    "snapshot": (
        *_measure(),
        FormField("take", mark("Which moment counts"), Entry.CHOICE, ("", *Take)),
        FormField("at", mark("Moment"), Entry.EXPRESSION, hint="slot_at"),
        FormField("per", mark("For each of"), Entry.NAMES, from_list="dimensions"),
    ),
    "nested": (
        _METRIC,
        FormField("per", mark("For each of"), Entry.NAMES, from_list="dimensions"),
        FormField("aggregate", mark("Aggregate"), Entry.CHOICE, ("", *Aggregation)),
        FormField("having", mark("Values that count"), Entry.EXPRESSION, hint="value >= 3"),
        _QUANTILE,
    ),
}
"""Fields of the formula by kind; a new kind is one entry here."""

NAMING = (
    FormField("kind", mark("Kind"), Entry.CHOICE, tuple(kind for kind in FORMULA_FIELDS if kind in set(Kind))),
    FormField("unit", mark("Unit"), Entry.CHOICE, tuple(Unit)),
    FormField("direction", mark("Direction"), Entry.CHOICE, tuple(Direction)),
    FormField("level", mark("Level"), Entry.CHOICE, tuple(Level)),
    FormField("owner", mark("Owner"), hint="city_operations"),
    FormField("tier", mark("Tier"), Entry.CHOICE, tuple(Tier)),
    FormField("since", mark("Holds since"), Entry.DATE),
    FormField("successor", mark("Replaced by"), from_list="metrics"),
    FormField("additivity", mark("Additivity"), Entry.CHOICE, ("", *Additivity)),
)

WORDINGS = tuple(
    FormField(f"{key}.{locale}", label, entry)
    for key, label, entry in (("label", mark("Label"), Entry.LINE), ("meaning", mark("Meaning"), Entry.TEXT))
    for locale in LOCALES
)

PLACING = (
    FormField("parents", mark("In the tree"), Entry.YAML, hint="{orders: adds}"),
    FormField("never_by", mark("Never split by"), Entry.NAMES, from_list="dimensions"),
    FormField("targets.ready_by", mark("Ready by"), hint="09:00"),
    FormField("targets.agrees_within", mark("Agrees with an independent count within"), Entry.NUMBER, hint="0.001"),
    FormField("targets.settled_within", mark("A settled day moves by at most"), Entry.NUMBER, hint="0.005"),
    FormField("example", mark("Worked example"), Entry.YAML),
    FormField("examples", mark("More worked examples"), Entry.YAML),
    FormField(OTHER, mark("Anything else, as YAML"), Entry.YAML),
)


def fields_of(kind: str) -> tuple[FormField, ...]:
    """Give every field of a definition of a kind."""
    return (*WORDINGS, *NAMING, *FORMULA_FIELDS.get(kind, ()), *PLACING)


def form_values(plain: Mapping[str, Any], *, write: Callable[[Any], str]) -> dict[str, str]:
    """Fill the form of a definition.

    Parameters
    ----------
    write : callable
        Writes plain values as YAML.
    """
    values, covered = {}, set()
    for field in fields_of(str(plain.get("kind", ""))):
        if field.path == OTHER:
            continue
        found = _value_at(plain, field.path)
        if _fits(found, field):
            values[field.path] = _text(found, field, write)
            covered.add(field.path)
    rest = _without(plain, covered | {"version", "earlier"})
    values[OTHER] = write(rest).strip() if rest else ""
    return values


def plain_of(values: Values, *, read: Callable[[str, str], Any]) -> dict[str, Any]:
    """Turn a filled form into a definition; empty fields are left out.

    Parameters
    ----------
    read : callable
        Reads YAML; its second argument is the field's path, for complaints.

    Raises
    ------
    InvalidField
        A field holds what cannot be read.
    """
    found: dict[str, Any] = {}
    for field in fields_of(values.get("kind", "")):
        text = values.get(field.path, "").strip()
        if text and field.path != OTHER:
            _put(found, field.path, _plain(text, field, read))
    other = read(values.get(OTHER, ""), OTHER) if values.get(OTHER, "").strip() else {}
    if not isinstance(other, Mapping):
        raise InvalidField(OTHER, "names with values were expected.")
    return in_order(_joined(other, found))


class InvalidField(InvalidDefinition):
    """A field of a form holds what cannot be read."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


def _value_at(plain: Mapping[str, Any], path: str) -> Any:
    above, _, last = path.rpartition(".")
    if last == "metric" and above in OPERANDS:
        found = plain.get(above)
        return found if isinstance(found, str) else None
    reached: Any = plain
    for key in path.split("."):
        reached = reached.get(key) if isinstance(reached, Mapping) else None
    return reached


def _fits(found: Any, field: FormField) -> bool:
    if found is None:
        return False
    if field.entry is Entry.YAML:
        return True
    if field.entry in (Entry.NAMES, Entry.EXPRESSION) and isinstance(found, list):
        return all(isinstance(item, (str, int, float)) for item in found)
    return not isinstance(found, (Mapping, list))


def _text(found: Any, field: FormField, write: Callable[[Any], str]) -> str:
    if field.entry is Entry.YAML:
        return write(found).strip()
    if isinstance(found, list):
        return ("\n" if field.entry is Entry.EXPRESSION else ", ").join(map(str, found))
    return str(found)


def _plain(text: str, field: FormField, read: Callable[[str, str], Any]) -> Any:
    if field.entry is Entry.YAML:
        return read(text, field.path)
    if field.entry is Entry.NUMBER:
        return _number(text, field)
    if field.entry is Entry.DATE:
        return _date(text, field)
    if field.entry is Entry.NAMES:
        return [name.strip() for name in text.replace("\n", ",").split(",") if name.strip()]
    if field.path.rpartition(".")[2] in ("of", "entity") and "\n" in text:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(text.split())


def _number(text: str, field: FormField) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise InvalidField(field.path, f"a number was expected, {text!r} was found.") from None
    return int(number) if number.is_integer() else number


def _date(text: str, field: FormField) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidField(field.path, f"a date such as 2026-02-01 was expected, {text!r} was found.") from None


def _put(found: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    if last == "metric" and above and above[-1] in OPERANDS:
        found[above[-1]] = value
        return
    level = found
    for key in above:
        below = level.setdefault(key, {})
        if not isinstance(below, dict):
            return  # a metric's name stands there already, and a measure beside it would contradict it
        level = below
    level[last] = value


def _without(plain: Mapping[str, Any], paths: set[str], above: str = "") -> dict[str, Any]:
    return dict(_left(plain, paths, above))


def _left(plain: Mapping[str, Any], paths: set[str], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in plain.items():
        path = f"{above}{key}"
        if path in paths or (isinstance(value, str) and f"{path}.metric" in paths):
            continue
        if isinstance(value, Mapping) and any(one.startswith(f"{path}.") for one in paths):
            below = _without(value, paths, f"{path}.")
            if below:
                yield key, below
        else:
            yield key, value


def _joined(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        result[key] = _joined(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def field_at(lines: Sequence[tuple[int, str]], line: int | None, paths: Sequence[str]) -> str:
    """Tell which field stands at a line of a text, given the line on which each key stands; empty where none does."""
    if line is None:
        return ""
    above = [path for at, path in lines if at <= line]
    path = above[-1] if above else ""
    while path:
        if path in paths:
            return path
        if f"{path}.metric" in paths:
            return f"{path}.metric"
        nearest = next((one for one in paths if one.startswith(f"{path}.")), "")
        if nearest:
            return nearest
        path = path.rpartition(".")[0]
    return OTHER if above else ""
