"""From the plain values of metric files to definitions; every complaint names the file, the line and the fix."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from tiffin.capabilities.metrics.domain.formulas import FORMULA_KEYS, FormulaReader
from tiffin.capabilities.metrics.domain.plain import LINES, Complaint, PlaceOf, without_lines
from tiffin.engines.metrics.definitions import (
    Additivity,
    Cardinality,
    ColumnType,
    Combination,
    Definitions,
    Dimension,
    Direction,
    Example,
    Grain,
    Join,
    Level,
    Metric,
    Parent,
    Source,
    Targets,
    Tier,
    Unit,
    Validity,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import Kind
from tiffin.engines.metrics.model import Problem
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Place
from tiffin.kernel.time import Days

Read = TypeVar("Read")
IMPORTED = "imported"
"""Says where a definition comes from that people have not completed yet: English texts do, and no example is needed."""

_NAME = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz0123456789_")


@dataclass(frozen=True, slots=True)
class File:
    """The plain content of one definition file, and how to find its lines."""

    content: Any
    place_of: PlaceOf


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


class _Reader(FormulaReader):
    def section(self, content: Any) -> Mapping[str, Any]:
        try:
            return self._mapping(content, ("defaults", "dimensions", "sources", "metrics"))
        except Complaint as error:
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
                found.append(read(name, {**without_lines(defaults), **own}))
            except Complaint as error:
                self._problems.append(Problem(f"{name}: {error}", error.place or place))
        return found

    def dimension(self, name: str, raw: Mapping[str, Any]) -> Dimension:
        self._mapping(raw, ("type", "label", "of", "grain", IMPORTED))
        grain = self._choice(raw, "grain", Grain) if "grain" in raw else None
        kind = self._choice(raw, "type", ColumnType)
        return Dimension(name, kind, self._wording(raw, "label"), raw.get("of"), grain)

    def source(self, name: str, raw: Mapping[str, Any]) -> Source:
        self._mapping(raw, ("table", "key", "time", "joins", "dimensions", IMPORTED))
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
        self._mapping(raw, ("table", "keys", "cardinality", "valid"))
        on = self._mapping(self._need(raw, "keys"), None)
        pairs = tuple((str(on[right]), str(right)) for right in on if right != LINES)
        cardinality = self._choice(raw, "cardinality", Cardinality)
        return Join(name, str(self._need(raw, "table")), pairs, cardinality, self._validity(raw.get("valid")))

    def _validity(self, raw: Mapping[str, Any] | None) -> Validity | None:
        if raw is None:
            return None
        self._mapping(raw, ("from", "to", "at"))
        return Validity(*(str(self._need(raw, key)) for key in ("from", "to", "at")))

    def metric(self, name: str, raw: Mapping[str, Any]) -> Metric:
        self._mapping(raw, (*_METRIC_KEYS, *FORMULA_KEYS))
        if IMPORTED in raw and raw.get("tier") != Tier.DRAFT:
            why = "an imported metric is a draft until its texts and its example are complete; then take it away."
            raise Complaint(f"`{IMPORTED}`: {why}", self._place(raw, IMPORTED))
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
            additivity=self._choice(raw, "additivity", Additivity) if "additivity" in raw else None,
            successor=str(raw["successor"]) if "successor" in raw else None,
            place=self._place(raw, None),
        )

    def _version(self, raw: Mapping[str, Any]) -> Version:
        number, since = self._need(raw, "version"), self._need(raw, "since")
        if not isinstance(number, int) or not isinstance(since, date):
            raise Complaint("`version` is a whole number and `since` a date.", self._place(raw, "version"))
        kind = self._choice(raw, "kind", Kind)
        return Version(number, since, self._formula(kind, raw), kind)

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
        if not listed and IMPORTED not in raw:
            raise Complaint("a worked example is missing: add `example` with `rows` and what it `gives`.", None)
        return tuple(self._example(item) for item in listed)

    def _example(self, raw: Mapping[str, Any]) -> Example:
        self._mapping(raw, ("rows", "by", "days", "gives"))
        rows = self._mapping(self._need(raw, "rows"), None)
        tables = {name: tuple(without_lines(row) for row in rows[name]) for name in rows if name != LINES}
        by = tuple(raw.get("by") or ())
        if "gives" not in raw:
            raise Complaint("`gives` is missing: state the expected value.", self._place(raw, None))
        gives = raw["gives"]
        groups = tuple(tuple(row) for row in gives) if by else ((gives,),)
        return Example(tables, groups, by, self._days(raw))

    def _days(self, raw: Mapping[str, Any]) -> Days | None:
        asked = raw.get("days")
        if asked is None:
            return None
        if not (isinstance(asked, list) and [type(day) for day in asked] == [date, date] and asked[0] <= asked[1]):
            raise Complaint(
                "`days` is the first and the last day, such as [2026-01-05, 2026-01-11].", self._place(raw, "days")
            )
        return Days(asked[0], asked[1])

    def _wording(self, raw: Mapping[str, Any], key: str) -> Wording:
        texts = self._mapping(self._need(raw, key), LOCALES)
        wanted = ("en", *(locale for locale in texts if locale in LOCALES)) if IMPORTED in raw else LOCALES
        for locale in wanted:
            if not str(texts.get(locale) or "").strip():
                raise Complaint(
                    f"`{key}` has no text in {locale}. Add `{locale}:` under `{key}`.", self._place(raw, key)
                )
        return Wording({locale: " ".join(str(texts[locale]).split()) for locale in wanted})

    def _check_name(self, name: Any, place: Place) -> None:
        if not isinstance(name, str) or name.translate(_NAME) or not name[:1].isalpha():
            raise Complaint("a name has lower-case letters, digits and _ only, and begins with a letter.", place)


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
    "additivity",
    "successor",
    IMPORTED,
)
