"""What the parts of a change add up to, and what published examples of decomposition give."""

import random
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.metrics.decomposition.aims import aimed_at
from tiffin.engines.metrics.decomposition.completeness import gaps_in
from tiffin.engines.metrics.decomposition.exact import Weighted, rate_and_mix, slopes_of_product
from tiffin.engines.metrics.decomposition.rounding import apportioned, quantum_for
from tiffin.engines.metrics.decomposition.splitting import Part, split_mean, split_sum, split_tree
from tiffin.engines.metrics.decomposition.trees import Branch, Fork, Tree
from tiffin.engines.metrics.definitions import Combination, Level, Wording
from tiffin.kernel.errors import InvalidData, WrongUse

WORDS = Wording({"en": "a tree"})
ADDS, SUBTRACTS, MULTIPLIES, DIVIDES = (
    Combination.ADDS,
    Combination.SUBTRACTS,
    Combination.MULTIPLIES,
    Combination.DIVIDES,
)


def a_tree(*forks: Fork) -> Tree:
    return Tree("a_tree", WORDS, WORDS, Level.TEAM, forks[0].metric, {fork.metric: fork for fork in forks})


def product_of(*names: str) -> Tree:
    return a_tree(Fork("whole", tuple(Branch(name, MULTIPLIES) for name in names)))


def contributions(base: list[float], actual: list[float]) -> list[float]:
    before, after = ([Fraction(str(value)) for value in side] for side in (base, actual))
    slopes = slopes_of_product(before, after)
    return [float(slope * (new - old)) for slope, old, new in zip(slopes, before, after, strict=True)]


# Das Gupta (1993), Standardization and Decomposition of Rates: A User's Manual, US Bureau of the Census, P23-186.
@pytest.mark.parametrize(
    ("base", "actual", "effects"),
    [
        # Example 2.1: mean earnings of black and white males, US 1980: mean earnings of those who earned, their share
        ([10930, 0.717892], [16591, 0.825974], [4369.913, 1487.262]),
        # Example 2.2: birth rates of Austria and Chile 1981, as product of three factors
        ([51.78746, 0.45919, 0.52638], [84.90502, 0.75756, 0.51065], [10.4340333, 10.5608476, -0.6670084]),
        # Example 2.3: non-marital births, US 1971 and 1979, four factors
        (
            [25.3, 0.214, 0.279, 0.949],
            [32.7, 0.290, 0.473, 0.986],
            [0.6889411, 0.8125381, 1.3829055, 0.1047547],
        ),
        # Example 2.4: fertility of South Korea in two years, five factors
        (
            [0.58, 0.76, 0.84, 0.66, 16.573],
            [0.72, 0.97, 0.97, 0.56, 16.158],
            [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187],
        ),
    ],
)
def test_published_products_split_as_published(base: list[float], actual: list[float], effects: list[float]) -> None:
    assert contributions(base, actual) == pytest.approx(effects, abs=6e-4 if base[0] > 1000 else 6e-8)


def test_a_published_difference_splits_as_published() -> None:
    # Das Gupta (1993), example 3.1: natural increase of the US 1940 and 1960, births less deaths
    tree = a_tree(Fork("increase", (Branch("births", ADDS), Branch("deaths", SUBTRACTS))))
    parts = split_tree(
        tree, {"increase": 8.6, "births": 19.4, "deaths": 10.8}, {"increase": 14.2, "births": 23.7, "deaths": 9.5}
    )
    assert [part.to_parent for part in parts[1:]] == [Decimal("4.3"), Decimal("1.3")]


def test_published_rates_split_into_rate_and_composition() -> None:
    # Das Gupta (1993), example 4.3, two of its seven age groups as rates with weights: the sums are Kitagawa's
    base = {"20-24": Weighted(Fraction(407), Fraction(41)), "25-29": Weighted(Fraction(369), Fraction(36))}
    actual = {"20-24": Weighted(Fraction(452), Fraction(38)), "25-29": Weighted(Fraction(338), Fraction(32))}
    effects = rate_and_mix(base, actual)
    rates = [Fraction(41, 77), Fraction(36, 77)], [Fraction(38, 70), Fraction(32, 70)]
    kitagawa_rate = sum((a + b) / 2 * d for a, b, d in zip(*rates, (45, -31), strict=True))
    kitagawa_mix = (rates[1][0] - rates[0][0]) * Fraction(407 + 452, 2) + (rates[1][1] - rates[0][1]) * Fraction(
        369 + 338, 2
    )
    assert sum(effect.rate for effect in effects.values()) == kitagawa_rate
    assert sum(effect.mix for effect in effects.values()) == kitagawa_mix


