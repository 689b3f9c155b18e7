"""Which combination of dimensions carries what is unusual about a metric in a city on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tiffin.capabilities.balance.domain.localising import MOST_CHOSEN, PREFERRED, WHOLE, Carrier, Localised, Reading
from tiffin.capabilities.balance.service import days_of, find_city
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.parts import GroupParts, parts_by
from tiffin.capabilities.scorecards.domain import choose_baseline
from tiffin.engines.attribution.localisation.certainty import certainties
from tiffin.engines.attribution.localisation.evidence import Evidence
from tiffin.engines.attribution.localisation.leaves import Combination, FloatArray, Leaves, leaves_of
from tiffin.engines.attribution.localisation.means import evidence_of_means
from tiffin.engines.attribution.localisation.measures import evidence_of_measures
from tiffin.engines.attribution.localisation.ratios import evidence_of_ratios
from tiffin.engines.attribution.localisation.search import Found
from tiffin.engines.attribution.localisation.search import localise as find_carriers
from tiffin.engines.attribution.localisation.tallies import evidence_of_tallies
from tiffin.engines.metrics.formulas import Ratio
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

DAY = "business_date"

SEED = 20260220
"""Of the draws that tell the confidence; the same question has the same answer."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A metric's parts: (n_days, n_leaves), the day itself first; ``below`` is None for a sum."""

    leaves: Leaves
    above: FloatArray
    below: FloatArray | None


def localise(context: Context, metric: str, city_id: str, day: date, dimensions: Sequence[str] = ()) -> Localised:
    """Name the combinations of dimensions that carry what is unusual about a metric on a day.

    What is usual comes from the days that the day-book compares with. Ratios and means are always read as ratios of
    sums.

    Parameters
    ----------
    dimensions : those to look along; none for up to three of the metric's own along which somebody can act.

    Raises
    ------
    NotFound
        There is no such metric, city or dimension, or there are no facts on that day or on comparable ones.
    Forbidden
        The actor may not see the city, or groups are too small for him to see.
    WrongUse
        The metric is no sum, mean or ratio of sums, or cannot be split so.
    InvalidData
        Its numbers are not such that combinations can be read from them, such as negative ones.
    """
    find_city(context, city_id)
    chosen = _dimensions(context, metric, dimensions)
    compared = _comparable(context, city_id, day)
    context.unit.reading.add(
        (f"metric:{metric}",), first=min(*compared, day), last=max(*compared, day), places=(city_id,)
    )
    parts = _parts(context, metric, chosen, city_id, (day, *compared))
    numbers = _laid_out(parts, chosen, city_id, (day, *compared), _factor(context, metric))
    _check(metric, day, numbers)
    reading = _reading_of(numbers)
    evidence = _evidence(numbers, reading)
    found = find_carriers(evidence)
    sure = certainties(evidence, found.causes, seed=SEED)
    factor = _factor(context, metric)
    actual, usual = _told(evidence, np.ones(evidence.actual.size, dtype=bool), reading, factor)
    return Localised(
        metric=metric,
        city_id=city_id,
        day=day,
        dimensions=chosen,
        reading=reading,
        compared_with=compared,
        actual=actual,
        usual=usual,
        carriers=tuple(_carrier(cause, reading, factor, sure[cause.combination]) for cause in found.causes),
        likeliest=tuple(tuple(_where(c) for c in explanation) for explanation in found.ranked),
    )


def _dimensions(context: Context, metric: str, asked: Sequence[str]) -> tuple[str, ...]:
    there = [dimension.name for dimension in metrics.dimensions_of(context, metric)]
    unknown = [name for name in asked if name not in there or name in {DAY, WHOLE}]
    if unknown:
        raise WrongUse(
            Message(
                "{metric} cannot be looked along {dimension}. Choose among: {dimensions}.",
                metric=metric,
                dimension=", ".join(unknown),
                dimensions=", ".join(name for name in there if name not in {DAY, WHOLE}),
            )
        )
    chosen = tuple(dict.fromkeys(asked)) or tuple(name for name in PREFERRED if name in there)[:MOST_CHOSEN]
    if not chosen:
        raise WrongUse(Message("{metric} has no dimension along which to look. Name one that it has.", metric=metric))
    return chosen


def _comparable(context: Context, city_id: str, day: date) -> tuple[date, ...]:
    days = days_of(context, city_id)
    today = next((d for d in days if d.day == day), None)
    if today is None:
        raise NotFound(Message("Facts of {city} on {day} were expected, and there are none.", city=city_id, day=day))
    compared = choose_baseline(today, days).days
    if not compared:
        raise NotFound(
            Message(
                "Days comparable with {day} were expected to tell what is usual in {city}, and it has facts of no "
                "other. Load earlier days.",
                day=day,
                city=city_id,
            )
        )
    return compared


