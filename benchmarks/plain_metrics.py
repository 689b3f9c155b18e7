"""What metrics mean, computed in plain Python from ``docs/metric-semantics.md`` alone.

Slow, small and independent of the compiler: it reads definitions and rows, and knows nothing of SQL, roll-ups or
engines. What random requests are answered is compared with it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from plain_days import DATED, OWN, PERIODS, Answering, Choice, Frame, days_of, holds, period_of, standing, window
from plain_expressions import over_values
from plain_facts import Fact, Opening, Tables, facts_of, meets
from plain_money import UsdRate, rates_for, told_whole
from plain_values import Values
from plain_versions import chosen

from tiffin.engines.metrics.definitions import ColumnType, Dimension, Metric, Source
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Compared,
    Comparison,
    Conversion,
    Cumulative,
    Derived,
    Formula,
    Measure,
    Nested,
    Ratio,
)
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.kernel.money import MINOR_DIGITS

Group = tuple[Any, ...]
Answer = dict[Group, tuple[Any, ...]]
MONEY = ("city_id", "currency")


@dataclass(frozen=True, slots=True)
class City:
    """What is known of a city."""

    country: str | None
    currency: str | None
    feed: str | None = None


class Plain:
    """Definitions and rows, ready to be asked."""

    def __init__(
        self,
        dimensions: Mapping[str, Dimension],
        sources: Mapping[str, Source],
        metrics: Mapping[str, Metric],
        tables: Tables,
        usd_rates: Sequence[UsdRate] = (),
    ) -> None:
        self.dimensions, self.sources, self.metrics, self.tables = dimensions, sources, metrics, tables
        self.usd_rates = usd_rates
        self._facts: dict[str, list[Fact]] = {}

    def under(self, request: MetricRequest) -> "Plain":
        """Give the same facts under the versions of metrics that a request means."""
        found = copy(self)
        found.metrics = chosen(self.metrics, request.metrics, request.under)
        return found

    def facts(self, source: str) -> list[Fact]:
        """Give all rows of a source."""
        if source not in self._facts:
            self._facts[source] = facts_of(self.sources[source], self.tables, self.dimensions)
        return self._facts[source]

    def cities(self, sources: Iterable[str]) -> dict[str, City]:
        """Give every city: those that are described, and those that have rows all the same."""
        rows = self.tables.get("cities", ())
        known = {row["city_id"]: City(row["country"], row["currency"], row["source"]) for row in rows}
        strangers = {fact.city for source in sources for fact in self.facts(source)} - known.keys()
        return known | dict.fromkeys(strangers, City(None, None))

    def recorded(self, sources: Sequence[str]) -> frozenset[str]:
        """Give the cities in which all of some sources are recorded: by rows, or by the feed that brings them."""
        cities = self.cities(sources)
        found = set(cities)
        for source in sources:
            facts = self.facts(source)
            feeds = {fact.rows["base"]["source"] for fact in facts}
            held = {fact.city for fact in facts}
            found &= held | {city for city, item in cities.items() if item.feed in feeds and item.feed is not None}
        return frozenset(found)

    # What a formula reads.

    def formula(self, part: Measure | str) -> Formula:
        """Give the formula of a metric, or of a part that is written in place."""
        return self.metrics[part].formula if isinstance(part, str) else part

    def parts(self, formula: Formula) -> list[Formula]:
        """Give the formulas that a formula is made of."""
        if isinstance(formula, Ratio):
            return [self.formula(formula.numerator), self.formula(formula.denominator)]
        if isinstance(formula, Derived):
            return [self.formula(name) for name in over_values(formula.expression)[1]]
        if isinstance(formula, (Cumulative, Compared, Nested)):
            return [self.formula(formula.metric)]
        return []

    def sources_of(self, formula: Formula) -> tuple[str, ...]:
        """Name the sources that a formula reads."""
        if isinstance(formula, Measure):
            return (formula.source,)
        if isinstance(formula, Conversion):
            return tuple(dict.fromkeys((formula.base.source, formula.conversion.source)))
        return tuple(dict.fromkeys(name for part in self.parts(formula) for name in self.sources_of(part)))

    def dimensions_of(self, formula: Formula) -> set[str]:
        """Name the dimensions by which a formula can be split."""
        if isinstance(formula, (Measure, Conversion)):
            own = set(self.sources[formula.source if isinstance(formula, Measure) else formula.base.source].dimensions)
            return own | {item.name for item in self.dimensions.values() if item.grain_of in own}
        return set.intersection(*(self.dimensions_of(part) for part in self.parts(formula)))

    def shared_by(self, name: str) -> set[str]:
        """Name the dimensions by which a metric can be split, its own exceptions taken away."""

        def excepted(metric: str) -> set[str]:
            return set(self.metrics[metric].never_by)

        return self.dimensions_of(self.metrics[name].formula) - excepted(name)

    def is_money(self, formula: Formula) -> bool:
        """Tell whether a formula adds up or ranks money."""
        if isinstance(formula, Measure):
            counts = formula.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT)
            return not counts and any("_minor" in text for text in formula.of)
        if isinstance(formula, Nested) and formula.aggregation is Aggregation.COUNT:
            return False
        return any(self.is_money(part) for part in self.parts(formula))

    def splits(self, formula: Formula, by: tuple[str, ...], *, framed: bool = False) -> Iterator[tuple[str, ...]]:
        """Give the dimensions by which parts that read other days than their own are split."""
        if isinstance(formula, (Measure, Conversion)):
            if framed:
                yield by
            return
        framed = framed or isinstance(formula, (Cumulative, Compared))
        more = (*by, *formula.per) if isinstance(formula, Nested) else by
        for part in self.parts(formula):
            yield from self.splits(part, more, framed=framed)

    def answer(self, request: MetricRequest, openings: Sequence[Opening]) -> Answer:
        """Answer a request over the rows that some grants open.

        Raises
        ------
        Forbidden, NotFound, WrongUse
            It has no answer.
        """
        return Asking(self.under(request), request, openings).answer()


class Asking:
    """One request."""

    def __init__(self, plain: Plain, request: MetricRequest, openings: Sequence[Opening]) -> None:
        self.plain, self.request = plain, request
        self.masked = {name for name in request.metrics if not self._opened((name,), openings)}
        self.told = tuple(name for name in request.metrics if name not in self.masked)
        self.openings = self._opened(self.told, openings) if self.told else ()
        if not self.openings:
            raise Forbidden("nothing is opened")
        self.formulas = {name: plain.metrics[name].formula for name in self.told}
        self.sources = tuple(dict.fromkeys(s for formula in self.formulas.values() for s in plain.sources_of(formula)))
        self.cities = plain.cities(self.sources)
        self.touched = self._touched()
        currencies = {self.cities[city].currency for city in self.touched}
        self.rates = rates_for(request, currencies, plain.usd_rates, MINOR_DIGITS)
        self._refuse()
        self.on_days = [item for item in request.where if item.dimension in DATED]
        self.on_rows = [item for item in request.where if item.dimension not in DATED]
        self.asked = self._asked_days()
        self.chosen = frozenset(day for day in self.asked if self._is_chosen(day))
        self._seen: dict[str, list[Fact]] = {}
        self._indexes: dict[Any, dict[Group, list[Fact]]] = {}
        self.shots: dict[Any, dict[Group, Any]] = {}
        self.credited: dict[Any, Counter[int]] = {}

    def _opened(self, names: tuple[str, ...], openings: Sequence[Opening]) -> tuple[Opening, ...]:
        """Give the grants whose rows can be told apart in every source of some metrics."""
        plain = self.plain
        sources = {source for name in names for source in plain.sources_of(plain.metrics[name].formula)}
        return tuple(
            opening
            for opening in openings
            if all(name in plain.sources[source].dimensions for source in sources for name, _ in opening.within)
        )

    def _touched(self) -> frozenset[str]:
        found = {
            city for city, item in self.cities.items() if any(o.has_place(city, item.country) for o in self.openings)
        }
        for condition in self.request.where:
            if condition.dimension in ("city_id", "country", "currency") and condition.values:
                found = {city for city in found if meets(condition, self._place(city, condition.dimension))}
        return frozenset(found)

    def _place(self, city: str, dimension: str) -> str | None:
        return city if dimension == "city_id" else getattr(self.cities[city], dimension)

    def _refuse(self) -> None:
        plain, request = self.plain, self.request
        asked = {*request.by, *(condition.dimension for condition in request.where)}
        for name, formula in self.formulas.items():
            if asked - plain.shared_by(name):
                raise WrongUse("not a dimension of the metric")
            for by in plain.splits(formula, request.by):
                periods = {item for item in by if item in PERIODS}
                moments = [item for item in by if plain.dimensions[item].type is ColumnType.INSTANT]
                if len(periods) > 1 or "weekday" in by or moments:
                    raise WrongUse("split by more than one period")
        dated = [name for name in request.by if name in DATED]
        if request.fill and (len(dated) != 1 or dated == ["weekday"]):
            raise WrongUse("empty periods of no period")
        if not self.rates and any(map(plain.is_money, self.formulas.values())) and self._mixes_money():
            raise WrongUse("several currencies")

    def _mixes_money(self) -> bool:
        if {*self.request.by} & {*MONEY}:
            return False
        groups: dict[Any, set[Any]] = {}
        for city in self.touched:
            group = self.cities[city].country if "country" in self.request.by else None
            groups.setdefault(group, set()).add(self.cities[city].currency)
        return any(len(found) > 1 for found in groups.values())

    def _asked_days(self) -> frozenset[date]:
        if self.request.days:
            return days_of(self.request.days.first, self.request.days.last)
        held = [fact.day for source in self.sources for fact in self.plain.facts(source) if fact.city in self.touched]
        return days_of(min(held), max(held)) if held else frozenset()

    def _is_chosen(self, day: date) -> bool:
        return all(meets(condition, period_of(day, condition.dimension)) for condition in self.on_days)

    # Rows.

    def seen(self, source: str) -> list[Fact]:
        """Give the rows of a source that may be seen."""
        if source not in self._seen:
            facts = self.plain.facts(source)
            self._seen[source] = [fact for fact in facts if any(opening.shows(fact) for opening in self.openings)]
        return self._seen[source]

    def meeting(self, source: str) -> list[Fact]:
        """Give those of them that meet the conditions on rows."""
        return [f for f in self.seen(source) if all(meets(item, f.dims.get(item.dimension)) for item in self.on_rows)]

    def _index(self, source: str, names: tuple[str, ...]) -> dict[Group, list[Fact]]:
        key = (source, names)
        if key not in self._indexes:
            index: dict[Group, list[Fact]] = {}
            for fact in self.meeting(source):
                index.setdefault(tuple(fact.dims.get(name) for name in names), []).append(fact)
            self._indexes[key] = index
        return self._indexes[key]

    def days_for(self, key: Mapping[str, Any], frame: Frame) -> Choice:
        """Give the days whose rows stand for the period of a group."""
        dated = {name: value for name, value in key.items() if name in DATED}
        own = frozenset(d for d in self.chosen if all(period_of(d, name) == value for name, value in dated.items()))
        if frame == OWN or not own:
            return own
        answering: Answering = standing(own, dated)
        for offset in frame.offsets:
            answering = answering.earlier(offset)
        return window(frame.window, max(answering.days)) if frame.window else answering.days

    def rows(self, source: str, key: Mapping[str, Any], frame: Frame) -> list[Fact]:
        """Give the rows of a source that stand for a group."""
        names = tuple(name for name in key if name not in DATED)
        found = self._index(source, names).get(tuple(key[name] for name in names), ())
        days = self.days_for(key, frame)
        return [fact for fact in found if holds(days, fact.day)]

    # Groups.

    def groups(self, formula: Formula, by: tuple[str, ...], frame: Frame = OWN) -> set[Group]:
        """Give the groups in which a formula has a row."""
        if isinstance(formula, (Measure, Conversion)):
            source = formula.source if isinstance(formula, Measure) else formula.base.source
            return self._groups_of(source, by, frame)
        if isinstance(formula, Nested):
            more = (*by, *(name for name in formula.per if name not in by))
            return {group[: len(by)] for group in self.groups(self.plain.formula(formula.metric), more, frame)}
        if isinstance(formula, Cumulative):
            return self.groups(self.plain.formula(formula.metric), by, self._windowed(formula, frame))
        if isinstance(formula, Compared):
            inner = self.plain.formula(formula.metric)
            before = self.groups(inner, by, replace(frame, offsets=(*frame.offsets, formula.offset)))
            return before if formula.gives is Comparison.VALUE else before | self.groups(inner, by, frame)
        return set().union(*(self.groups(part, by, frame) for part in self.plain.parts(formula)))

    def _windowed(self, formula: Cumulative, frame: Frame) -> Frame:
        return replace(frame, window=formula.window)

    def _groups_of(self, source: str, by: tuple[str, ...], frame: Frame) -> set[Group]:
        dated = tuple(name for name in by if name in DATED)
        others = tuple(name for name in by if name not in DATED)
        found = set()
        for period in {tuple(period_of(day, name) for name in dated) for day in self.chosen}:
            days = self.days_for(dict(zip(dated, period, strict=True)), frame)
            for rest, facts in self._index(source, others).items():
                if any(holds(days, fact.day) for fact in facts):
                    key = dict(zip((*dated, *others), (*period, *rest), strict=True))
                    found.add(tuple(key[name] for name in by))
        return found

    def answer(self) -> Answer:
        """Give the answer."""
        by = self.request.by
        groups = set().union(*(self.groups(formula, by) for formula in self.formulas.values()))
        if not by:
            groups = {()}
        elif self.request.fill:
            groups = self._filled(groups)
        return {group: self._told(dict(zip(by, group, strict=True))) for group in groups}

    def _filled(self, groups: set[Group]) -> set[Group]:
        by = self.request.by
        dated = [index for index, name in enumerate(by) if name in DATED]
        if not dated:
            return groups
        rest = {tuple(None if index in dated else value for index, value in enumerate(group)) for group in groups}
        if len(dated) == len(by):
            rest = {(None,) * len(by)}
        return {
            tuple(period_of(day, by[index]) if index in dated else value for index, value in enumerate(group))
            for group in rest
            for day in self.chosen
        }

    def _told(self, key: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(None if name in self.masked else self._metric(name, key) for name in self.request.metrics)

    def _metric(self, name: str, key: Mapping[str, Any]) -> Any:
        recorded = self.plain.recorded(self.plain.sources_of(self.formulas[name]))
        touched = [city for city in self.touched or self.cities if self._may_hold(city, key)]
        if not recorded or (touched and not recorded.intersection(touched)):
            return None
        value = Values(self, recorded).of(self.formulas[name], key, OWN)
        return told_whole(self.plain, name, value) if self.rates else value

    def _may_hold(self, city: str, key: Mapping[str, Any]) -> bool:
        """Tell whether rows of a city could lie in a group."""
        known = {name: key[name] for name in ("city_id", "country", "currency") if key.get(name) is not None}
        return all(self._place(city, name) == value for name, value in known.items())
