"""Withheld groups cannot be told from what is shown, even by whoever knows every total."""

import random
from fractions import Fraction
from itertools import product

import pytest

from tiffin.engines.metrics.protection.suppression import moves_by_few, series_of, withheld

Key = tuple[str, ...]
Cells = dict[Key, int]


def totals(cells: Cells) -> list[list[tuple[str, ...]]]:
    """Sum over each dimension, and over all of them."""
    found: list[list[tuple[str, ...]]] = []
    for number in range(len(next(iter(cells)))):
        lines: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for key in cells:
            lines.setdefault((*key[:number], *key[number + 1 :]), []).append(key)
        found += lines.values()
    return [*found, list(cells)]


def can_be_told(wanted: dict[tuple[str, ...], int], equations: list[dict[tuple[str, ...], int]]) -> bool:
    """Tell by exact elimination whether a sum of unknowns follows from equations."""
    basis: list[tuple[tuple[str, ...], dict[tuple[str, ...], Fraction]]] = []

    def reduced(row: dict[tuple[str, ...], Fraction]) -> dict[tuple[str, ...], Fraction]:
        row = dict(row)
        for pivot, known in basis:
            factor = row.get(pivot, Fraction(0))
            if factor:
                for key, value in known.items():
                    row[key] = row.get(key, Fraction(0)) - factor * value
        return {key: value for key, value in row.items() if value}

    for equation in equations:
        row = reduced({key: Fraction(value) for key, value in equation.items()})
        if row:
            pivot = next(iter(row))
            basis.append((pivot, {key: value / row[pivot] for key, value in row.items()}))
    return not reduced({key: Fraction(value) for key, value in wanted.items()})


def attack(cells: Cells, hidden: set[tuple[str, ...]], least: int) -> None:
    """Fail where somebody who knows every total that is not small learns a withheld group, or a few together."""
    filled = {key: size for key, size in cells.items() if size}
    if hidden == filled.keys():
        return  # nothing is told
    known = [total for total in totals(filled) if len(total) > 1 and sum(filled[key] for key in total) >= least]
    equations = [{key: 1 for key in total if key in hidden} for total in known]
    equations = [equation for equation in equations if equation]
    for key in hidden:
        assert not can_be_told({key: 1}, equations), key
    for equation in equations:
        assert len(equation) > 1
        assert sum(filled[key] for key in equation) >= least
        few = {key: 1 for key in equation if filled[key] < least}
        if few and sum(filled[key] for key in few) < least:
            assert not can_be_told(few, equations)


def hide(cells: Cells, least: int) -> set[tuple[str, ...]]:
    keys = list(cells)
    return {keys[index] for index in withheld(keys, list(cells.values()), least)}


def test_nothing_is_withheld_where_no_group_is_small() -> None:
    assert withheld([("a",), ("b",)], [10, 12], 10) == frozenset()


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert hide({("a",): 50, ("b",): 3, ("c",): 40}, 10) == {("b",), ("c",)}


def test_small_groups_that_are_enough_together_take_none_with_them() -> None:
    assert hide({("a",): 50, ("b",): 6, ("c",): 7}, 10) == {("b",), ("c",)}


def test_small_groups_that_are_too_few_together_take_another_with_them() -> None:
    assert hide({("a",): 50, ("b",): 3, ("c",): 4, ("d",): 20}, 10) == {("b",), ("c",), ("d",)}


def test_an_empty_group_is_told() -> None:
    assert hide({("a",): 50, ("b",): 0, ("c",): 40}, 10) == set()


def test_the_only_group_is_withheld_alone() -> None:
    assert hide({("a",): 3}, 10) == {("a",)}
    assert hide({(): 3}, 10) == {()}


def test_a_dimension_that_follows_from_another_changes_nothing() -> None:
    cells: Cells = {("SA", "riyadh"): 50, ("SA", "jeddah"): 3, ("SA", "abha"): 40, ("KW", "kuwait"): 12}

    assert hide(cells, 10) == {("SA", "jeddah"), ("SA", "abha")}


def test_a_total_within_the_total_of_all_does_not_give_a_group_away() -> None:
    cells: Cells = {("riyadh", "SA"): 12, ("jeddah", "SA"): 5, ("muscat", "OM"): 17, ("doha", "QA"): 2}

    assert hide(cells, 10) == set(cells)


def test_rows_and_columns_that_pin_a_group_down_only_together_are_seen_through() -> None:
    """Each row and column has two gaps or none, and a bridge between two squares would still be told."""
    cells: Cells = {(row, column): 100 for row in "abcde" for column in "vwxyz"}
    squares = [("a", "v"), ("a", "w"), ("b", "v"), ("b", "w"), ("d", "y"), ("d", "z"), ("e", "y"), ("e", "z")]
    cells |= dict.fromkeys([*squares, ("b", "y")], 6)

    attack(cells, hide(cells, 10), 10)


@pytest.mark.parametrize("seed", range(60))
def test_no_withheld_group_follows_from_the_totals(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    shape = dice.choice([(6,), (4, 4), (3, 5), (2, 3, 3), (5, 2, 2)])
    keys = list(product(*(tuple("abcdef"[:length]) for length in shape)))
    sizes = dice.choice([[0, 2, 9, 15, 40], [3, 60, 80], [0, 0, 4, 12, 13], [1, 2, 200]])
    cells = {key: dice.choice(sizes) for key in keys if dice.random() < 0.85}
    if cells:
        least = dice.choice([5, 10])
        hidden = hide(cells, least)

        assert {key for key, size in cells.items() if 0 < size < least} <= hidden
        assert not {key for key, size in cells.items() if not size} & hidden
        attack(cells, hidden, least)


def test_the_same_table_hides_the_same_groups() -> None:
    dice = random.Random(7)  # noqa: S311 - not a secret
    cells: Cells = {key: dice.choice([0, 3, 30]) for key in product("abcde", "vwxyz")}

    assert hide(cells, 10) == hide(cells, 10)


@pytest.mark.parametrize(
    ("own", "window", "is_few"),
    [
        ([20, 20, 20, 20, 20], [40, 40, 40, 40, 40], False),
        ([20, 20, 0, 20, 20], [40, 40, 20, 20, 40], False),
        ([20, 20, 20, 20, 20], [40, 40, 57, 57, 40], True),
        ([20, 20, 20], [20, 23, 40], True),
        ([20, None, 20], [20, 20, 40], False),
    ],
)
def test_windows_that_differ_by_few_rows_are_seen(own: list[int], window: list[int], *, is_few: bool) -> None:
    assert moves_by_few(own, window, 10) is is_few


def test_a_series_has_the_periods_of_one_group_in_their_order() -> None:
    assert series_of([(3, "n"), (1, "s"), (1, "n"), (None, "n")], 0) == ((2, 0, 3), (1,))
