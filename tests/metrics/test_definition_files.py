"""What is said of a faulty metric file: the file, the line, the fix."""

from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics.service import checking
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.workspace import Workspace

SHIPPED = unchecked_library(Workspace(Path("/nowhere"), {})).model


def check(workspace: Workspace, entering: Any, text: str) -> list[str]:
    (workspace.overlay("metrics") / "own.yaml").write_text(text, encoding="utf-8")
    with entering(workspace) as context:
        report = checking.check(context, engines=("duckdb",), only=("own_orders",))
    return [*report.problems, *(outcome.why for outcome in report.failures)]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_sound_file_is_found_sound(empty: Workspace, entering: Any, metric_yaml: str) -> None:
    assert check(empty, entering, metric_yaml) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (
            "where: status",
            "where: statuss",
            "where:",
            "reads the column statuss, which does not exist. Did you mean status",
        ),
        ("zh_Hant: 自訂", "zh_Hant: ''", "label:", "`label` has no text in zh_Hant. Add `zh_Hant:` under `label`."),
        ("    unit: orders\n", "", None, "`unit` is missing. Add `unit:`."),
        ("unit: orders", "unti: orders", "unti", "`unti` means nothing here"),
        ("aggregate: count", "aggregate: cuont", "aggregate", "Did you mean count"),
        ("source: orders", "source: order", "where:", "there is no source order. Did you mean orders"),
        ("version: 1", "version: one", "version", "`version` is a whole number"),
        ("kind: simple", "kind: derived\n    formula: own_orders + 1", "formula", "defined by one another"),
        ("  own_orders:", "  Own-Orders:", "Own-Orders", "lower-case letters"),
        ("metrics:", "metrix:", "metrix", "`metrix` means nothing here; known are"),
        ("    example: ", "    x_example: ", "x_example", "`x_example` means nothing here"),
    ],
)
def test_a_fault_is_told_with_file_line_and_fix(
    empty: Workspace, entering: Any, metric_yaml: str, old: str, new: str, at: str | None, message: str
) -> None:
    assert old in metric_yaml
    text = metric_yaml.replace(old, new)
    told = check(empty, entering, text)
    assert len(told) == 1, told
    assert message in told[0]
    line = line_of(text, at) if at else line_of(text, "label:")
    assert f"own.yaml, line {line}" in told[0]


def test_a_metric_without_a_worked_example_is_faulty(empty: Workspace, entering: Any, metric_yaml: str) -> None:
    told = check(empty, entering, metric_yaml[: metric_yaml.index("    example:")])
    assert "a worked example is missing" in told[0]


def test_a_file_that_is_no_yaml_is_told_once(empty: Workspace, entering: Any) -> None:
    told = check(empty, entering, "metrics: [")
    assert len(told) == 1
    assert "own.yaml" in told[0]


def test_a_file_of_something_else_is_told(empty: Workspace, entering: Any) -> None:
    assert "names with values were expected" in check(empty, entering, "- 1")[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gives: 1", "gives: 2", "its example gives 2; found 1"),
        ("gives: 1", "", "`gives` is missing"),
        ("{status: delivered}", "{stauts: delivered}", "sets the column stauts, which it cannot. Did you mean status"),
        ("{status: delivered}", "{city_id: x}", "An example is one city"),
        ("{status: delivered}", "{placed_at: noon}", "a clock time such as '10:30'"),
        ("{status: delivered}", "{item_count: many}", "does not fit its column"),
        ("rows: {orders:", "rows: {order:", "has rows of order, which is no table. Did you mean orders"),
    ],
)
def test_a_wrong_worked_example_is_told(
    empty: Workspace, entering: Any, metric_yaml: str, old: str, new: str, message: str
) -> None:
    assert old in metric_yaml
    assert message in check(empty, entering, metric_yaml.replace(old, new))[0]


def test_every_shipped_metric_is_complete() -> None:
    assert len(SHIPPED.metrics) >= 40
    for metric in SHIPPED.metrics.values():
        assert set(metric.label.texts) == set(metric.meaning.texts) == set(LOCALES), metric.name
        assert metric.owner, metric.name
        assert {"city_id", "business_date", "source"} <= SHIPPED.resolved[metric.name].dimensions, metric.name
        assert all(parent.metric in SHIPPED.metrics for parent in metric.parents), metric.name


def test_translations_are_not_the_english_text() -> None:
    for metric in SHIPPED.metrics.values():
        for locale in ("ar", "zh_Hans", "zh_Hant", "pt_BR"):
            assert metric.meaning.texts[locale] != metric.meaning.texts["en"], (metric.name, locale)
    arabic = [metric.meaning.texts["ar"] for metric in SHIPPED.metrics.values()]
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in text) for text in arabic)


def test_the_metric_tree_has_no_cycle() -> None:
    def climb(name: str, below: tuple[str, ...]) -> None:
        assert name not in below, (*below, name)
        for parent in SHIPPED.metrics[name].parents:
            climb(parent.metric, (*below, name))

    for name in SHIPPED.metrics:
        climb(name, ())