def _parts(
    context: Context, metric: str, dimensions: tuple[str, ...], city_id: str, days: tuple[date, ...]
) -> tuple[GroupParts, ...]:
    """Ask for both sums of the metric; a group that is withheld would look like one in which nothing happened."""
    where = (Condition(WHOLE, Operator.EQ, (city_id,)), Condition(DAY, Operator.IN, days))
    by = (*dimensions, DAY)
    if metrics.query(context, MetricRequest(metrics=(metric,), by=by, where=where)).receipt.withheld:
        raise Forbidden(
            Message(
                "Groups of {metric} by {dimensions} are too small for {name} to see, and without them none can be told "
                "from the others. Look along fewer dimensions.",
                metric=metric,
                dimensions=", ".join(dimensions),
                name=context.actor.name,
            )
        )
    return parts_by(context, metric, by, where=where)


def _factor(context: Context, metric: str) -> float:
    formula = metrics.find_metric(context, metric).formula
    return formula.times if isinstance(formula, Ratio) else 1.0


def _laid_out(
    parts: Sequence[GroupParts], dimensions: tuple[str, ...], city_id: str, days: tuple[date, ...], factor: float
) -> _Numbers:
    keys = sorted({part.key[:-1] for part in parts}, key=str)
    if not keys:
        raise NotFound(
            Message("Facts of {city} on {day} were expected, and there are none.", city=city_id, day=days[0])
        )
    leaf_at, day_at = {key: k for k, key in enumerate(keys)}, {day: k for k, day in enumerate(days)}
    above, below = np.zeros((len(days), len(keys))), np.zeros((len(days), len(keys)))
    for part in parts:
        at = day_at[part.key[-1]], leaf_at[part.key[:-1]]
        above[at], below[at] = part.above / factor, part.below or 0.0
    columns: dict[str, list[Any]] = {name: [_value(key[k]) for key in keys] for k, name in enumerate(dimensions)}
    leaves = leaves_of({**columns, WHOLE: [city_id] * len(keys)})
    return _Numbers(leaves, above, None if all(part.below is None for part in parts) else below)


def _value(raw: Any) -> str:
    return "" if raw is None else str(raw)


def _check(metric: str, day: date, numbers: _Numbers) -> None:
    if numbers.below is None and (numbers.above < 0).any():
        raise InvalidData(
            Message(
                "{metric} has negative amounts in some groups, and what offsets others cannot be looked for so. Ask "
                "for what is added and for what is taken away, each by itself.",
                metric=metric,
            )
        )
    told_by = numbers.above if numbers.below is None else numbers.below
    if not told_by[1:].any():
        raise NotFound(
            Message(
                "{metric} has no number on the days comparable with {day}, and so nothing is usual.",
                metric=metric,
                day=day,
            )
        )


def _reading_of(numbers: _Numbers) -> Reading:
    is_whole = bool((numbers.above == np.floor(numbers.above)).all())
    if numbers.below is None:
        return Reading.COUNT if is_whole else Reading.AMOUNT
    return Reading.SHARE if is_whole and bool((numbers.above <= numbers.below).all()) else Reading.MEAN


def _evidence(numbers: _Numbers, reading: Reading) -> Evidence:
    leaves, above, below = numbers.leaves, numbers.above, numbers.below
    if reading is Reading.COUNT:
        return evidence_of_tallies(leaves, actual=above[0], usual=above[1:])
    if below is None:
        return evidence_of_measures(leaves, actual=above[0], expected=above[1:].mean(axis=0))
    if reading is Reading.SHARE:
        return evidence_of_ratios(
            leaves, numerator=above[0], denominator=below[0], usual=above[1:], usual_denominator=below[1:]
        )
    return evidence_of_means(leaves, total=above[0], count=below[0], usual=above[1:], usual_count=below[1:])


def _told(evidence: Evidence, which: Any, reading: Reading, factor: float) -> tuple[float, float]:
    weight = float(evidence.weight[which].sum()) if reading in {Reading.SHARE, Reading.MEAN} else 1.0
    if weight <= 0:
        return 0.0, 0.0
    return (
        factor * float(evidence.actual[which].sum()) / weight,
        factor * float(evidence.expected[which].sum()) / weight,
    )


def _carrier(cause: Found, reading: Reading, factor: float, confidence: float) -> Carrier:
    weight = cause.weight if reading in {Reading.SHARE, Reading.MEAN} else 1.0
    return Carrier(
        where=_where(cause.combination),
        actual=factor * cause.actual / weight,
        usual=factor * cause.expected / weight,
        effect=cause.actual - cause.expected,
        share=cause.share,
        confidence=confidence,
    )


def _where(combination: Combination) -> Mapping[str, str]:
    return {dimension: value for dimension, value in combination.parts if dimension != WHOLE}
