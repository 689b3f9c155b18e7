"""From the plain values of a definition to its formula."""

from collections.abc import Callable, Mapping
from typing import Any

from tiffin.capabilities.metrics.domain.plain import Complaint, PlainReader
from tiffin.engines.metrics.compiling.spans import Span, TimeUnit, Window, parse_seconds, parse_span
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Calculation,
    Compared,
    Comparison,
    Conversion,
    Cumulative,
    Derived,
    Event,
    Formula,
    Kind,
    Measure,
    Nested,
    Ratio,
    Snapshot,
    Take,
)
from tiffin.kernel.errors import InvalidDefinition

MEASURE_KEYS = ("source", "aggregate", "of", "where", "quantile")
_SNAPSHOT_KEYS = ("take", "at", "per")
_EVENT_KEYS = ("source", "at", "entity", "where")
FORMULA_KEYS = (
    *MEASURE_KEYS,
    *_SNAPSHOT_KEYS,
    "kind",
    "version",
    "since",
    "numerator",
    "denominator",
    "times",
    "formula",
    "metric",
    "window",
    "to_date",
    "offset",
    "gives",
    "base",
    "conversion",
    "within",
    "calculation",
    "having",
)
"""What a formula may say, whatever its kind."""


class FormulaReader(PlainReader):
    """Reads the formula of each kind of metric."""

    def _formula(self, kind: Kind, raw: Mapping[str, Any]) -> Formula:
        ways: dict[Kind, Callable[[Mapping[str, Any]], Formula]] = {
            Kind.DERIVED: self._derived,
            Kind.RATIO: self._ratio,
            Kind.CUMULATIVE: self._cumulative,
            Kind.PERIOD_OVER_PERIOD: self._compared,
            Kind.CONVERSION: self._conversion,
            Kind.NESTED: self._nested,
        }
        return ways[kind](raw) if kind in ways else self._measure(raw, kind)

    def _derived(self, raw: Mapping[str, Any]) -> Derived:
        return Derived(str(self._need(raw, "formula")), self._place(raw, "formula"))

    def _ratio(self, raw: Mapping[str, Any]) -> Ratio:
        parts = [self._operand(raw, key) for key in ("numerator", "denominator")]
        return Ratio(parts[0], parts[1], float(raw.get("times", 1)), self._place(raw, "numerator"))

    def _cumulative(self, raw: Mapping[str, Any]) -> Cumulative:
        return Cumulative(self._operand(raw, "metric"), self._window(raw), self._place(raw, "metric"))

    def _compared(self, raw: Mapping[str, Any]) -> Compared:
        gives = self._choice(raw, "gives", Comparison)
        return Compared(self._operand(raw, "metric"), self._span(raw, "offset"), gives, self._place(raw, "metric"))

    def _operand(self, raw: Mapping[str, Any], key: str) -> Measure | str:
        part = self._need(raw, key)
        if isinstance(part, str):
            return part
        inner = self._mapping(part, (*MEASURE_KEYS, *_SNAPSHOT_KEYS))
        return self._measure(inner, Kind.SNAPSHOT if "take" in inner else Kind.SIMPLE)

    def _measure(self, raw: Mapping[str, Any], kind: Kind) -> Measure:
        is_percentile = kind is Kind.PERCENTILE
        aggregation = Aggregation.PERCENTILE if is_percentile else self._choice(raw, "aggregate", Aggregation)
        snapshot = None
        if kind is Kind.SNAPSHOT:
            at = str(raw["at"]) if "at" in raw else None
            snapshot = Snapshot(self._choice(raw, "take", Take), at, tuple(raw.get("per") or ()))
        return Measure(
            source=str(self._need(raw, "source")),
            aggregation=aggregation,
            of=_texts(raw.get("of", ())),
            where=str(raw["where"]) if "where" in raw else None,
            quantile=self._quantile(raw, aggregation),
            snapshot=snapshot,
            place=self._place(raw, "where" if "where" in raw else "of" if "of" in raw else "source"),
        )

    def _quantile(self, raw: Mapping[str, Any], aggregation: Aggregation) -> float | None:
        return float(self._need(raw, "quantile")) if aggregation is Aggregation.PERCENTILE else None

    def _window(self, raw: Mapping[str, Any]) -> Window:
        if ("window" in raw) == ("to_date" in raw):
            raise Complaint(
                "a cumulative metric states either `window` (such as 7 days, or all) or `to_date` (such as month).",
                self._place(raw, "metric"),
            )
        if "to_date" in raw:
            return Window(to_date=self._choice(raw, "to_date", TimeUnit))
        return Window() if raw["window"] == "all" else Window(self._span(raw, "window"))

    def _span(self, raw: Mapping[str, Any], key: str) -> Span:
        try:
            return parse_span(str(self._need(raw, key)))
        except Complaint:
            raise
        except InvalidDefinition as error:
            raise Complaint(f"`{key}`: {error}", self._place(raw, key)) from None

    def _conversion(self, raw: Mapping[str, Any]) -> Conversion:
        base, conversion = (self._event(self._need(raw, key)) for key in ("base", "conversion"))
        try:
            within = parse_seconds(str(self._need(raw, "within")))
        except Complaint:
            raise
        except InvalidDefinition as error:
            raise Complaint(f"`within`: {error}", self._place(raw, "within")) from None
        return Conversion(
            base, conversion, within, self._choice(raw, "calculation", Calculation), self._place(raw, "base")
        )

    def _event(self, raw: Any) -> Event:
        self._mapping(raw, _EVENT_KEYS)
        entity = _texts(self._need(raw, "entity"))
        where = str(raw["where"]) if "where" in raw else None
        return Event(str(self._need(raw, "source")), str(self._need(raw, "at")), entity, where)

    def _nested(self, raw: Mapping[str, Any]) -> Nested:
        aggregation = self._choice(raw, "aggregate", Aggregation)
        return Nested(
            self._operand(raw, "metric"),
            _texts(self._need(raw, "per")),
            aggregation,
            str(raw["having"]) if "having" in raw else None,
            self._quantile(raw, aggregation),
            self._place(raw, "metric"),
        )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, (list, tuple)) else (str(value),)
