"""The parts of inputs: no cell tells the values of one part apart, and masks say what the interpreter says."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.decisions.dmn.compiling import CompiledTable
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf, rows_that_hold
from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.comparing import compared, same
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_tests
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Constant, Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.grids.axes import Atom, Nothing, Other, Point
from tiffin.engines.decisions.grids.grid import grid_of, grids_of
from tiffin.engines.decisions.policy import Domain, PolicyTable

CELLS = {
    Kind.NUMBER: (
        *("-", "3", "not(3)", "> 2", "<= 2", "(1..3]", "not(> 2)", "1, 4", "[1, 4]", "null", "not(null)", "!= 3"),
        *("2.5", "< 2.5", ">= limit", "[limit..9)"),
    ),
    Kind.STRING: ("-", '"a"', '"a", "b"', 'not("a")', "null", '= "c"', '!= "b"', 'not("a", null)'),
    Kind.BOOLEAN: ("-", "true", "false", "not(true)", "null"),
    Kind.DATE: (
        "-",
        '@"2021-01-01"',
        '>= date("2021-01-01")',
        'not(< @"2021-03-01")',
        '[@"2020-02-28"..@"2020-03-01"]',
    ),
    Kind.TIME: ("-", '< @"06:00:00"', '[@"00:00:00"..@"23:59:59"]', '> @"22:00:00"'),
    Kind.DATE_TIME: ("-", '< @"2021-01-01T06:00:00"'),
    Kind.DAYS: ("-", '> @"P1DT2H"', 'not(@"PT5M")'),
    Kind.YEARS: ("-", '>= @"P1Y"', '(@"P1Y"..@"P1Y2M")'),
}
VALUES = {
    Kind.NUMBER: st.sampled_from([Decimal(one) for one in ("-7", "0", "1", "1.5", "2", "2.5", "3", "4", "8.9", "9")]),
    Kind.STRING: st.sampled_from(["a", "b", "c", "d", ""]),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.builds(Date, st.sampled_from([2020, 2021]), st.sampled_from([1, 2, 3]), st.sampled_from([1, 27, 28])),
    Kind.TIME: st.builds(
        Time, st.sampled_from([0, 5, 6, 22, 23]), st.sampled_from([0, 59]), st.sampled_from([0, 1, 59])
    ),
    Kind.DATE_TIME: st.builds(
        DateTime, st.just(Date(2021, 1, 1)), st.builds(Time, st.sampled_from([5, 6, 7]), st.just(0), st.just(0))
    ),
    Kind.DAYS: st.builds(Days, st.sampled_from([0, 300 * 10**9, 93_600 * 10**9, 10**15])),
    Kind.YEARS: st.builds(Years, st.integers(-1, 15)),
}
LIMIT = {"limit": Decimal(4)}
NAMES = Names().with_variables((*BUILT_INS, "limit"))


def policy(kind: Kind, cells: list[str], **known: object) -> PolicyTable:
    """Make a table of one input whose rows say their own number."""
    rows = tuple(
        Row((parse_tests(cell, NAMES),), (Constant(Decimal(number)),), (f"row {number}",))
        for number, cell in enumerate(cells)
    )
    allowed = known.pop("allowed", None)
    column = InputColumn(Name("x"), parse_tests(str(allowed), NAMES) if allowed else None)
    table = TableOf((column,), (OutputColumn("o"),), rows, HitPolicy.FIRST)
    return PolicyTable("p", table, (Domain("x", kind, **known),), LIMIT)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(CELLS))
@settings(max_examples=60, deadline=None)
@given(drawn=st.data())
def test_each_value_lies_in_one_part_and_passes_the_cells_that_its_part_passes(
    kind: Kind, drawn: st.DataObject
) -> None:
    cells = drawn.draw(st.lists(st.sampled_from(CELLS[kind]), min_size=1, max_size=5))
    value = drawn.draw(VALUES[kind] | st.none())
    grid = grid_of(policy(kind, cells))
    named = [one.value for one in grid.axes[0].atoms if isinstance(one, Point)]
    homes = [number for number, atom in enumerate(grid.axes[0].atoms) if holds(atom, value, named)]

    assert len(homes) == 1
    for row, mask in zip(grid.policy.table.rows, grid.cells, strict=True):
        passed = Run().evaluate(row.tests[0], Scope({**LIMIT, "?": value})) is True if row.tests[0].tests else True
        assert passed == bool(mask[0] >> homes[0] & 1)


def holds(atom: Atom, value: Value, named: list[Value]) -> bool:
    """Tell whether a value is of a part, by the part's own words."""
    if value is None or isinstance(atom, Nothing):
        return value is None and isinstance(atom, Nothing)
    if isinstance(atom, Point):
        return same(atom.value, value)
    if isinstance(atom, Other):
        return value not in named
    above = atom.low is None or compared(">", value, atom.low)
    return above and (atom.high is None or compared("<", value, atom.high))


