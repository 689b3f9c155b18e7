"""Standards are held over every definition by machine; what is shipped keeps them all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest

from tiffin.capabilities.metrics.domain.standards import Rule, additivity_of, findings_of, unit_of
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.standards import known_in, standards_report, unrecorded
from tiffin.capabilities.metrics.service.translations import old_translations, remember_translations
from tiffin.engines.metrics.compiling.spans import Span, Window
from tiffin.engines.metrics.definitions import (
    Additivity,
    Direction,
    Metric,
    Targets,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Compared,
    Comparison,
    Cumulative,
    Derived,
    Formula,
    Kind,
    Measure,
    Ratio,
    Snapshot,
    Take,
)
from tiffin.kernel.errors import NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, translate
from tiffin.runtime.workspace import Workspace

Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture(scope="module")
def context(small: Workspace, entering: Entering):  # noqa: ANN201 - yields a context
    with entering(small) as found:
        yield found


@pytest.fixture
def sound(context: Context) -> Metric:
    """A shipped metric that keeps every standard."""
    return library_of(context.workspace).model.metrics["delivered_orders"]


def rules(context: Context, metric: Metric) -> set[Rule]:
    known = known_in(library_of(context.workspace))
    return {finding.rule for finding in findings_of(metric, known)}


def under(metric: Metric, formula: Formula) -> Metric:
    return replace(metric, version=Version(1, date(2026, 1, 1), formula, Kind.SIMPLE))


def worded(text: str, **others: str) -> Wording:
    return Wording({"en": text, "ar": "طلبات.", "zh_Hans": "订单。", "zh_Hant": "訂單。", "pt_BR": "Pedidos."} | others)


def test_every_shipped_definition_keeps_every_standard(context: Context) -> None:
    report = standards_report(context, with_examples=False)
    assert [f"{one.metric}: {one.message}" for one in report.findings] == []


def test_every_shipped_translation_is_noted_with_its_english_text(context: Context) -> None:
    assert unrecorded(context) == (), "note them: tiffin metrics standards --record"


def test_the_sound_one_is_sound(context: Context, sound: Metric) -> None:
    assert rules(context, sound) == set()


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"name": "delivered_orders_v2"}, Rule.NAMING),
        ({"name": "standards"}, Rule.NAMING),
        ({"name": "x" * 61}, Rule.NAMING),
        ({"unit": Unit.MINUTES}, Rule.UNIT),
        ({"owner": "todo"}, Rule.OWNER),
        ({"owner": "Jane Doe"}, Rule.OWNER),
        ({"meaning": worded("Delivered orders")}, Rule.MEANING),
        ({"meaning": worded("Orders.", pt_BR="Orders.")}, Rule.MEANING),
        ({"meaning": worded("Orders.", ar="Orders in Latin script.")}, Rule.MEANING),
        ({"meaning": worded("Orders handed over.", zh_Hans="…")}, Rule.MEANING),
        ({"additivity": None}, Rule.ADDITIVITY),
        ({"additivity": Additivity.NON_ADDITIVE}, Rule.ADDITIVITY),
        ({"examples": ()}, Rule.EXAMPLE),
        ({"targets": None}, Rule.TARGETS),
        ({"targets": Targets(ready_by="09:00")}, Rule.TARGETS),
        ({"tier": Tier.DEPRECATED}, Rule.SUCCESSOR),
        ({"tier": Tier.DEPRECATED, "successor": "nothing"}, Rule.SUCCESSOR),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_standard_finds_what_breaks_it(
    context: Context, sound: Metric, changes: dict[str, object], broken: Rule
) -> None:
    assert rules(context, replace(sound, **changes)) == {broken}  # type: ignore[arg-type] # of a metric


@pytest.mark.parametrize("locale", [one for one in LOCALES if one != "en"])
def test_a_finding_is_told_in_the_readers_language(context: Context, sound: Metric, locale: str) -> None:
    faulty = replace(sound, owner="nobody", examples=(), additivity=None, name="orders_final")

    found = findings_of(faulty, known_in(library_of(context.workspace)))

    assert len(found) == 4
    assert all(translate(locale, one.message) != one.message for one in found)


def test_an_example_that_gives_nought_proves_nothing(context: Context, sound: Metric) -> None:
    nought = replace(sound.examples[0], gives=((0,),))
    assert rules(context, replace(sound, examples=(nought,))) == {Rule.EXAMPLE}


def test_what_is_left_of_one_goes_the_other_way(context: Context, sound: Metric) -> None:
    rest = under(sound, Derived("1 - late_share"))
    rest = replace(rest, unit=Unit.SHARE, additivity=Additivity.NON_ADDITIVE, direction=Direction.DOWN)
    assert rules(context, rest) == {Rule.DIRECTION}
    assert rules(context, replace(rest, direction=Direction.UP)) == set()


MINUTES = Measure("orders", Aggregation.SUM, ("minutes_between(placed_at, delivered_at)",))


@pytest.mark.parametrize(
    ("formula", "unit", "additivity"),
    [
        (Measure("orders", Aggregation.COUNT), Unit.ORDERS, Additivity.ADDITIVE),
        (Measure("orders", Aggregation.COUNT_DISTINCT, ("rider_id",)), Unit.RIDERS, Additivity.NON_ADDITIVE),
        (MINUTES, Unit.MINUTES, Additivity.ADDITIVE),
        (replace(MINUTES, of=("minutes_between(placed_at, delivered_at) / 60",)), Unit.HOURS, Additivity.ADDITIVE),
        (replace(MINUTES, of=("basket_minor - coalesce(discount_minor, 0)",)), Unit.MONEY, Additivity.ADDITIVE),
        (replace(MINUTES, aggregation=Aggregation.MEAN), Unit.MINUTES, Additivity.NON_ADDITIVE),
        (replace(MINUTES, snapshot=Snapshot(Take.LAST)), Unit.MINUTES, Additivity.SEMI_ADDITIVE),
        (Ratio("delivered_orders", "orders"), Unit.SHARE, Additivity.NON_ADDITIVE),
        (Ratio("contacts", "orders"), None, Additivity.NON_ADDITIVE),
        (Derived("orders - delivered_orders"), Unit.ORDERS, Additivity.ADDITIVE),
        (Derived("2 * orders"), None, Additivity.ADDITIVE),
        (Derived("1 / orders"), None, Additivity.NON_ADDITIVE),
        (Derived("orders - late_share"), None, Additivity.NON_ADDITIVE),
        (Cumulative("orders", Window(Span(days=7))), Unit.ORDERS, Additivity.SEMI_ADDITIVE),
        (Compared("orders", Span(days=7), Comparison.DIFFERENCE), Unit.ORDERS, Additivity.SEMI_ADDITIVE),
        (Compared("orders", Span(days=7), Comparison.CHANGE), Unit.SHARE, Additivity.NON_ADDITIVE),
    ],
    ids=range(16),
)
def test_unit_and_additivity_are_told_from_the_formula(
    context: Context, formula: Formula, unit: Unit | None, additivity: Additivity
) -> None:
    known = known_in(library_of(context.workspace))
    assert (unit_of(formula, known), additivity_of(formula, known)) == (unit, additivity)


def test_a_translation_that_is_older_than_its_text_is_found_until_it_is_renewed(
    empty: Workspace, entering: Entering, sound: Metric
) -> None:
    words = worded("Orders.").texts
    with entering(empty) as context:
        plain = {"label": dict(words), "meaning": dict(words)}
        remember_translations(context, "x", None, plain)
        changed = {"label": dict(words), "meaning": {**words, "en": "Other orders.", "pt_BR": "Outros pedidos."}}
        remember_translations(context, "x", plain, changed)
        metric = replace(sound, name="x", label=Wording(words), meaning=Wording(changed["meaning"]))
        old = old_translations(empty, metric)
        assert old == (("meaning", "ar"), ("meaning", "zh_Hans"), ("meaning", "zh_Hant"))
        renewed = {**changed["meaning"], "ar": "طلبات أخرى.", "zh_Hans": "其他订单。", "zh_Hant": "其他訂單。"}
        remember_translations(context, "x", changed, {"label": dict(words), "meaning": renewed})
        assert old_translations(empty, replace(metric, meaning=Wording(renewed))) == ()


def test_two_definitions_of_one_meaning_are_a_finding(empty: Workspace, entering: Entering, metric_yaml: str) -> None:
    (empty.root / "metrics" / "own.yaml").write_text(metric_yaml, encoding="utf-8")
    with entering(empty) as context:
        report = standards_report(context, with_examples=False)
    duplicates = [one for one in report.findings if one.rule is Rule.DUPLICATE]
    assert [(one.metric, "own_orders" in one.message) for one in duplicates] == [("delivered_orders", True)]


def test_what_resembles_a_metric_is_told_of_those_that_are_named(context: Context) -> None:
    everything = standards_report(context, with_examples=False)
    named = standards_report(context, ("late_share",), with_examples=False)

    assert everything.near == ()
    assert named.near
    assert all("late_share" in (one.metric, one.other) and one.differs_in for one in named.near)


def test_a_wrong_example_and_an_unknown_metric_are_told(empty: Workspace, entering: Entering, metric_yaml: str) -> None:
    (empty.root / "metrics" / "own.yaml").write_text(metric_yaml.replace("gives: 1", "gives: 2"), encoding="utf-8")
    with entering(empty) as context:
        report = standards_report(context, ("own_orders",))
        assert Rule.EXAMPLE in {one.rule for one in report.findings}
        with pytest.raises(NotFound):
            standards_report(context, ("nothing",))