numbers = st.one_of(
    st.just(0.0),
    st.integers(-(10**7), 10**7).map(float),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6)),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6), st.sampled_from([frozenset(), frozenset({"whole"})])
)
def test_factors_add_up_to_the_change_of_their_product_to_the_last_digit(
    factors: list[tuple[float, float]], money: frozenset[str]
) -> None:
    names = [f"f{index}" for index in range(len(factors))]
    sides = [dict(zip(names, (pair[side] for pair in factors), strict=True)) for side in (0, 1)]
    for side in sides:
        whole = Fraction(1)
        for name in names:
            whole *= Fraction(repr(side[name]))
        side["whole"] = float(whole)
    parts = split_tree(product_of(*names), sides[0], sides[1], money=money)
    with localcontext(prec=400):
        assert sum(part.to_parent or 0 for part in parts[1:]) + parts[0].unexplained == parts[0].change


def test_every_level_of_a_random_tree_adds_up_to_the_one_above() -> None:
    dice = random.Random(7)  # noqa: S311 - not a secret
    for _ in range(300):
        forks: list[Fork] = []
        sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
        grow(dice, forks, sides, "root", depth=3)
        parts = split_tree(a_tree(*reversed(forks)), *sides)
        for index, part in enumerate(parts):
            below = children(parts, index)
            if below and part.to_root is not None:
                assert sum(one.to_parent or 0 for one in below) + part.unexplained == part.change
                assert not part.unexplained
                assert sum(one.to_root or 0 for one in below) == part.to_root
        assert sum(part.to_root or 0 for part in parts if part.is_leaf and part.depth) == parts[0].change


def grow(
    dice: random.Random, forks: list[Fork], sides: tuple[dict[str, float], dict[str, float]], name: str, *, depth: int
) -> None:
    """Make a random tree below a metric, its values from the leaves up; noughts and negatives occur in sums."""
    kind = dice.choice(["sum", "product"])
    branches = []
    for index in range(dice.randrange(1, 4)):
        below = f"{name}_{index}"
        if depth and dice.random() < 0.6:
            grow(dice, forks, sides, below, depth=depth - 1)
        else:
            for side in sides:
                side[below] = dice.choice([dice.randrange(-9, 30), round(dice.uniform(0.1, 2), 3), 1.0])
        can_divide = all(side[below] for side in sides)
        pick = (ADDS, SUBTRACTS) if kind == "sum" else (MULTIPLIES, DIVIDES if can_divide else MULTIPLIES)
        branches.append(Branch(below, dice.choice(pick)))
    fork = Fork(name, tuple(branches), Fraction(dice.randrange(2)) if kind == "sum" else Fraction(0))
    forks.append(fork)
    for side in sides:
        found = Fraction(1) if fork.is_product else fork.constant
        for branch in branches:
            value = Fraction(repr(float(side[branch.metric])))
            if branch.combination is ADDS:
                found += value
            elif branch.combination is SUBTRACTS:
                found -= value
            else:
                found *= value if branch.combination is MULTIPLIES else 1 / value
        side[name] = float(found)


def children(parts: tuple[Part, ...], index: int) -> list[Part]:
    found = []
    for part in parts[index + 1 :]:
        if part.depth <= parts[index].depth:
            break
        if part.depth == parts[index].depth + 1:
            found.append(part)
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("abcdefg"),
        st.tuples(st.tuples(numbers, st.integers(0, 500)), st.tuples(numbers, st.integers(0, 500))),
        min_size=1,
    )
)
def test_rate_and_mix_of_all_groups_add_up_to_the_change_of_the_mean(
    groups: dict[str, tuple[tuple[float, int], tuple[float, int]]],
) -> None:
    sides = [{name: (pair[side][0], float(pair[side][1])) for name, pair in groups.items()} for side in (0, 1)]
    weights = [sum(weight for _, weight in side.values()) for side in sides]
    if not all(weights):
        with pytest.raises(InvalidData):
            split_mean(sides[0], sides[1], whole=(0.0, 0.0), is_money=False)
        return
    whole = [
        float(sum(Fraction(repr(rate)) * Fraction(weight) for rate, weight in side.values()) / Fraction(total))
        for side, total in zip(sides, weights, strict=True)
    ]
    split = split_mean(sides[0], sides[1], whole=(whole[0], whole[1]), is_money=False)
    assert sum(group.total for group in split.groups) + split.unexplained == split.change
    assert all(group.rate is not None and group.mix is not None for group in split.groups)
    assert all(group.rate + group.mix == group.total for group in split.groups)  # type: ignore[operator] # just told


def test_exchanging_both_sides_turns_every_contribution_round() -> None:
    forward, backward = contributions([2, 5, 0], [3, -1, 4]), contributions([3, -1, 4], [2, 5, 0])
    assert forward == [-value for value in backward]


