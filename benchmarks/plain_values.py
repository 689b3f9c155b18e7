"""Values of formulas for one group of an answer, aggregate by aggregate."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plain_days import DATED, OWN, Frame
from plain_expressions import divided, less, over_rows, over_values
from plain_facts import Fact

from tiffin.engines.metrics.formulas import (
    Aggregation,
    Calculation,
    Compared,
    Comparison,
    Conversion,
    Cumulative,
    Derived,
    Formula,
    Measure,
    Nested,
    Ratio,
    Snapshot,
    Take,
)

if TYPE_CHECKING:
    from plain_metrics import Asking, Plain

Group = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Values of one metric: over the rows of the cities in which all of it is recorded."""

    asking: "Asking"
    recorded: frozenset[str]

    def of(self, formula: Formula, key: Mapping[str, Any], frame: Frame) -> Any:
        """Give the value of a formula for a group."""
        plain = self.asking.plain
        if isinstance(formula, Measure):
            return self._measure(formula, key, frame)
        if isinstance(formula, Ratio):
            above, below = (self.of(part, key, frame) for part in plain.parts(formula))
            found = divided(above, below)
            return None if found is None else found * formula.times
        if isinstance(formula, Derived):
            read, names = over_values(formula.expression)
            return read({name: self.of(plain.metrics[name].formula, key, frame) for name in names})
        if isinstance(formula, Cumulative):
            return self.of(plain.formula(formula.metric), key, replace(frame, window=formula.window))
        if isinstance(formula, Compared):
            return self._compared(formula, key, frame)
        return self._conversion(formula, key) if isinstance(formula, Conversion) else self._nested(formula, key, frame)

    def _compared(self, formula: Compared, key: Mapping[str, Any], frame: Frame) -> Any:
        inner = self.asking.plain.formula(formula.metric)
        before = self.of(inner, key, replace(frame, offsets=(*frame.offsets, formula.offset)))
        if formula.gives is Comparison.VALUE:
            return before
        now = self.of(inner, key, frame)
        if now is None or before is None:
            return None
        return less(now, before) if formula.gives is Comparison.DIFFERENCE else divided(less(now, before), before)

    def _kept(self, facts: Iterable[Fact], where: str | None) -> list[Fact]:
        return [fact for fact in _those(facts, where) if fact.city in self.recorded]

    def _measure(self, measure: Measure, key: Mapping[str, Any], frame: Frame) -> Any:
        facts = self._kept(self.asking.rows(measure.source, key, frame), measure.where)
        if measure.snapshot:
            facts = self._at_moments(measure, measure.snapshot, facts, key, frame)
        if self.asking.rates and self.asking.plain.is_money(measure):
            return self.asking.rates.taken(measure, facts)
        values = [tuple(over_rows(text)(fact.rows) for text in measure.of) for fact in facts]
        known = [value for value in values if None not in value]
        if measure.aggregation is Aggregation.COUNT_DISTINCT:
            return len({*known})
        if measure.aggregation is Aggregation.COUNT:
            return len(known)
        if measure.aggregation is Aggregation.SUM and not values:
            return 0
        return aggregated(measure.aggregation, [value[0] for value in known], measure.quantile)

    def _at_moments(
        self, measure: Measure, snapshot: Snapshot, facts: list[Fact], key: Mapping[str, Any], frame: Frame
    ) -> list[Fact]:
        """Keep the rows at the first or last moment of the period, of each value of some dimensions."""
        source = self.asking.plain.sources[measure.source]
        read = over_rows(snapshot.at or source.dimensions[source.time])
        periods = {name: value for name, value in key.items() if name in DATED}
        whole = (measure, frame, tuple(periods.items()), self.recorded)
        moments = self.asking.shots.get(whole)
        if moments is None:
            moments = self.asking.shots[whole] = {}
            way = max if snapshot.take is Take.LAST else min
            for fact in self._kept(self.asking.rows(measure.source, periods, frame), measure.where):
                group, at = tuple(fact.dims.get(name) for name in snapshot.per), read(fact.rows)
                if at is not None:
                    moments[group] = way(moments.get(group, at), at)
        return [
            fact
            for fact in facts
            if (at := read(fact.rows)) is not None
            and at == moments.get(tuple(fact.dims.get(name) for name in snapshot.per))
        ]

    def _conversion(self, formula: Conversion, key: Mapping[str, Any]) -> Any:
        base = self._kept(self.asking.rows(formula.base.source, key, OWN), formula.base.where)
        credited = self.asking.credited
        if formula not in credited:
            credited[formula] = self._followed(formula)
        count = sum(credited[formula][id(fact)] for fact in base)
        return count if formula.calculation is Calculation.COUNT else divided(count, len(base))

    def _followed(self, formula: Conversion) -> Counter[int]:
        """Count the conversion rows of each base row."""
        asking, plain = self.asking, self.asking.plain
        names = plain_key(plain, formula.base.source)
        bases: dict[Group, list[tuple[Any, Group, int]]] = {}
        for fact in _those(asking.seen(formula.base.source), formula.base.where):
            entity, at = _event(formula.base, fact)
            if at is not None and None not in entity:
                key = tuple(fact.rows["base"][name] for name in names)
                bases.setdefault(entity, []).append((at, key, id(fact)))
        found: Counter[int] = Counter()
        for fact in _those(asking.seen(formula.conversion.source), formula.conversion.where):
            entity, at = _event(formula.conversion, fact)
            earlier = [item for item in bases.get(entity, ()) if at is not None and item[0] <= at]
            if earlier:
                last = max(earlier)
                if (at - last[0]).total_seconds() < formula.within:
                    found[last[2]] += 1
        return found

    def _nested(self, formula: Nested, key: Mapping[str, Any], frame: Frame) -> Any:
        asking = self.asking
        inner = asking.plain.formula(formula.metric)
        by = tuple(key)
        more = (*by, *(name for name in formula.per if name not in by))
        wanted = tuple(key.values())
        values = []
        for group in self._inner_groups(inner, more, frame):
            named = dict(zip(more, group, strict=True))
            if group[: len(by)] == wanted and all(named[name] is not None for name in formula.per):
                value = self.of(inner, named, frame)
                if value is not None and (not formula.having or over_values(formula.having)[0]({"value": value})):
                    values.append(value)
        if formula.aggregation is Aggregation.COUNT or (formula.aggregation is Aggregation.SUM and not values):
            return len(values)
        return aggregated(formula.aggregation, values, formula.quantile)

    def _inner_groups(self, inner: Formula, by: tuple[str, ...], frame: Frame) -> set[Group]:
        key = ("groups", repr(inner), by, frame)
        if key not in self.asking.shots:
            self.asking.shots[key] = dict.fromkeys(self.asking.groups(inner, by, frame))
        return {*self.asking.shots[key]}


def _those(facts: Iterable[Fact], where: str | None) -> list[Fact]:
    """Give the facts that are known to meet a condition."""
    read = over_rows(where) if where else None
    return [fact for fact in facts if read is None or read(fact.rows) is True]


def _event(event: Any, fact: Fact) -> tuple[Group, Any]:
    return tuple(over_rows(text)(fact.rows) for text in event.entity), over_rows(event.at)(fact.rows)


def plain_key(plain: "Plain", source: str) -> tuple[str, ...]:
    """Name the columns that tell one row of a source from another."""
    return plain.sources[source].key


def aggregated(aggregation: Aggregation, values: Sequence[Any], quantile: float | None) -> Any:
    """Make one value of many; unknown where there are none."""
    if not values:
        return None
    if aggregation is Aggregation.SUM:
        return math.fsum(values) if any(isinstance(value, float) for value in values) else sum(values)
    if aggregation is Aggregation.MEAN:
        return math.fsum(values) / len(values)
    if aggregation is Aggregation.PERCENTILE:
        return percentile(sorted(values), quantile or 0.0)
    return (min if aggregation is Aggregation.MINIMUM else max)(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Interpolate between neighbours (Hyndman and Fan 1996, definition 7)."""
    place = share * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])
