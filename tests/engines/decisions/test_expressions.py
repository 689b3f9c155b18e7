"""FEEL's expressions come to the values that the standard says."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.engines.decisions.conftest import Feel

from tiffin.engines.decisions.feel.faults import NotFeel

CASES = {
    "numbers": """
        1/3 = 0.3333333333333333333333333333333333 -> true
        0.1 + 0.2 -> 0.3
        10/4 -> 2.5
        -2**2 -> 4
        2**3**2 -> 64
        0**0 -> 1
        1/0 -> null
        10**6145 -> null
        1.5e3 -> 1500
        decimal(2.5, 0) -> 2
        decimal(0.125, 2) -> 0.12
        floor(-1.56, 1) -> -1.6
        ceiling(1.2) -> 2
        round up(-5.5, 0) -> -6
        round half up(5.5, 0) -> 6
        round down(5.5, 6177) -> null
        modulo(-10.1, 4.5) -> 3.4
        modulo(1, 0) -> null
        sqrt(16) -> 4
        log(0) -> null
        exp(1000000) -> null
        odd(1.5) -> false
        abs(-@"P1D") -> P1D
        number("1 000,5", " ", ",") -> 1000.5
        number("1,0", ",", ",") -> null""",
    "three-valued logic": """
        true and null -> null
        false and null -> false
        null or true -> true
        null or false -> null
        true and "a" -> null
        not(null) -> null
        all([true, null]) -> null
        all([]) -> true
        any([null, true]) -> true
        some x in [null, 1] satisfies x > 2 -> null
        every x in [1, null] satisfies x > 2 -> false
        every x in [] satisfies x -> true
        null = null -> true
        1 = "a" -> null
        null < 1 -> null
        if null then 1 else 2 -> 2""",
    "texts": r"""
        "a" + "b" -> "ab"
        string length("\U01F40E") -> 1
        "\ud83d\udca9" = "\U01F4A9" -> true
        substring("foobar", -2, 1) -> "a"
        substring("foobar", 7) -> null
        substring before("abc", "x") -> ""
        substring after("abc", "") -> "abc"
        split("a;b;;", ";") -> ["a", "b", "", ""]
        string join(["a", null, "b"], "-") -> "a-b"
        string([1.10, "a", null]) -> "[1.1, \"a\", null]"
        string({a: @"P1Y2M", b: [1..2)}) -> "{a: P1Y2M, b: [1..2)}"
        string(null) -> null
        upper case("aß") -> "ASS"
        lower case("ABC") -> "abc"
        ends with("abc", "c") -> true
        ends with("abc", "c") and string((< 3)) = "< 3" -> true""",
    "lists": """
        [1, 2, 3][-1] -> 3
        [1, 2, 3][4] -> null
        [1, 2, 3][0] -> null
        [][1] -> null
        5[1] -> 5
        [1, 2, 3][item > 1] -> [2, 3]
        [1, 2, 3]["a"] -> null
        [{x: 1}, {y: 2}].x -> [1, null]
        [{x: 1}, {x: null}][x = 1] -> [{x: 1}]
        sublist([1, 2, 3], -2, 1) -> [2]
        sublist([1, 2, 3], 3, 2) -> null
        append(1, 2, null) -> [1, 2, null]
        concatenate([1], 2, [3]) -> [1, 2, 3]
        concatenate([1], null) -> null
        concatenate() -> null
        append(list: [1], item: 2) -> [1, 2]
        append(items: [1], item: 2) -> null
        insert before([1, 3], 2, 2) -> [1, 2, 3]
        remove([1, 2], 3) -> null
        list replace([1, 2], -1, 9) -> [1, 9]
        list replace([1, 5], function(item, newItem) item < newItem, 3) -> [3, 5]
        list replace([1], function(item, newItem) 1, 3) -> null
        union([1, 2], [2]) -> [1, 2]
        distinct values([1, 1.0, "1", null, null]) -> [1, "1", null]
        flatten([1, [2, [3]]]) -> [1, 2, 3]
        index of([1, null, 1], null) -> [2]
        list contains([1, "a"], "a") -> true
        reverse([1, 2]) -> [2, 1]
        sort([3, 1, 2], function(a, b) a > b) -> [3, 2, 1]
        sort([3, 1], function(a, b) 1) -> null
        min("b", "a") -> "a"
        max([1, "a"]) -> null
        max([]) -> null
        sum([]) -> null
        mean(1, 2, 6) -> 3
        median([4, 1, 3, 2]) -> 2.5
        mode([1, 2, 2, 1]) -> [1, 2]
        stddev([2, 4, 7, 5]) > 2.0816 -> true
        stddev([1]) -> null
        product([2, 3]) -> 6
        count([null]) -> 1
        count(null) -> null""",
    "loops": """
        for i in 1..3 return i * 2 -> [2, 4, 6]
        for i in 3..1 return i -> [3, 2, 1]
        for i in (1..3] return i -> [2, 3]
        for i in @"2021-02-28"..@"2021-03-01" return i -> [2021-02-28, 2021-03-01]
        for i in 0..4 return if i = 0 then 1 else i * partial[-1] -> [1, 1, 2, 6, 24]
        for x in [1, 2], y in [x, 9] return x * y -> [1, 9, 4, 18]
        for x in null return x -> null
        for x in 1.5..2 return x -> null
        some x in [1, 2], y in [3] satisfies x + y = 5 -> true""",
    "contexts": """
        {first name: "a", b: first name + "!"}.b -> "a!"
        {"any key": 1}.any key -> 1
        {a: 1} = {"a": 1.0} -> true
        {a: 1}.b -> null
        {f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r -> 120
        {f: function(n) if n <= 1 then 1 else n + f(n - 1), r: f(60)}.r -> 1830
        get value({a: 1}, "b") -> null
        get entries({a: 1}) -> [{key: "a", value: 1}]
        context([{key: "a", value: 1}, {key: "a", value: 2}]) -> null
        context put({a: {b: 1}}, ["a", "c"], 2) -> {a: {b: 1, c: 2}}
        context put({a: 1}, ["a", "c"], 2) -> null
        context merge([{a: 1}, {a: 2, b: 3}]) -> {a: 2, b: 3}""",
    "ranges": """
        5 in [1..5) -> false
        5 in ]1..5] -> true
        5 in (null..10] -> null
        1 in (< 2, 7) -> true
        1 in [[2..3], [0..1]] -> true
        null in [1..2] -> null
        [3..1] -> null
        [1..10[.end included -> false
        (< 10).end -> 10
        (= 10) = [10..10] -> false
        range("[1..3)") = [1..3) -> true
        range("[1..x]") -> null
        range("[3..1]") -> null
        range("1..2]") -> null
        2 between 1 and 3 -> true
        before([1..5), 5) -> true
        overlaps([1..5], [5..8]) -> true
        overlaps before([1..5], [3..8]) -> true
        overlaps after([3..8], [1..5]) -> true
        during(5, [1..5)) -> false
        includes([1..10], [2..10)) -> true
        meets([1..5], [5..10]) -> true
        met by([5..10], [1..5)) -> false
        starts([1..5], [1..10]) -> true
        started by([1..10], 1) -> true
        finishes(10, [1..10]) -> true
        finished by([1..10], (5..10]) -> true
        coincides([1..2], [1..2)) -> false
        after(3, [1..2]) -> true""",
    "functions": """
        (function(x: number) x + 1)([2]) -> 3
        (function(x: number) x + 1)("a") -> null
        (function(a, b) a - b)(b: 1, a: 3) -> 2
        (function(a) a)() -> null
        abs(n: -1) -> 1
        abs(number: -1) -> null
        unheard of(1) -> !
        nothing(1) -> null
        function(a) external {java: {class: "c", `m`: 1}} -> !
        (function(a) external {java: 1})(1) -> null
        is(@"10:00:00Z", @"10:00:00+00:00") -> true
        is(1, "1") -> false""",
    "types": """
        [1, "a"] instance of list<number> -> false
        [1, 2] instance of list<number> -> true
        {a: null} instance of context<a: string> -> true
        {} instance of context<a: string> -> false
        null instance of Any -> false
        [1..2] instance of range<number> -> true
        @"P1D" instance of days and time duration -> true
        (function(x: number) x) instance of function<number> -> Any -> true
        (function(x: number) x) instance of function<string> -> Any -> false
        1 instance of nothing -> null
        abs instance of function<number> -> Any -> true
        {f: [1]}.f instance of context<> -> false
        [[1], null] instance of list<list<number>> -> true""",
}


def lines() -> list[tuple[str, str]]:
    found = [line.strip() for block in CASES.values() for line in block.strip().splitlines()]
    return [(line.rpartition(" -> ")[0], line.rpartition(" -> ")[2]) for line in found]


def test_every_expression_comes_to_its_value(feel: Feel) -> None:
    wrong = {}
    for text, expected in lines():
        try:
            found = feel(text)
        except NotFeel:
            found = "!"
        if found != expected:
            wrong[text] = found

    assert not wrong


def test_names_may_hold_spaces_signs_and_words_of_the_language(feel: Feel) -> None:
    seven = {"Years of Service": Decimal(7), "a-b": Decimal(1), "if not": Decimal(2)}

    assert feel("Years of Service + a-b * if not", **seven) == "9"


def test_the_longest_name_in_scope_is_meant(feel: Feel) -> None:
    assert feel("a-b", **{"a": Decimal(5), "b": Decimal(3), "a-b": Decimal(1)}) == "1"
    assert feel("a -c", a=Decimal(5), c=Decimal(3)) == "2"


def test_comments_are_skipped(feel: Feel) -> None:
    assert feel("1 /* one\n*/ + 1 // two") == "2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if true then 1", "line 1, column 15"),
        ("1 +\n  ]", "line 2, column 4"),
        ('"open', "line 1, column 1"),
        ("[1, 2", "line 1, column 6"),
        ("{a: 1, a: 2}", "line 1, column 8"),
        ("for x in [1] x", "line 1, column 14"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(feel: Feel, text: str, expected: str) -> None:
    with pytest.raises(NotFeel, match=expected):
        feel(text)


def test_what_comes_to_null_is_noted_where_it_does(notes: Callable[[str], list[str]]) -> None:
    assert notes('1 + sum([2, "a"])') == [
        'sum([2, "a"]): Numbers were expected; found a string.',
        '1 + sum([2, "a"]): There is no number + null.',
    ]