def test_a_group_that_appears_counts_as_mix_alone() -> None:
    split = split_mean(
        {"old": (0.5, 100.0)}, {"old": (0.5, 100.0), "new": (0.9, 100.0)}, whole=(0.5, 0.7), is_money=False
    )
    assert [(group.rate, group.total) for group in split.groups] == [(0, Decimal("0.05")), (0, Decimal("0.15"))]


def test_groups_of_a_sum_contribute_their_differences_in_whole_minor_units() -> None:
    split = split_sum({"a": 100.0, "b": 250.0}, {"b": 301.0, "c": 7.0}, whole=(350.0, 308.0), is_money=True)
    assert {group.group: group.total for group in split.groups} == {"a": -100, "b": 51, "c": 7}
    assert (split.change, split.unexplained) == (-42, 0)


def test_what_the_parts_do_not_give_is_told_and_never_hidden() -> None:
    tree = a_tree(Fork("whole", (Branch("a", ADDS), Branch("b", ADDS))))
    parts = split_tree(tree, {"whole": 10, "a": 4, "b": 6}, {"whole": 15, "a": 5, "b": 7})
    assert parts[0].unexplained == 3
    assert [part.to_root for part in parts[1:]] == [1, 1]
    groups = split_sum({"a": 4.0}, {"a": 5.0}, whole=(10.0, 15.0), is_money=False)
    assert (groups.groups[0].total, groups.unexplained) == (1, 4)


def test_an_unknown_part_ends_the_split_above_it_and_no_other() -> None:
    tree = a_tree(
        Fork("margin", (Branch("value", ADDS), Branch("cost", SUBTRACTS))),
        Fork("value", (Branch("orders", MULTIPLIES), Branch("mean", MULTIPLIES))),
    )
    base = {"margin": None, "value": 20, "cost": None, "orders": 4, "mean": 5}
    actual = {"margin": None, "value": 30, "cost": None, "orders": 5, "mean": 6}
    told = {part.metric: (part.to_parent, part.to_root) for part in split_tree(tree, base, actual)}
    assert told["value"] == (None, None)
    assert told["orders"] == (Decimal("5.5"), None)
    assert told["mean"] == (Decimal("4.5"), None)


def test_a_metric_without_parts_is_told_alone() -> None:
    parts = split_tree(a_tree(Fork("whole", ())), {"whole": 3}, {"whole": 4})
    assert [(part.metric, part.change, part.is_leaf) for part in parts] == [("whole", 1, True)]
    assert apportioned([], Decimal(0), Decimal(1)) == ()
    assert not split_sum({}, {}, whole=(0.0, 0.0), is_money=False).groups


def test_a_part_of_nought_divides_nothing() -> None:
    tree = a_tree(Fork("pace", (Branch("orders", MULTIPLIES), Branch("hours", DIVIDES))))
    parts = split_tree(tree, {"pace": None, "orders": 3, "hours": 0}, {"pace": 2, "orders": 4, "hours": 2})
    assert [part.to_root for part in parts] == [None, None, None]


def test_more_than_eight_factors_are_refused() -> None:
    with pytest.raises(WrongUse, match="at most 8 factors"):
        slopes_of_product([Fraction(1)] * 9, [Fraction(2)] * 9)


def test_targets_move_everything_above_them_and_nothing_beside() -> None:
    tree = a_tree(
        Fork("on_time", (Branch("delivered", MULTIPLIES), Branch("share", MULTIPLIES))),
        Fork("delivered", (Branch("orders", MULTIPLIES), Branch("completion", MULTIPLIES))),
    )
    actual = {"on_time": 54, "delivered": 90, "share": 0.6, "orders": 100, "completion": 0.9}
    assert aimed_at(tree, actual, {"completion": 0.95, "share": 0.8}) == {
        "on_time": 76.0,
        "delivered": 95.0,
        "share": 0.8,
        "orders": 100.0,
        "completion": 0.95,
    }


def test_a_tree_is_complete_where_its_parts_give_the_number() -> None:
    tree = a_tree(Fork("whole", (Branch("a", ADDS), Branch("b", SUBTRACTS)), Fraction(1)))
    assert list(gaps_in(tree, {"whole": 0.9, "a": 0.2, "b": 0.3})) == []
    assert [(gap.metric, gap.given) for gap in gaps_in(tree, {"whole": 0.8, "a": 0.2, "b": 0.3})] == [("whole", 0.9)]
    assert [gap.given for gap in gaps_in(tree, {"whole": 0.8, "a": None, "b": 0.3})] == [None]
    assert list(gaps_in(tree, {"whole": 0, "a": None, "b": 0.3})) == []


def test_steps_are_as_fine_as_a_double_can_carry() -> None:
    assert quantum_for([1250, None], is_money=True) == 1
    assert quantum_for([1250.5], is_money=True) == Decimal("1E-10")
    assert quantum_for([]) == Decimal("1E-12")
    assert quantum_for([1e300]) == 1