@pytest.mark.parametrize("kind", list(CELLS))
def test_the_sample_of_each_part_lies_in_it(kind: Kind) -> None:
    axis = grid_of(policy(kind, list(CELLS[kind]))).axes[0]
    named = [one.value for one in axis.atoms if isinstance(one, Point)]

    for atom in axis.atoms:
        assert [one for one in axis.atoms if holds(one, atom.sample(), named)] == [atom]


def test_whole_numbers_have_no_part_between_neighbours() -> None:
    axis = grid_of(policy(Kind.NUMBER, ["3", "4", "4.5", "< 5"], whole=True)).axes[0]

    assert [one.sample() for one in axis.atoms] == [None, 2, 3, 4, 5, 6]


def test_only_allowed_values_occur_and_null_unless_it_may_not() -> None:
    free = grid_of(policy(Kind.STRING, ['"a"'], allowed='"a", "b"')).axes[0]
    bound = grid_of(policy(Kind.STRING, ['"a"'], allowed='"a", "b"', required=True)).axes[0]

    assert [one.sample() for one in free.parts(free.inside)] == [None, "a", "b"]
    assert [one.sample() for one in bound.parts(bound.inside)] == ["a", "b"]


def test_versions_share_their_parts() -> None:
    old, new = grids_of(policy(Kind.NUMBER, ["> 3"], whole=True), policy(Kind.NUMBER, ["> 4"], whole=True))

    assert old.axes is new.axes
    assert [one.sample() for one in old.axes[0].parts(old.cells[0][0] & ~new.cells[0][0])] == [4]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.ANY, '> "a"'),
        (Kind.STRING, "3"),
        (Kind.NUMBER, "abs(?) > 3"),
        (Kind.NUMBER, "> other"),
        (Kind.TIME, '> @"06:00:00+02:00"'),
    ],
)
def test_cells_that_cannot_be_cut_are_refused_with_the_reason(kind: Kind, cell: str) -> None:
    with pytest.raises(NotPlain, match=r"interpreter|types"):
        grid_of(policy(kind, [cell]))


@pytest.mark.parametrize("hit_policy", [HitPolicy.UNIQUE, HitPolicy.FIRST])
@settings(max_examples=60, deadline=None)
@given(drawn=st.data())
def test_rows_of_the_highest_tier_decide_compiled_as_interpreted(hit_policy: HitPolicy, drawn: st.DataObject) -> None:
    cells = drawn.draw(st.lists(st.sampled_from(CELLS[Kind.NUMBER]), min_size=1, max_size=6))
    tiers = tuple(drawn.draw(st.lists(st.integers(0, 2), min_size=len(cells), max_size=len(cells))))
    plain = policy(Kind.NUMBER, cells).table
    table = replace(plain, tiers=tiers, hit_policy=hit_policy)
    compiled = CompiledTable(table, LIMIT)
    for value in (None, *(Decimal(one) for one in ("1", "2", "2.5", "3", "4", "7"))):
        scope = Scope({**LIMIT, "x": value})
        held = [
            number
            for number, row in enumerate(table.rows)
            if rows_that_hold(replace(plain, rows=(row,)), [value], scope, Run())
        ]
        best = [number for number in held if tiers[number] == max(tiers[one] for one in held)]
        only = best[:1] if hit_policy is HitPolicy.FIRST or len(best) == 1 else []

        assert Run().evaluate(table, scope) == (Decimal(only[0]) if only else None)
        assert compiled.decide([value], [None]).value == (Decimal(only[0]) if only else None)
