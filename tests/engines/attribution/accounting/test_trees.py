"""The account of a tree leaves no remainder, gives nothing to what stayed, and agrees with plain Shapley values."""

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.attribution.accounting.nodes import VALUE, Form, Node, evaluate
from tiffin.engines.attribution.accounting.slopes import SLOPES, logarithmic_mean, mix_and_rate
from tiffin.engines.attribution.accounting.splitting import split_change
from tiffin.engines.attribution.shapley import FloatArray, shapley
from tiffin.kernel.errors import InvalidData, WrongUse

NUMBERS = st.one_of(
    st.just(0.0), st.floats(-1e3, 1e3), st.floats(-1e-9, 1e-9), st.floats(1e-12, 1e-6), st.floats(0.1, 1e6)
)


@pytest.fixture(scope="module")
def benchmark(project_root: Path) -> ModuleType:
    """The benchmark that draws random trees and markets."""
    spec = importlib.util.spec_from_file_location("accounting", project_root / "benchmarks" / "accounting.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_parts_of_random_trees_add_up(benchmark: ModuleType) -> None:
    assert benchmark.score_trees(60)


@pytest.mark.full
def test_parts_of_ten_thousand_random_trees_add_up(benchmark: ModuleType) -> None:
    assert benchmark.score_trees(10_000)


@given(form=st.sampled_from([f for f in Form if f is not Form.LEAF]), sides=st.data())
def test_slopes_of_each_form_foretell_the_change_before_any_rounding_is_given_away(
    form: Form, sides: st.DataObject
) -> None:
    count = 2 if form is Form.RATIO else 4
    base, actual = (np.array(sides.draw(st.lists(NUMBERS, min_size=count, max_size=count))) for _ in range(2))
    if form is Form.MIX:
        base[::2], actual[::2] = abs(base[::2]), abs(actual[::2])

    shares = mix_and_rate(base, actual) if form is Form.MIX else SLOPES[form](base, actual) * (actual - base)

    change = float(VALUE[form](actual) - VALUE[form](base))
    assert math.fsum(shares) == pytest.approx(change, rel=1e-9, abs=1e-9 * max(1.0, *np.abs(shares)))


@pytest.mark.parametrize("form", [Form.RATIO, Form.LATEST, Form.DIFFERENCE])
@given(sides=st.data())
def test_forms_without_weights_are_shapley_values(form: Form, sides: st.DataObject) -> None:
    numbers = st.floats(0.5, 1e3)
    base, actual = (np.array(sides.draw(st.lists(numbers, min_size=2, max_size=2))) for _ in range(2))

    shares = SLOPES[form](base, actual) * (actual - base)

    assert shares == pytest.approx(shapley(VALUE[form], base=base, actual=actual), rel=1e-8, abs=1e-8)


@given(sides=st.data())
def test_a_product_with_negative_factors_is_split_evenly_over_all_orders(sides: st.DataObject) -> None:
    numbers = st.floats(-100, 100)
    base, actual = (np.array([-1.0, *sides.draw(st.lists(numbers, min_size=3, max_size=3))]) for _ in range(2))

    shares = SLOPES[Form.PRODUCT](base, actual) * (actual - base)

    expected: Callable[[FloatArray], FloatArray] = VALUE[Form.PRODUCT]
    assert shares == pytest.approx(shapley(expected, base=base, actual=actual), rel=1e-8, abs=1e-5)


def test_a_product_of_positive_factors_is_split_by_logarithms() -> None:
    base, actual = np.array([100.0, 30.0]), np.array([120.0, 40.0])

    shares = SLOPES[Form.PRODUCT](base, actual) * (actual - base)

    mean = (4800.0 - 3000.0) / math.log(4800.0 / 3000.0)
    assert shares == pytest.approx([mean * math.log(1.2), mean * math.log(4 / 3)])


@given(a=st.floats(1e-12, 1e12), times=st.floats(1.0, 1.001))
def test_the_logarithmic_mean_keeps_its_digits_near_equality(a: float, times: float) -> None:
    found = float(logarithmic_mean(np.array(a), np.array(a * times)))

    assert a * (1 - 1e-12) <= found <= a * times * (1 + 1e-12)
    assert found == pytest.approx(a * (1 + times) / 2, rel=1e-6)


def test_what_stayed_as_it_was_gets_nothing() -> None:
    tree = Node("minutes", Form.PRODUCT, (Node("orders"), Node("cycle", Form.SUM, (Node("ride"), Node("hand_over")))))
    base = {"orders": np.array(10.0), "ride": np.array(12.0), "hand_over": np.array(4.0)}

    split = split_change(tree, base=base, actual=base | {"ride": np.array(18.0)})

    assert split.leaves == {"orders": 0.0, "ride": 60.0, "hand_over": 0.0}


def test_parts_that_cancel_one_another_are_still_told() -> None:
    tree = Node("minutes", Form.PRODUCT, (Node("orders"), Node("cycle", Form.SUM, (Node("ride"), Node("hand_over")))))
    base = {"orders": np.array(10.0), "ride": np.array(12.0), "hand_over": np.array(4.0)}

    split = split_change(tree, base=base, actual=base | {"ride": np.array(13.0), "hand_over": np.array(3.0)})

    assert split.parts["cycle"] == 0.0
    assert split.leaves == {"orders": 0.0, "ride": 10.0, "hand_over": -10.0}


def test_a_group_that_comes_is_mix_alone() -> None:
    pairs = (Node("orders_a"), Node("late_share_a"), Node("orders_b"), Node("late_share_b"))
    tree = Node("late_share", Form.MIX, pairs)
    base = {"orders_a": 90.0, "late_share_a": 0.1, "orders_b": 0.0, "late_share_b": 0.0}
    actual = base | {"orders_b": 30.0, "late_share_b": 0.5}

    split = split_change(tree, base=_arrays(base), actual=_arrays(actual))

    assert split.change == pytest.approx(0.1)
    assert split.parts["late_share_b"] == 0.0
    assert split.parts["late_share_a"] == 0.0
    assert split.parts["orders_a"] + split.parts["orders_b"] == pytest.approx(0.1)


def test_weights_that_all_grow_alike_contribute_nothing() -> None:
    base, actual = np.array([90.0, 0.1, 30.0, 0.5]), np.array([180.0, 0.1, 60.0, 0.5])

    assert mix_and_rate(base, actual).tolist() == [0.0, 0.0, 0.0, 0.0]


def test_a_ratio_over_nothing_is_nought() -> None:
    tree = Node("share", Form.RATIO, (Node("part"), Node("whole")))

    found = evaluate(tree, {"part": np.array([1.0, 0.0]), "whole": np.array([0.0, 0.0])})

    assert found["share"].tolist() == [0.0, 0.0]


def test_a_tree_refuses_what_it_cannot_mean() -> None:
    with pytest.raises(WrongUse, match="has 3"):
        Node("share", Form.RATIO, (Node("a"), Node("b"), Node("c")))
    with pytest.raises(InvalidData, match="missing are b"):
        evaluate(Node("s", Form.SUM, (Node("a"), Node("b"))), {"a": np.array(1.0)})
    with pytest.raises(InvalidData, match="twice"):
        evaluate(Node("s", Form.SUM, (Node("a"), Node("a"))), {"a": np.array(1.0)})
    with pytest.raises(InvalidData, match="one is below"):
        evaluate(Node("m", Form.MIX, (Node("w"), Node("r"))), {"w": np.array(-1.0), "r": np.array(1.0)})


def _arrays(values: dict[str, float]) -> dict[str, FloatArray]:
    return {name: np.array(value) for name, value in values.items()}


def test_factors_next_to_nothing_are_split_without_a_fault() -> None:
    base = np.array([1.0, 1.0, 1.8342207138981412e-127, 2.2599346676536927e-298])
    actual = np.array([1.0, 1.0, 2.2599346676536927e-298, 2.2599346676536927e-298])

    shares = SLOPES[Form.PRODUCT](base, actual) * (actual - base)

    assert np.isfinite(shares).all()
    assert math.fsum(shares) == pytest.approx(0.0, abs=1e-300)
