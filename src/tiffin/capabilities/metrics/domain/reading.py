"""From the plain values of metric files to definitions; every complaint names the file, the line and the fix."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from tiffin.engines.metrics.definitions import (
    Aggregation,
    Cardinality,
    ColumnType,
    Combination,
    Definitions,
    Derived,
    Dimension,
    Direction,
    Example,
    Formula,
    Grain,
    Join,
    Kind,
    Level,
    Measure,
    Metric,
    Parent,
    Ratio,
    Source,
    Targets,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.model import Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition, Place

Choice = TypeVar("Choice", bound=StrEnum)
Read = TypeVar("Read")
PlaceOf = Callable[[Mapping[Any, Any], Any], Place]
"""Tells where a key of a mapping stands."""

LINES = "__lines__"
_NAME = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz0123456789_")


@dataclass(frozen=True, slots=True)
class File:
    """The plain content of one definition file, and how to find its lines."""

    content: Any
    place_of: PlaceOf


class _Complaint(InvalidDefinition):
    def __init__(self, message: str, place: Place | None) -> None:
        super().__init__(message)
        self.place = place


def read_definitions(files: Iterable[File]) -> tuple[Definitions, tuple[Problem, ...]]:
    """Read metric files; what cannot be read is left out and reported."""
    problems: list[Problem] = []
    dimensions: list[Dimension] = []
    sources: list[Source] = []
    metrics: list[Metric] = []
    for file in files:
        reader = _Reader(file.place_of, problems)
        content = reader.section(file.content)
        dimensions += reader.each(content, "dimensions", reader.dimension)
        sources += reader.each(content, "sources", reader.source)
        metrics += reader.each(content, "metrics", reader.metric, defaults=content.get("defaults") or {})
    return Definitions(tuple(dimensions), tuple(sources), tuple(metrics)), tuple(problems)


class _Reader:
    def __init__(self, place_of: PlaceOf, problems: list[Problem]) -> None:
        self._place = place_of
        self._problems = problems

    def section(self, content: Any) -> Mapping[str, Any]:
        try:
            return self._mapping(content, ("defaults", "dimensions", "sources", "metrics"))
        except _Complaint as error:
            self._problems.append(Problem(str(error), error.place))
            return {}

    def each(
        self,
        content: Mapping[str, Any],
        section: str,
        read: Callable[[str, Mapping[str, Any]], Read],
        *,
        defaults: Mapping[str, Any] = MappingProxyType({}),
    ) -> list[Read]:
        found = []
        entries = content.get(section) or {}
        for name in entries if isinstance(entries, Mapping) else ():
            if name == LINES:
                continue
            place = self._place(entries, name)
            try:
                self._check_name(name, place)
                own = self._mapping(entries[name], None)
                found.append(read(name, {**_without_lines(defaults), **own}))
            except _Complaint as error:
                self._problems.append(Problem(f"{name}: {error}", error.place or place))
        return found

    def dimension(self, name: str, raw: Mapping[str, Any]) -> Dimension:
        self._mapping(raw, ("type", "label", "of", "grain"))
        grain = self._choice(raw, "grain", Grain) if "grain" in raw else None
        kind = self._choice(raw, "type", ColumnType)
        return Dimension(name, kind, self._wording(raw, "label"), raw.get("of"), grain)

    def source(self, name: str, raw: Mapping[str, Any]) -> Source:
        self._mapping(raw, ("table", "key", "time", "joins", "dimensions"))
        dimensions = self._mapping(self._need(raw, "dimensions"), None)
        named = {key: str(dimensions[key]) for key in dimensions if key != LINES}
        joins = self._mapping(raw.get("joins") or {}, None)
        return Source(
            name,
            str(self._need(raw, "table")),
            tuple(raw.get("key", ())),
            str(self._need(raw, "time")),
            named,
            tuple(self._join(key, joins[key]) for key in joins if key != LINES),
            self._place(raw, "table"),
            {key: self._place(dimensions, key) for key in named},
        )

    def _join(self, name: str, raw: Mapping[str, Any]) -> Join:
        self._mapping(raw, ("table", "keys", "cardinality"))
        on = self._mapping(self._need(raw, "keys"), None)
        pairs = tuple((str(on[right]), str(right)) for right in on if right != LINES)
        return Join(name, str(self._need(raw, "table")), pairs, self._choice(raw, "cardinality", Cardinality))

    def metric(self, name: str, raw: Mapping[str, Any]) -> Metric:
        self._mapping(raw, (*_METRIC_KEYS, *_FORMULA_KEYS))
        return Metric(
            name=name,
            label=self._wording(raw, "label"),
            meaning=self._wording(raw, "meaning"),
            unit=self._choice(raw, "unit", Unit),
            direction=self._choice(raw, "direction", Direction),
            level=self._choice(raw, "level", Level),
            owner=str(self._need(raw, "owner")),
            tier=self._choice(raw, "tier", Tier),
            version=self._version(raw),
            earlier=tuple(self._version(item) for item in raw.get("earlier") or ()),
            parents=self._parents(raw.get("parents") or {}),
            targets=self._targets(raw.get("targets")),
            examples=self._examples(raw),
            never_by=tuple(raw.get("never_by") or ()),
            place=self._place(raw, None),
        )

    def _version(self, raw: Mapping[str, Any]) -> Version:
        number, since = self._need(raw, "version"), self._need(raw, "since")
        if not isinstance(number, int) or not isinstance(since, date):
            raise _Complaint("`version` is a whole number and `since` a date.", self._place(raw, "version"))
        kind = self._choice(raw, "kind", Kind)
        return Version(number, since, self._formula(kind, raw), kind)

    def _formula(self, kind: Kind, raw: Mapping[str, Any]) -> Formula:
        if kind is Kind.DERIVED:
            return Derived(str(self._need(raw, "formula")), self._place(raw, "formula"))
        if kind is Kind.RATIO:
            parts = [self._operand(raw, key) for key in ("numerator", "denominator")]
            return Ratio(parts[0], parts[1], float(raw.get("times", 1)), self._place(raw, "numerator"))
        return self._measure(raw, is_percentile=kind is Kind.PERCENTILE)

    def _operand(self, raw: Mapping[str, Any], key: str) -> Measure | str:
        part = self._need(raw, key)
        if isinstance(part, str):
            return part
        return self._measure(self._mapping(part, _MEASURE_KEYS))

    def _measure(self, raw: Mapping[str, Any], *, is_percentile: bool = False) -> Measure:
        aggregation = Aggregation.PERCENTILE if is_percentile else self._choice(raw, "aggregate", Aggregation)
        of = raw.get("of", ())
        return Measure(
            source=str(self._need(raw, "source")),
            aggregation=aggregation,
            of=tuple(str(part) for part in of) if isinstance(of, list) else (str(of),) if of != () else (),
            where=str(raw["where"]) if "where" in raw else None,
            quantile=float(self._need(raw, "quantile")) if aggregation is Aggregation.PERCENTILE else None,
            place=self._place(raw, "where" if "where" in raw else "of" if "of" in raw else "source"),
        )

    def _parents(self, raw: Mapping[str, Any]) -> tuple[Parent, ...]:
        self._mapping(raw, None)
        return tuple(Parent(name, self._choice(raw, name, Combination)) for name in raw if name != LINES)

    def _targets(self, raw: Mapping[str, Any] | None) -> Targets | None:
        if raw is None:
            return None
        self._mapping(raw, ("ready_by", "agrees_within", "settled_within"))
        return Targets(raw.get("ready_by"), raw.get("agrees_within"), raw.get("settled_within"))

    def _examples(self, raw: Mapping[str, Any]) -> tuple[Example, ...]:
        listed = [raw["example"]] if "example" in raw else raw.get("examples", [])
        if not listed:
            raise _Complaint("a worked example is missing: add `example` with `rows` and what it `gives`.", None)
        return tuple(self._example(item) for item in listed)

    def _example(self, raw: Mapping[str, Any]) -> Example:
        self._mapping(raw, ("rows", "by", "gives"))
        rows = self._mapping(self._need(raw, "rows"), None)
        tables = {name: tuple(_without_lines(row) for row in rows[name]) for name in rows if name != LINES}
        by = tuple(raw.get("by") or ())
        if "gives" not in raw:
            raise _Complaint("`gives` is missing: state the expected value.", self._place(raw, None))
        gives = raw["gives"]
        groups = tuple(tuple(row) for row in gives) if by else ((gives,),)
        return Example(tables, groups, by)

    def _wording(self, raw: Mapping[str, Any], key: str) -> Wording:
        texts = self._mapping(self._need(raw, key), LOCALES)
        for locale in LOCALES:
            if not str(texts.get(locale) or "").strip():
                raise _Complaint(
                    f"`{key}` has no text in {locale}. Add `{locale}:` under `{key}`.", self._place(raw, key)
                )
        return Wording({locale: " ".join(str(texts[locale]).split()) for locale in LOCALES})

    def _choice(self, raw: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
        found = str(self._need(raw, key))
        try:
            return choices(found)
        except ValueError:
            known = ", ".join(choices)
            message = f"`{key}` is one of {known}; found {found!r}.{near(found, list(choices))}"
            raise _Complaint(message, self._place(raw, key)) from None

    def _need(self, raw: Mapping[str, Any], key: str) -> Any:
        if raw.get(key) is None:
            raise _Complaint(f"`{key}` is missing. Add `{key}:`.", self._place(raw, None))
        return raw[key]

    def _mapping(self, raw: Any, allowed: Iterable[str] | None) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            raise _Complaint(f"names with values were expected, found {raw!r}.", None)
        for key in raw:
            if allowed is not None and key != LINES and key not in tuple(allowed):
                known = tuple(allowed)
                message = f"`{key}` means nothing here; known are {', '.join(known)}.{near(str(key), known)}"
                raise _Complaint(message, self._place(raw, key))
        return raw

    def _check_name(self, name: Any, place: Place) -> None:
        if not isinstance(name, str) or name.translate(_NAME) or not name[:1].isalpha():
            raise _Complaint("a name has lower-case letters, digits and _ only, and begins with a letter.", place)


_MEASURE_KEYS = ("source", "aggregate", "of", "where", "quantile")
_FORMULA_KEYS = (*_MEASURE_KEYS, "kind", "version", "since", "numerator", "denominator", "times", "formula")
_METRIC_KEYS = (
    "label",
    "meaning",
    "unit",
    "direction",
    "level",
    "owner",
    "tier",
    "earlier",
    "parents",
    "targets",
    "example",
    "examples",
    "never_by",
)


def _without_lines(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in row.items() if key != LINES}
